# SPDX-License-Identifier: LGPL-2.1-or-later
"""What device kinds have in common: virtio names and options, boot order, option ROMs, s390 PCI companions."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.address import address_props
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.domain.address import CcwAddress, PciAddress, VirtioMmioAddress
from covirt.model.domain.devices.common import Boot, DeviceInfo, Rom, VirtioOptions

_BUS_SUFFIX = {PciAddress: "pci", CcwAddress: "ccw", VirtioMmioAddress: "device"}


def on_off_auto(value: bool | None) -> str | None:
    """The word for properties that know a third state."""
    return None if value is None else "on" if value else "off"


def virtio_driver(build: Build, base: str, info: DeviceInfo, model: str | None = None, *, suffix: bool = True) -> str:
    """QEMU's name of a virtio device on the bus where it is, and of the standard that it follows."""
    bus = _BUS_SUFFIX.get(type(info.address))
    if bus is None:
        raise InternalError(f"Unexpected address type for '{base}'")
    name = f"{base}-{bus}" if suffix else base
    if model not in ("virtio-transitional", "virtio-non-transitional"):
        return name
    if not isinstance(info.address, PciAddress):
        kind = info.address.type if info.address else "none"
        raise ConfigUnsupported(f"virtio (non-)transitional models are not supported for address type={kind}")
    if "virtio-pci-non-transitional" in build.caps:
        return f"{name}-{model.removeprefix('virtio-')}"
    if model == "virtio-non-transitional":
        raise ConfigUnsupported("virtio non-transitional model not supported for this qemu")
    return name


def virtio_props(
    build: Build,
    base: str,
    info: DeviceInfo,
    options: VirtioOptions | None = None,
    model: str | None = None,
    *,
    suffix: bool = True,
) -> Props:
    """The driver and the options that all virtio devices have."""
    driver = virtio_driver(build, base, info, model, suffix=suffix)
    if options is None:
        return props(driver=driver)
    return props(
        {"driver": driver, "iommu_platform": options.iommu, "ats": options.ats, "packed": options.packed},
        page_per_vq=options.page_per_vq,
    )


def place(build: Build, info: DeviceInfo) -> Props:
    """Where the device is."""
    return address_props(build.guest, info)


def load_parameter(build: Build, boot: Boot | None) -> str | None:
    """What an s390 boot loader is told, where that is the device's business."""
    return boot.loadparm if boot and "virtio-ccw.loadparm" in build.caps else None


def rom_props(info: DeviceInfo) -> Props:
    """The option ROM that the device shows; an empty file name is none at all."""
    rom: Rom | None = getattr(info, "rom", None)
    if rom is None:
        return {}
    if not isinstance(info.address, PciAddress):
        raise ConfigUnsupported("ROM tuning is only supported for PCI devices")
    if rom.enabled is False:
        return props(romfile="")
    return props(rombar=None if rom.bar is None else int(rom.bar), romfile=rom.file)


def add_companion(build: Build, info: DeviceInfo) -> None:
    """s390 guests know a PCI device by a second device with numbers of its own."""
    address = info.address
    if isinstance(address, PciAddress) and address.zpci is not None:
        uid, fid = address.zpci.uid or 0, address.zpci.fid or 0
        build.argv.device(props(driver="zpci", uid=uid, fid=fid, target=info.alias, id=f"zpci{uid}"))
