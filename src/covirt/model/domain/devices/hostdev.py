# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices of the host that the guest is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.model.domain.address import (
    CcwAddress,
    DriveAddress,
    PciAddress,
    UnassignedAddress,
    UsbAddress,
)
from covirt.model.domain.devices.common import Boot, Device, RomDeviceInfo, Sgio
from covirt.model.domain.devices.disk_complete import with_lun
from covirt.model.domain.devices.hostdev_sources import (
    CapabilityHostdev,
    MdevHostdev,
    MdevModel,
    PciHostdev,
    ScsiHostdev,
    ScsiHostHostdev,
    ScsiIscsiSource,
    SubsystemHostdev,
    UsbHostdev,
)
from covirt.model.domain.devices.teaming import Teaming, TeamingType
from covirt.xml import At, Choice, Present, Reading

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition


class HostdevMode(StrEnum):
    """For a machine (its bus sees the device) or for a container (its kernel does)."""

    SUBSYSTEM = "subsystem"
    CAPABILITIES = "capabilities"


ADDRESSES: dict[type, tuple[tuple[type, ...], type[Exception], str]] = {
    PciHostdev: (
        (PciAddress, UnassignedAddress),
        InternalError,
        "PCI host devices must use 'pci' or 'unassigned' address type",
    ),
    ScsiHostdev: ((DriveAddress,), ConfigUnsupported, "SCSI host device must use 'drive' address type"),
    ScsiHostHostdev: (
        (PciAddress, CcwAddress),
        ConfigUnsupported,
        "SCSI_host host device must use 'pci' or 'ccw' address type",
    ),
    UsbHostdev: ((UsbAddress,), ConfigUnsupported, "USB host device must use 'usb' address type"),
}
"""The kinds of address that each kind of device can have, and the refusal of others."""


@dataclass(slots=True, kw_only=True)
class Hostdev(Device):
    """A device of the host, given to the guest."""

    ELEMENT: ClassVar[str] = "hostdev"

    mode: Annotated[HostdevMode, At("@mode")] = HostdevMode.SUBSYSTEM
    source: Annotated[SubsystemHostdev | CapabilityHostdev, At("."), Choice("@type")]
    teaming: Annotated[Teaming | None, At("teaming", omit_empty=True)] = None
    readonly: Annotated[Present, At("readonly")] = False
    shareable: Annotated[Present, At("shareable")] = False
    boot: Annotated[Boot | None, At("boot")] = None
    info: Annotated[RomDeviceInfo, At(".")] = field(default_factory=RomDeviceInfo)

    @property
    def type(self) -> str:
        """The kind of device."""
        return self.source.type

    @property
    def managed(self) -> bool:
        """Is the device taken from its host driver for the time of the guest's run?"""
        return isinstance(self.source, SubsystemHostdev) and self.source.managed

    @property
    def scsi(self) -> bool:
        """Is it a SCSI unit?"""
        return isinstance(self.source, ScsiHostdev)

    def after_parse(self, reading: Reading) -> None:
        """Mode and type fit; only SCSI units can be read-only or shared."""
        mode = HostdevMode.SUBSYSTEM if isinstance(self.source, SubsystemHostdev) else HostdevMode.CAPABILITIES
        if mode is not self.mode:
            raise XmlError(f"Invalid value for attribute 'type' in element 'hostdev': '{self.type}'.")
        if not self.scsi:
            self.readonly = self.shareable = False
        if mode is HostdevMode.SUBSYSTEM:
            self._refuse_foreign(reading)

    def _refuse_foreign(self, reading: Reading) -> None:
        told = reading.element.attributes
        if not isinstance(self.source, UsbHostdev) and reading.element.get("source/@startupPolicy") is not None:
            raise ConfigUnsupported("Setting startupPolicy is only allowed for USB devices")
        for name in ("sgio", "rawio"):
            if name in told and not self.scsi:
                raise XmlError(f"{name} is only supported for scsi host device")
        if "model" in told and not isinstance(self.source, MdevHostdev | ScsiHostHostdev):
            raise XmlError(f"'model' attribute in <hostdev> is only supported when type='{self.type}'")

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """SCSI units get the next free place; mediated devices show themselves on their own bus."""
        source, address = self.source, self.info.address
        if isinstance(source, ScsiHostdev):
            if isinstance(source.source, ScsiIscsiSource):
                source.source.name = with_lun(source.source.name)
            if address is None:
                address = self.info.address = guest.devices.free_scsi_unit(guest.scsi_bus_units)
            if any(disk.bus == "scsi" and disk.info.address == address for disk in guest.devices.disks):
                assert isinstance(address, DriveAddress)
                raise XmlError(
                    f"SCSI host address controller='{address.controller}' bus='{address.bus}' "
                    f"target='{address.target}' unit='{address.unit}' in use by a SCSI disk"
                )
        if isinstance(source, MdevHostdev) and address is not None:
            wanted = {MdevModel.VFIO_PCI: PciAddress, MdevModel.VFIO_CCW: CcwAddress}.get(source.model)
            if wanted is not None and not isinstance(address, wanted):
                raise XmlError(f"Unsupported address type '{address.type}' with mediated device model '{source.model}'")

    def check(self, guest: DomainDefinition) -> None:
        """The address is one of the device's bus; pairs are made of PCI devices."""
        kinds, error, message = ADDRESSES.get(type(self.source), ((), ConfigUnsupported, ""))
        if kinds and self.info.address is not None and not isinstance(self.info.address, kinds):
            raise error(message)
        if isinstance(self.source, ScsiHostdev) and self.source.sgio is Sgio.UNFILTERED:
            raise ConfigUnsupported("unfiltered sgio is no longer supported")
        if self.teaming is None or self.teaming.type is None:
            return
        if self.teaming.type is not TeamingType.TRANSIENT:
            raise ConfigUnsupported("teaming hostdev devices must have type='transient'")
        if self.teaming.persistent is None:
            raise ConfigUnsupported("missing required persistent attribute in hostdev teaming element")
        if not isinstance(self.source, PciHostdev):
            raise ConfigUnsupported("teaming is only supported for pci hostdev devices")
