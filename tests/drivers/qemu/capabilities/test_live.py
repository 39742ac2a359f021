# SPDX-License-Identifier: LGPL-2.1-or-later
"""Probing the QEMU that is installed."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from covirt.drivers.qemu.capabilities import EmulatorCapabilities, from_xml, to_xml
from covirt.drivers.qemu.capabilities.cache import EmulatorCache
from covirt.drivers.qemu.capabilities.host_state import HostState, read_host_state
from covirt.drivers.qemu.capabilities.launch import probe_binary
from covirt.errors import InternalError
from covirt.host.kvm import Kvm
from covirt.host.node import Node
from covirt.runtime.process import Supervisor
from covirt.runtime.store import Store

QEMU = shutil.which("qemu-system-x86_64")
pytestmark = [pytest.mark.live, pytest.mark.skipif(QEMU is None, reason="qemu-system-x86_64 is not installed")]


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    made = Supervisor(spares=0)
    yield made
    await made.close()


async def test_installed_qemu_tells_its_capabilities(supervisor: Supervisor) -> None:
    caps = await probe_binary(supervisor, str(QEMU))
    assert caps.arch == "x86_64"
    assert caps.has("tcg", "virtio-scsi-pci", "pcie-root-port", "seccomp-sandbox")
    assert caps.machine_default_cpu("qemu", caps.canonical_machine("qemu", "pc")) == "qemu64"
    assert caps.preferred_machine("qemu") == caps.canonical_machine("qemu", "pc")
    assert from_xml(to_xml(caps)) == caps


async def test_program_that_is_not_qemu_is_told(supervisor: Supervisor) -> None:
    with pytest.raises(InternalError, match="Failed to start QEMU binary /bin/false for probing: unknown error"):
        await probe_binary(supervisor, "/bin/false")


async def test_kept_capabilities_are_used_again(supervisor: Supervisor, tmp_path: Path) -> None:
    probed: list[str] = []

    async def probe(binary: str) -> EmulatorCapabilities:
        probed.append(binary)
        return await probe_binary(supervisor, binary)

    def host() -> HostState:
        return read_host_state(Node(), Kvm(), 0, ())

    store = Store(tmp_path / "capabilities")
    await store.open()
    first = await EmulatorCache(store, probe, host).get(str(QEMU))
    again = EmulatorCache(store, probe, host)
    start = time.perf_counter()
    assert await again.get(str(QEMU)) == first
    assert time.perf_counter() - start < 1
    assert probed == [QEMU]
