# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which binaries are found for which guests."""

from __future__ import annotations

from pathlib import Path

import pytest

from covirt.drivers.qemu.capabilities import Acceleration, EmulatorCapabilities, MachineType
from covirt.drivers.qemu.capabilities.cache import EmulatorCache
from covirt.drivers.qemu.capabilities.catalogue import Catalogue
from covirt.drivers.qemu.capabilities.host_state import HostState
from covirt.errors import InternalError
from covirt.runtime.store import Store


@pytest.fixture
async def catalogue(tmp_path: Path) -> Catalogue:
    for name in ("qemu-system-x86_64", "qemu-system-arm", "qemu-system-sparc"):
        (tmp_path / name).touch(mode=0o755)

    async def probe(binary: str) -> EmulatorCapabilities:
        if binary.endswith("sparc"):
            raise InternalError("broken")
        machines = (
            MachineType(name="pc-i440fx-8.2", alias="pc", max_cpus=255),
            MachineType(name="isapc", max_cpus=1, deprecated=True),
        )
        tcg = Acceleration(machines=machines)
        return EmulatorCapabilities(binary=binary, arch="x86_64", flags=frozenset({"tcg"}), tcg=tcg)

    def find(name: str) -> str | None:
        path = tmp_path / name
        return str(path) if path.exists() else None

    store = Store(tmp_path / "capabilities")
    await store.open()
    cache = EmulatorCache(store, probe, lambda: HostState(arch="x86_64"), modules=tmp_path / "modules")
    return Catalogue(cache, "x86_64", find)


async def test_guests_are_those_that_working_binaries_run(catalogue: Catalogue) -> None:
    guests = await catalogue.guests()
    assert [guest.arch.name for guest in guests] == ["armv6l", "armv7l", "i686", "x86_64"]
    assert str(guests[2].arch.emulator).endswith("qemu-system-x86_64")


async def test_alias_is_preceded_by_the_machine_it_stands_for(catalogue: Catalogue) -> None:
    guest = (await catalogue.guests())[-1]
    told = [(machine.name, machine.canonical, machine.deprecated) for machine in guest.arch.machines]
    assert told == [("pc-i440fx-8.2", None, False), ("pc", "pc-i440fx-8.2", False), ("isapc", None, True)]
    assert [domain.type for domain in guest.arch.domains] == ["qemu"]


async def test_broken_binary_has_no_capabilities(catalogue: Catalogue) -> None:
    assert await catalogue.emulator("sparc") is None
    assert await catalogue.emulator("mips") is None
