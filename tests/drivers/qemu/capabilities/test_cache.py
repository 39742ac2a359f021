# SPDX-License-Identifier: LGPL-2.1-or-later
"""When kept capabilities are good enough, and when QEMU is asked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.cache import EmulatorCache
from covirt.drivers.qemu.capabilities.host_state import HostState
from covirt.errors import InternalError, SystemCallFailed
from covirt.runtime.store import Store

HOST = HostState(arch="x86_64", kvm_usable=True, microcode=7, cpu_signature="this one", kernel="6.1")
KVM = frozenset({"kvm", "tcg"})


class Bench:
    """A cache with a binary, a host that can change, and a count of probes."""

    def __init__(self, directory: Path) -> None:
        self.binary = directory / "qemu-system-x86_64"
        self.binary.write_text("#!/bin/false\n")
        self.binary.chmod(0o755)
        self.host = HOST
        self.flags = KVM
        self.probes = 0
        self.store = Store(directory / "capabilities")
        self.modules = directory / "modules"

    async def probe(self, binary: str) -> EmulatorCapabilities:
        self.probes += 1
        return EmulatorCapabilities(binary=binary, arch="x86_64", version=8_002_000, flags=self.flags)

    def cache(self) -> EmulatorCache:
        return EmulatorCache(self.store, self.probe, lambda: self.host, modules=self.modules)


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path)
    await made.store.open()
    return made


async def test_binary_is_asked_once_for_all_caches(bench: Bench) -> None:
    first = bench.cache()
    found = await first.get(str(bench.binary))
    assert await first.get(str(bench.binary)) is found
    assert await bench.cache().get(str(bench.binary)) == found
    assert bench.probes == 1
    assert found.stamp.kernel == "6.1"


def _without_kvm(bench: Bench) -> None:
    bench.host = replace(HOST, kvm_usable=False)


def _other_kernel(bench: Bench) -> None:
    bench.host = replace(HOST, kernel="6.2")


def _other_microcode(bench: Bench) -> None:
    bench.host = replace(HOST, microcode=8)


def _nesting(bench: Bench) -> None:
    bench.host = replace(HOST, kvm_nesting=True)


def _more_modules(bench: Bench) -> None:
    bench.modules.mkdir()


def _damaged_file(bench: Bench) -> None:
    for path in bench.store.path("x").parent.glob("*.xml"):
        path.write_text("<qemuCaps>")


@pytest.mark.parametrize(
    "change", [_without_kvm, _other_kernel, _other_microcode, _nesting, _more_modules, _damaged_file]
)
async def test_change_makes_it_ask_again(bench: Bench, change: Callable[[Bench], None]) -> None:
    await bench.cache().get(str(bench.binary))
    change(bench)
    await bench.cache().get(str(bench.binary))
    assert bench.probes == 2


async def test_foreign_architecture_does_not_depend_on_kvm(bench: Bench) -> None:
    bench.host, bench.flags = replace(HOST, arch="aarch64"), frozenset({"tcg"})
    await bench.cache().get(str(bench.binary))
    bench.host = replace(bench.host, kernel="6.2", kvm_usable=False)
    await bench.cache().get(str(bench.binary))
    assert bench.probes == 1


async def test_missing_binary_is_told(bench: Bench) -> None:
    bench.binary.unlink()
    with pytest.raises(SystemCallFailed, match="Cannot check QEMU binary"):
        await bench.cache().get(str(bench.binary))


async def test_failed_probe_is_told_each_time(bench: Bench) -> None:
    async def fail(binary: str) -> EmulatorCapabilities:
        bench.probes += 1
        raise InternalError("no")

    cache = EmulatorCache(bench.store, fail, lambda: HOST, modules=bench.modules)
    for _ in range(2):
        with pytest.raises(InternalError):
            await cache.get(str(bench.binary))
    assert bench.probes == 2
