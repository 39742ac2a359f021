# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a check looks at: the guest, and the emulator, settings and host that it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.domain_caps import HostSupport, offers
from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.machine import Machine, machine_of
from covirt.drivers.qemu.settings import QemuSettings
from covirt.errors import ConfigUnsupported
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.memory_backing import MemoryAccess


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One guest with one emulator on one host."""

    guest: DomainDefinition
    machine: Machine
    caps: EmulatorCapabilities
    settings: QemuSettings
    host: HostSupport

    @classmethod
    def of(cls, guest: DomainDefinition, about: Circumstances) -> Self:
        """The situation of a guest in the circumstances of its reading."""
        host = about.host or HostSupport(arch=about.host_arch)
        return cls(guest=guest, machine=machine_of(guest), caps=about.caps, settings=about.settings, host=host)

    def need(self, flag: str, message: str) -> None:
        """Refuse with the message unless the emulator has the capability."""
        if flag not in self.caps:
            raise ConfigUnsupported(message)

    def offers(self, part: str, attribute: str, value: str) -> bool:
        """Whether the domain capabilities have this value."""
        return offers(self.caps, self.machine, self.host, part, attribute, value)

    def need_shared_memory(self, name: str) -> None:
        """Another program works in the guest's memory, so that all of it must be shared."""
        default = self.guest.memory_backing.access
        cells = self.guest.numa_cells
        modes = [cell.access or default for cell in cells] if cells else [default]
        if any(mode is not MemoryAccess.SHARED for mode in modes):
            raise ConfigUnsupported(f"'{name}' requires shared memory")
