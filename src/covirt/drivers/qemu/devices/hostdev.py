# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices of the host, given to the guest."""

from __future__ import annotations

from collections.abc import Iterator

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, as_json, props
from covirt.drivers.qemu.devices.address import drive_props
from covirt.drivers.qemu.devices.blocks import dependencies, nodes
from covirt.drivers.qemu.devices.boot import boot_index
from covirt.drivers.qemu.devices.common import (
    add_companion,
    load_parameter,
    on_off_auto,
    place,
    rom_props,
    virtio_props,
)
from covirt.drivers.qemu.devices.image import Image
from covirt.errors import InternalError
from covirt.model.common.pci import PciSlot
from covirt.model.common.storage_network import NetworkLocation, StorageProtocol
from covirt.model.common.storage_source import BlockLocation, StorageSource
from covirt.model.domain.address import DriveAddress, UnassignedAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.connections import HostdevConnection, HostPciAddress
from covirt.model.domain.devices.hostdev import Hostdev
from covirt.model.domain.devices.hostdev_sources import (
    HostUsbAddress,
    MdevHostdev,
    MdevModel,
    PciHostdev,
    PciHostdevDriverName,
    ScsiHostdev,
    ScsiHostHostdev,
    ScsiIscsiSource,
    UsbGuestReset,
    UsbHostdev,
)
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.teaming import Teaming, TeamingType

MDEV_DEVICES = "/sys/bus/mdev/devices"


def build_all(build: Build) -> None:
    """All host devices."""
    for hostdev, order in all_hostdevs(build.guest):
        _add(hostdev, build, order)


def _add(hostdev: Hostdev, build: Build, order: int | None) -> None:
    """The device, after what it needs."""
    if isinstance(hostdev.info.address, UnassignedAddress):
        return
    match hostdev.source:
        case UsbHostdev() as source:
            build.argv.device(usb_props(hostdev, source, build))
        case PciHostdev() as source:
            add_companion(build, hostdev.info)
            build.argv.device(pci_props(hostdev, source, build, order))
        case ScsiHostdev():
            image = scsi_image(hostdev, build)
            for needed in dependencies(build, image):
                build.argv.object(needed)
            for node in nodes(build, image):
                build.argv.add("-blockdev", as_json(node))
            build.argv.device(scsi_props(hostdev, image, build))
        case ScsiHostHostdev() as source:
            descriptor = str(build.prepared.descriptors[str(hostdev.info.alias)])
            build.argv.device(vhost_scsi_props(hostdev, source, build, descriptor))
        case MdevHostdev() as source:
            build.argv.device(mdev_props(hostdev, source, build))


def as_hostdev(card: Interface) -> Hostdev:
    """A card of the host as a host device; name, place and boot order are the card's."""
    connection = card.connected
    assert isinstance(connection, HostdevConnection)
    address = connection.address
    if isinstance(address, HostPciAddress):
        pci = PciSlot(domain=address.domain, bus=address.bus, slot=address.slot, function=address.function)
        source: PciHostdev | UsbHostdev = PciHostdev(
            managed=bool(connection.managed), driver=connection.driver, address=pci
        )
    else:
        place = HostUsbAddress(bus=address.bus, device=address.device) if address else None
        source = UsbHostdev(
            managed=bool(connection.managed), vendor=connection.vendor, product=connection.product, address=place
        )
    return Hostdev(source=source, teaming=card.teaming, boot=card.boot, info=card.info)


def all_hostdevs(guest: DomainDefinition) -> Iterator[tuple[Hostdev, int | None]]:
    """Host devices with their places in boot order, the cards among them first, those of virtual networks last."""
    cards = [card for card in guest.devices.interfaces if card.actual_type == "hostdev"]
    for card in cards:
        if card.actual is None:
            yield as_hostdev(card), boot_index(guest, card)
    for hostdev in guest.devices.hostdevs:
        yield hostdev, boot_index(guest, hostdev)
    for card in cards:
        if card.actual is not None:
            yield as_hostdev(card), boot_index(guest, card)


# PCI


def pci_props(hostdev: Hostdev, source: PciHostdev, build: Build, order: int | None = None) -> Props:
    """A PCI device through VFIO."""
    driver = source.driver.name if source.driver else None
    if driver is not PciHostdevDriverName.VFIO:
        raise InternalError(f"invalid PCI passthrough type '{driver or 'default'}'")
    ramfb = bool(source.ramfb)
    made = props(
        {
            "driver": "vfio-pci-nohotplug" if ramfb else "vfio-pci",
            "host": str(source.address),
            "id": hostdev.info.alias,
            "bootindex": order,
            "failover_pair_id": _failover_pair(hostdev.teaming),
            "display": on_off_auto(source.display),
            "ramfb": True if ramfb else None,
        }
    )
    return made | place(build, hostdev.info) | rom_props(hostdev.info)


def _failover_pair(teaming: Teaming | None) -> str | None:
    if teaming is None or teaming.type is not TeamingType.TRANSIENT:
        return None
    return teaming.persistent


# USB


def usb_props(hostdev: Hostdev, source: UsbHostdev, build: Build) -> Props:
    """A USB device by its place on the host; one that is missing is a port into which nothing is plugged."""
    made: Props = {"driver": "usb-host"}
    if not source.missing:
        address = source.address
        if address is None or not (address.bus or address.device):
            raise InternalError("USB host device is missing bus/device information")
        if "usb-host.hostdevice" in build.caps:
            made["hostdevice"] = f"/dev/bus/usb/{address.bus:03}/{address.device:03}"
        else:
            made |= props(hostbus=address.bus or None, hostaddr=address.device or None)
    reset = source.guest_reset
    made |= props(
        id=hostdev.info.alias,
        bootindex=_own_order(hostdev),
        guest_reset=None if reset is None else reset is not UsbGuestReset.OFF,
        guest_resets_all=None if reset in (None, UsbGuestReset.OFF) else reset is UsbGuestReset.ON,
    )
    return made | place(build, hostdev.info)


def _own_order(hostdev: Hostdev) -> int | None:
    return hostdev.boot.order if hostdev.boot else None


# SCSI


def scsi_image(hostdev: Hostdev, build: Build) -> Image:
    """The SCSI unit as the storage of a block node."""
    alias = str(hostdev.info.alias)
    assert isinstance(hostdev.source, ScsiHostdev)
    unit = hostdev.source.source
    if isinstance(unit, ScsiIscsiSource):
        location = NetworkLocation(
            protocol=StorageProtocol.ISCSI, name=unit.name, hosts=unit.hosts, initiator=unit.initiator
        )
        source = StorageSource(location=location, auth=unit.auth)
    else:
        source = StorageSource(location=BlockLocation(path=build.prepared.scsi_generic[alias]))
    return Image(
        source=source, format=None, name=build.prepared.nodes[alias], readonly=hostdev.readonly, has_format=False
    )


def scsi_props(hostdev: Hostdev, image: Image, build: Build) -> Props:
    """A SCSI unit on a controller of the guest."""
    made = props(
        driver="scsi-generic",
        drive=image.storage_node,
        id=hostdev.info.alias,
        bootindex=_own_order(hostdev),
        loadparm=load_parameter(build, hostdev.boot),
    )
    address = hostdev.info.address
    assert isinstance(address, DriveAddress)
    return made | drive_props(build.guest, address, "scsi")


def vhost_scsi_props(hostdev: Hostdev, source: ScsiHostHostdev, build: Build, descriptor: str) -> Props:
    """A SCSI host that the kernel serves."""
    return (
        virtio_props(build, "vhost-scsi", hostdev.info, None, source.model)
        | props(wwpn=source.wwpn, vhostfd=descriptor, id=hostdev.info.alias)
        | place(build, hostdev.info)
    )


# Mediated devices


def mdev_props(hostdev: Hostdev, source: MdevHostdev, build: Build) -> Props:
    """A part of a device, through VFIO."""
    ramfb = bool(source.ramfb)
    driver = "vfio-pci-nohotplug" if ramfb and source.model is MdevModel.VFIO_PCI else source.model
    made = props(
        driver=driver,
        id=hostdev.info.alias,
        sysfsdev=f"{MDEV_DEVICES}/{source.uuid}",
        display=on_off_auto(source.display),
        ramfb=True if ramfb else None,
        bootindex=_own_order(hostdev),
        loadparm=load_parameter(build, hostdev.boot),
    )
    return made | place(build, hostdev.info)
