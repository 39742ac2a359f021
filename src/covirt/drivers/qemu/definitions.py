# SPDX-License-Identifier: LGPL-2.1-or-later
"""From texts to definitions in a running driver: the right emulator is found and asked, then the document completed."""

from __future__ import annotations

import shutil

from covirt.drivers.qemu.addresses import HostPci
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.cache import EmulatorCache
from covirt.drivers.qemu.capabilities.helpers import Helpers
from covirt.drivers.qemu.capabilities.targets import emulator_names
from covirt.drivers.qemu.check.checks import QemuChecks
from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.defaults.completion import ChooseFirmware, QemuCompletion
from covirt.drivers.qemu.document import completing
from covirt.drivers.qemu.settings import QemuSettings
from covirt.errors import ConfigUnsupported, Error
from covirt.model.common.pci import PciSlot
from covirt.model.domain.complete import complete, complete_device
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import Device
from covirt.model.domain.validate import check, check_device
from covirt.runtime.roots import QemuRoots
from covirt.xml import Context

DEFINED = Context.INACTIVE | Context.ABI_UPDATE
LOADED = Context.INACTIVE | Context.SKIP_VALIDATE
RUNNING = Context.STATUS | Context.ACTUAL_NET | Context.PCI_ORIG_STATES | Context.CLOCK_ADJUST | Context.SKIP_VALIDATE


class NoHostPci:
    """PCI devices of the host as far as addresses of guests depend on them; nothing is known."""

    def is_express(self, slot: PciSlot) -> bool | None:
        """Not known."""
        return None

    def iommu_group(self, slot: PciSlot) -> int | None:
        """Not known."""
        return None


class Definitions:
    """Reads definitions with the emulators of this host."""

    def __init__(
        self,
        emulators: EmulatorCache,
        settings: QemuSettings,
        roots: QemuRoots,
        host_arch: str,
        pci: HostPci,
        firmware: ChooseFirmware,
    ) -> None:
        self._emulators = emulators
        self._settings = settings
        self._roots = roots
        self._host_arch = host_arch
        self.pci = pci
        self._firmware = firmware
        self._helpers = Helpers(host_arch, settings.qemu_rdp)

    async def read(self, text: str, context: Context, *, validate: bool = False) -> DomainDefinition:
        """A complete and checked definition."""
        parsed = DomainDefinition.parse(text, context, validate=validate)
        try:
            await self.complete(parsed.value, context)
        except Error as error:
            parsed.locate(error)
            raise
        return parsed.value

    async def complete(self, guest: DomainDefinition, context: Context) -> None:
        """Complete and check a definition that was read."""
        about = await self.circumstances(guest, context)
        how = completing(context)
        complete(guest, how, self.completion(about))
        check(guest, how.features, QemuChecks(about), context)

    async def complete_device(self, device: Device, guest: DomainDefinition) -> None:
        """Complete and check one device that is to join a guest."""
        about = await self.circumstances(guest, DEFINED)
        complete_device(device, guest, completing(DEFINED), self.completion(about))
        check_device(device, guest, QemuChecks(about))

    def completion(self, about: Circumstances) -> QemuCompletion:
        """QEMU's part in completing a definition."""
        return QemuCompletion(about, self.pci, self._firmware)

    async def circumstances(self, guest: DomainDefinition, context: Context) -> Circumstances:
        """What the definition of a guest depends on beside its document."""
        caps = await self.capabilities(guest)
        return Circumstances(
            caps=caps,
            settings=self._settings,
            roots=self._roots,
            host_arch=self._host_arch,
            context=context,
            abi_update=bool(context & Context.ABI_UPDATE),
            host=await self._helpers.support(),
        )

    async def complete_live(self, guest: DomainDefinition) -> None:
        """Complete the definition of a run that an earlier daemon wrote."""
        await self.complete(guest, RUNNING)

    async def capabilities(self, guest: DomainDefinition) -> EmulatorCapabilities:
        """What the guest's emulator can do."""
        arch = guest.os.arch or self._host_arch
        return await self._emulators.get(guest.devices.emulator or self.find_emulator(arch))

    def find_emulator(self, arch: str) -> str:
        """The emulator for guests of an architecture that name none."""
        for name in emulator_names(self._host_arch, arch):
            if (path := shutil.which(name)) is not None:
                return path
        raise ConfigUnsupported(f"No emulator found for arch '{arch}'")
