# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU's part in completing a definition, in libvirt's order."""

from __future__ import annotations

from collections.abc import Callable

from covirt.drivers.qemu import addresses
from covirt.drivers.qemu.defaults import audio, builtin, devices, displays, features, memory, processor
from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.machine import machine_of
from covirt.errors import InvalidArg
from covirt.model.domain.complete import Hooks
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import Device

ChooseFirmware = Callable[[DomainDefinition, Circumstances], None]


class QemuCompletion(Hooks):
    """Fills in what this QEMU takes for granted."""

    def __init__(self, about: Circumstances, host: addresses.HostPci, choose_firmware: ChooseFirmware) -> None:
        self.about = about
        self._host = host
        self._choose_firmware = choose_firmware

    def basic(self, guest: DomainDefinition) -> None:
        """The emulator for the guest's architecture."""
        if guest.devices.emulator is None:
            guest.devices.emulator = self.about.caps.binary

    def guest(self, guest: DomainDefinition) -> None:
        """The machine and what depends on it."""
        about = self.about
        _choose_machine(guest, about)
        features.drop_impossible_acpi(guest, about)
        self._choose_firmware(guest, about)
        builtin.add_builtin(guest, about)
        audio.add_default(guest, about)
        processor.choose_model(guest, about)
        features.complete(guest, about)
        processor.check_single_ones(guest)
        processor.complete_model(guest, about)
        displays.forget_sockets(guest, about)
        features.check_tseg(guest, about)
        memory.divide(guest, about)

    def device(self, device: Device, guest: DomainDefinition) -> None:
        """One device."""
        devices.complete(device, guest, self.about)

    def addresses(self, guest: DomainDefinition) -> None:
        """Where the devices are plugged in."""
        addresses.assign(guest, self.about.caps, machine_of(guest), self._host, new=self.about.abi_update)


def _choose_machine(guest: DomainDefinition, about: Circumstances) -> None:
    """The preferred machine type, by its full name, so that a newer QEMU does not change the guest."""
    if guest.os.machine is None:
        guest.os.machine = about.caps.preferred_machine(guest.type)
    if guest.os.machine is None:
        raise InvalidArg(f"could not get preferred machine for {guest.devices.emulator} type={guest.type}")
    guest.os.machine = about.caps.canonical_machine(guest.type, guest.os.machine)
