# SPDX-License-Identifier: LGPL-2.1-or-later
"""Refuses, in a completed definition, what no hypervisor could do, in libvirt's order."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from functools import partial

from covirt.errors import ConfigUnsupported, Error, InvalidArg, XmlDetail, XmlError
from covirt.model.domain.address import DriveAddress
from covirt.model.domain.completing import DriverFeature
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import Device, check_place, info_of, is_user_alias
from covirt.model.domain.devices.disk_parts import DiskBus
from covirt.model.domain.devices.hostdev_sources import (
    CapabilityHostdev,
    HostUsbAddress,
    MdevHostdev,
    MiscCapability,
    NetCapability,
    PciHostdev,
    ScsiAdapterSource,
    ScsiHostdev,
    ScsiHostHostdev,
    ScsiIscsiSource,
    StorageCapability,
    SubsystemHostdev,
    UsbHostdev,
)
from covirt.model.domain.feature_parts import IoapicDriver
from covirt.model.domain.launch_security import SevSnp
from covirt.model.domain.lifecycle import Action
from covirt.model.domain.loader import LoaderType
from covirt.model.domain.os import FirmwareFeatureName, FirmwareKind
from covirt.xml import Context

Features = frozenset[DriverFeature]


class Checks:
    """What a driver checks too; each accepts everything unless it is overridden."""

    def check(self, guest: DomainDefinition) -> None:
        """The guest as a whole, before its devices."""

    def check_device(self, device: Device, guest: DomainDefinition) -> None:
        """One device, after the common part."""


NO_CHECKS = Checks()


def check(
    guest: DomainDefinition,
    features: Features = frozenset(),
    checks: Checks = NO_CHECKS,
    context: Context = Context.NONE,
) -> None:
    """Check a completed guest; what is stored already is not checked again."""
    if context & Context.SKIP_VALIDATE:
        return
    for step in steps(guest, features, checks):
        step()


def steps(guest: DomainDefinition, features: Features, checks: Checks) -> Iterator[Callable[[], None]]:
    """All checks of a guest, one after the other; each raises for what it finds."""
    yield partial(checks.check, guest)
    for device in guest.devices.in_checking_order():
        yield partial(check_device, device, guest, checks)
    for step in STEPS:
        yield partial(step, guest)
    yield partial(check_os, guest, features)
    for later in LATER_STEPS:
        yield partial(later, guest)


def check_device(device: Device, guest: DomainDefinition, checks: Checks = NO_CHECKS) -> None:
    """Check one device of a guest."""
    try:
        check_place(device)
        device.check(guest)
        checks.check_device(device, guest)
    except Error as error:
        error.part = error.part or device
        raise


# Steps


def _check_resource(guest: DomainDefinition) -> None:
    appid = guest.resource.appid if guest.resource else None
    if appid is None:
        return
    if not (appid.isascii() and appid.isprintable()):
        raise XmlError("Fibre Channel 'appid' is not a printable string")
    if not 1 <= len(appid) <= 128:
        raise InvalidArg("Fibre Channel 'appid' string length must be between [1, 128]")


def _check_disk_targets(guest: DomainDefinition) -> None:
    seen: dict[str | None, str | None] = {}
    for disk in guest.devices.disks:
        if disk.target in seen:
            first, second = (path or "<null>" for path in (seen[disk.target], disk.source.path))
            raise XmlError(f"target '{disk.target}' duplicated for disk sources '{first}' and '{second}'")
        seen[disk.target] = disk.source.path


def _check_hostdevs(guest: DomainDefinition) -> None:
    seen = set()
    with_framebuffer = 0
    for hostdev in guest.devices.hostdevs:
        device = host_device(hostdev.source)
        if device in seen:
            raise XmlError("Hostdev already exists in the domain configuration")
        seen.add(device)
        with_framebuffer += bool(getattr(hostdev.source, "ramfb", None))
        if with_framebuffer > 1:
            raise ConfigUnsupported("Only one vgpu device can have 'ramfb' enabled")


def host_device(source: SubsystemHostdev | CapabilityHostdev) -> tuple[object, ...]:
    """What names a device of the host, whatever else is said of its use."""
    match source:
        case UsbHostdev(address=HostUsbAddress() as place):
            return "usb", place.bus, place.device
        case UsbHostdev():
            return "usb id", source.vendor, source.product
        case PciHostdev(address=place):
            return "pci", place.domain, place.bus, place.slot, place.function
        case ScsiHostdev(source=ScsiAdapterSource() as unit):
            return "scsi", unit.adapter, unit.address.bus, unit.address.target, unit.address.unit
        case ScsiHostdev(source=ScsiIscsiSource() as unit):
            first = unit.hosts[0] if unit.hosts else None
            return "iscsi", unit.name, first and first.name, first and first.port
        case ScsiHostHostdev():
            return "scsi host", source.wwpn
        case MdevHostdev():
            return "mdev", source.uuid
        case StorageCapability():
            return "storage", source.block
        case MiscCapability():
            return "misc", source.char
        case NetCapability():
            return "net", source.interface
    raise TypeError(f"{type(source).__name__} is no device of the host")


def _check_drive_addresses(guest: DomainDefinition) -> None:
    """No two disks of a bus, or SCSI units of the host, share an address."""
    taken: dict[tuple[DiskBus | None, int, int, int, int], str | None] = {}
    for disk in guest.devices.disks:
        address = disk.info.address
        if not isinstance(address, DriveAddress):
            continue
        key = (disk.bus, address.controller, address.bus, address.target, address.unit)
        if key in taken:
            raise ConfigUnsupported(
                f"Found duplicate drive address for disk with target name '{taken[key]}' "
                f"controller='{address.controller}' bus='{address.bus}' "
                f"target='{address.target}' unit='{address.unit}'"
            )
        taken[key] = disk.target
    units: set[tuple[int, int, int, int]] = set()
    for hostdev in guest.devices.hostdevs:
        address = hostdev.info.address
        if not hostdev.scsi or not isinstance(address, DriveAddress):
            continue
        place = (address.controller, address.bus, address.target, address.unit)
        by = "disk" if (DiskBus.SCSI, *place) in taken else "host device" if place in units else None
        if by:
            # libvirt's message has the numbers of controller and bus the wrong way round
            raise ConfigUnsupported(
                f"SCSI host address controller='{address.bus}' bus='{address.controller}' "
                f"target='{address.target}' unit='{address.unit}' in use by another SCSI {by}"
            )
        units.add(place)


def _check_topology(guest: DomainDefinition) -> None:
    topology = guest.cpu.topology if guest.cpu else None
    if topology and topology.vcpus > 2**32 - 1:
        raise ConfigUnsupported(f"cpu topology results in more than {2**32 - 1} cpus")


def _check_aliases(guest: DomainDefinition) -> None:
    seen: set[str] = set()
    for device in guest.devices.with_info():
        info = info_of(device)
        alias = info.alias if info else None
        if alias is None or not is_user_alias(alias):
            continue
        if alias in seen:
            raise ConfigUnsupported(f"non unique alias detected: {alias}")
        seen.add(alias)


def _check_iommu(guest: DomainDefinition) -> None:
    iommu = guest.devices.iommu
    if iommu is None:
        return
    ioapic = guest.features.ioapic.driver if guest.features.ioapic else None
    if iommu.driver.intremap and ioapic is not IoapicDriver.QEMU:
        raise ConfigUnsupported("IOMMU interrupt remapping requires split I/O APIC (ioapic driver='qemu')")
    if iommu.driver.eim and not iommu.driver.intremap:
        raise ConfigUnsupported("IOMMU eim requires interrupt remapping to be enabled")


def _check_lifecycle(guest: DomainDefinition) -> None:
    dumps = (Action.COREDUMP_DESTROY, Action.COREDUMP_RESTART)
    for event, action in (("poweroff", guest.lifecycle.on_poweroff), ("reboot", guest.lifecycle.on_reboot)):
        if action in dumps:
            raise ConfigUnsupported(f"Lifecycle event '{event}' doesn't support '{action}' action")


def _check_hugepages(guest: DomainDefinition) -> None:
    pages = guest.memory_backing.hugepages.pages if guest.memory_backing.hugepages else []
    # libvirt looks for nodes after the last one, and finds node 0 of a guest without nodes
    last = len(guest.numa_cells) - 1
    for place, page in enumerate(pages):
        for other in pages[:place]:
            if page.nodes and other.nodes and page.nodes & other.nodes:
                raise XmlDetail(f"nodeset attribute of hugepages of sizes {page.size} and {other.size} intersect")
            if page.nodes is None and other.nodes is None:
                raise XmlDetail(f"two master hugepages detected: {page.size} and {other.size}")
        missing = [node for node in sorted(page.nodes or ()) if node > last]
        if missing:
            raise XmlDetail(f"hugepages: node {missing[0]} not found")


def check_os(guest: DomainDefinition, features: Features | None = None) -> None:
    """Refuse what no firmware can be; without `features` whatever the driver can."""
    os, loader = guest.os, guest.os.loader
    if os.firmware:
        if features is not None and DriverFeature.FIRMWARE_AUTOSELECT not in features:
            raise XmlDetail("firmware auto selection not implemented for this driver")
        wanted = {feature.name: feature.enabled for feature in os.firmware_features}
        secure = wanted.get(FirmwareFeatureName.SECURE_BOOT)
        if wanted.get(FirmwareFeatureName.ENROLLED_KEYS) and secure is False:
            raise XmlDetail(
                "firmware feature 'enrolled-keys' cannot be enabled when firmware feature 'secure-boot' is disabled"
            )
        if loader is None:
            return
        if os.nvram and os.firmware is not FirmwareKind.EFI:
            raise XmlDetail(f"firmware type '{os.firmware}' does not support nvram")
    else:
        if os.firmware_features:
            raise XmlDetail("cannot use feature-based firmware autoselection when firmware autoselection is disabled")
        if loader is None:
            return
        if not loader.path:
            raise XmlDetail("no loader path specified and firmware auto selection disabled")
    _check_stateless(guest)
    if os.shim and not os.kernel:
        raise ConfigUnsupported("shim only allowed with kernel option")


def _check_stateless(guest: DomainDefinition) -> None:
    os, loader = guest.os, guest.os.loader
    if loader is None or loader.stateless is None:
        return
    if loader.stateless:
        if os.nvram and os.nvram.template:
            raise XmlDetail("NVRAM template is not permitted when loader is stateless")
        if os.nvram:
            raise XmlDetail("NVRAM is not permitted when loader is stateless")
    elif os.firmware is None:
        if loader.type is not LoaderType.PFLASH:
            raise XmlDetail("Only pflash loader type permits NVRAM")
    elif os.firmware is not FirmwareKind.EFI:
        raise XmlDetail("Only EFI firmware permits NVRAM")


PERIOD = (1000, 1000000)
QUOTA = (1000, 18446744073709551)


def _check_cputune(guest: DomainDefinition) -> None:
    for kind, (low, high) in (("period", PERIOD), ("quota", QUOTA)):
        for prefix in ("", "global_", "emulator_", "iothread_"):
            value = getattr(guest.cputune, f"{prefix}{kind}")
            if value > 0 and not low <= value <= high:
                raise ConfigUnsupported(f"Value of cputune '{prefix}{kind}' must be in range [{low}, {high}]")


def _check_boot(guest: DomainDefinition) -> None:
    menu, bios = guest.os.boot_menu, guest.os.bios
    if menu and (menu.timeout or 0) > 65535:
        raise ConfigUnsupported("invalid value for boot menu timeout, must be in range [0,65535]")
    if bios and not -1 <= (bios.reboot_timeout or 0) <= 65535:
        raise ConfigUnsupported("invalid value for rebootTimeout, must be in range [-1,65535]")


def _check_videos(guest: DomainDefinition) -> None:
    videos = guest.devices.videos
    if videos and videos[0].primary and any(video.primary for video in videos[1:]):
        raise ConfigUnsupported("Only one primary video device is supported")


def _check_blkiotune(guest: DomainDefinition) -> None:
    paths: set[str] = set()
    for device in guest.blkiotune.devices:
        if device.path in paths:
            raise ConfigUnsupported(f"duplicate blkio device path '{device.path}'")
        paths.add(device.path)


def _check_idmap(guest: DomainDefinition) -> None:
    if guest.idmap is None:
        return
    users, groups = guest.idmap.users, guest.idmap.groups
    if bool(users) != bool(groups):
        raise ConfigUnsupported("uid and gid should be mapped both")
    if any(ranges and ranges[0].start for ranges in (users, groups)):
        raise ConfigUnsupported("You must map the root user of container")


def _check_numa(guest: DomainDefinition) -> None:
    if guest.numa is not None:
        guest.numa.check(guest.numatune)


def _check_iothreads(guest: DomainDefinition) -> None:
    pools = [(thread.pool_min, thread.pool_max) for thread in guest.iothreads.threads]
    if guest.iothreads.default:
        pools.append((guest.iothreads.default.pool_min, guest.iothreads.default.pool_max))
    for least, most in pools:
        if most == 0:
            raise ConfigUnsupported("thread_pool_max must be a positive integer")
        if (-1 if least is None else least) > (-1 if most is None else most):
            raise ConfigUnsupported("thread_pool_min must be smaller or equal to thread_pool_max")


def _check_launch_security(guest: DomainDefinition) -> None:
    security = guest.launch_security
    if not isinstance(security, SevSnp):
        return
    for name, text, length in (
        ("guestVisibleWorkarounds", security.guest_visible_workarounds, 16),
        ("idBlock", security.id_block, 96),
        ("idAuth", security.id_auth, 4096),
        ("hostData", security.host_data, 32),
    ):
        try:
            size = len(base64.b64decode(text)) if text is not None else length
        except binascii.Error:
            continue
        if size != length:
            raise ConfigUnsupported(f"Unexpected length of '{name}', expected {length} got {size}")


def _check_throttle_groups(guest: DomainDefinition) -> None:
    for group in guest.throttle_groups:
        group.check()


Step = Callable[[DomainDefinition], None]
STEPS: tuple[Step, ...] = (
    _check_resource,
    _check_disk_targets,
    _check_hostdevs,
    _check_drive_addresses,
    _check_topology,
    _check_aliases,
    _check_iommu,
    _check_lifecycle,
    _check_hugepages,
)
LATER_STEPS: tuple[Step, ...] = (
    _check_cputune,
    _check_boot,
    _check_videos,
    _check_blkiotune,
    _check_idmap,
    _check_numa,
    _check_iothreads,
    _check_launch_security,
    _check_throttle_groups,
)
