# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fills in what every hypervisor takes for granted, and calls the driver's part, in libvirt's order.

Nothing here touches the machine: what is needed from outside comes with `Completing`, what a driver adds with `Hooks`.
"""

from __future__ import annotations

from covirt.errors import ConfigUnsupported, Error, XmlError
from covirt.model.common.cpu import CpuCheck, CpuMode
from covirt.model.domain.completing import Completing, DriverFeature
from covirt.model.domain.controllers import number_controllers
from covirt.model.domain.definition import NARROW_SCSI_UNITS, DomainDefinition
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.driver_features import check_driver_features
from covirt.model.domain.implied import add_implied_devices, number_isa_serials, settle_videos
from covirt.model.domain.loader import LoaderType
from covirt.model.domain.os import Boot, BootDevice, OsType
from covirt.xml import Context

WIDE_SCSI_UNITS = 16


class Hooks:
    """What a driver adds; each does nothing unless it is overridden."""

    def basic(self, guest: DomainDefinition) -> None:
        """Before all else: the emulator, for example."""

    def guest(self, guest: DomainDefinition) -> None:
        """The guest as a whole, before its devices."""

    def device(self, device: Device, guest: DomainDefinition) -> None:
        """One device, before the common part."""

    def addresses(self, guest: DomainDefinition) -> None:
        """Places for all devices, at the end."""


NO_HOOKS = Hooks()


def complete(guest: DomainDefinition, completing: Completing, hooks: Hooks = NO_HOOKS) -> None:
    """Complete a definition in place."""
    _identify(guest, completing)
    hooks.basic(guest)
    number_controllers(guest.devices)
    hooks.guest(guest)
    number_isa_serials(guest.devices.serials)
    for device in list(guest.devices.in_checking_order()):
        complete_device(device, guest, completing, hooks)
    _complete_common(guest, completing, hooks)
    hooks.addresses(guest)
    _check_driver_features(guest, completing)


def complete_device(device: Device, guest: DomainDefinition, completing: Completing, hooks: Hooks = NO_HOOKS) -> None:
    """Complete one device of a guest."""
    try:
        hooks.device(device, guest)
        device.complete(guest, completing)
        check_driver_features(device, completing)
    except Error as error:
        error.part = error.part or device
        raise


def _identify(guest: DomainDefinition, completing: Completing) -> None:
    """Make the identifiers and the architecture that the document does not give."""
    if guest.uuid is None:
        guest.uuid = completing.new_uuid()
    if guest.genid_wanted and guest.genid is None:
        guest.genid = completing.new_uuid()
    guest.os.arch = guest.os.arch or completing.host_arch
    wide = DriverFeature.WIDE_SCSI in completing.features
    guest.scsi_bus_units = WIDE_SCSI_UNITS if wide else NARROW_SCSI_UNITS
    guest.extensions.keep_only(completing.namespace)
    if completing.security_model is not None and len(guest.seclabels) == 1 and guest.seclabels[0].model is None:
        guest.seclabels[0].take_model(completing.security_model, inactive=Context.INACTIVE in completing.context)


def _complete_common(guest: DomainDefinition, completing: Completing, hooks: Hooks) -> None:
    if guest.os.type is OsType.EXE and guest.os.init is None:
        raise XmlError("init binary must be specified")
    _complete_vcpus(guest)
    complete_memory(guest, completing.context)
    loader = guest.os.loader
    if loader and loader.path and loader.type is None:
        loader.type = LoaderType.ROM
    _forget_first_node(guest)
    _refuse_doubles(guest)
    if guest.os.type is OsType.HVM and DriverFeature.NO_BOOT_ORDER not in completing.features:
        _settle_boot_order(guest)
    for timer in guest.clock.timers:
        timer.check()
    for device in add_implied_devices(guest, completing):
        complete_device(device, guest, completing, hooks)
    settle_videos(guest)
    if guest.metadata is not None:
        guest.metadata.keep_one_of_each_namespace()
    for graphics in guest.devices.graphics:
        graphics.settle()
    if guest.cpu and guest.cpu.mode is CpuMode.CUSTOM and not guest.cpu.model and guest.cpu.check != CpuCheck.DEFAULT:
        raise ConfigUnsupported("check attribute specified for CPU with no model")


def _complete_vcpus(guest: DomainDefinition) -> None:
    """Processors that are not there at the start must be such that can be plugged in."""
    for vcpu in guest.vcpus.individual:
        if vcpu.hotpluggable is None:
            vcpu.hotpluggable = not vcpu.enabled
        elif not vcpu.hotpluggable and not vcpu.enabled:
            raise ConfigUnsupported(f"vcpu '{vcpu.id}' is both offline and not hotpluggable")


_NEW = Context.ABI_UPDATE | Context.ABI_UPDATE_MIGRATION


def complete_memory(guest: DomainDefinition, context: Context) -> None:
    """The nodes tell the total when the document does not, or when the guest is new."""
    memory, plugged = guest.memory, guest.plugged_memory
    nodes = guest.numa.memory if guest.numa and (not memory.total or context & _NEW) else 0
    if nodes:
        memory.total = nodes + plugged
    elif plugged > memory.total:
        raise XmlError("Total size of memory devices exceeds the total memory size")
    if memory.total == plugged:
        raise XmlError("Memory size must be specified via <memory> or in the <numa> configuration")
    if not 0 < memory.current <= memory.total:
        memory.current = memory.total
    if memory.slots and not memory.maximum:
        raise XmlError("maximum memory size must be specified when specifying number of memory slots")
    if memory.maximum and memory.maximum < memory.total:
        raise XmlError("maximum memory size must be equal or greater than the actual memory size")


def _forget_first_node(guest: DomainDefinition) -> None:
    """Huge pages for node 0 are for all memory when the guest has no nodes."""
    pages = guest.memory_backing.hugepages
    if pages is None or guest.numa_cells:
        return
    for page in pages.pages:
        if page.nodes is not None and not any(node > 0 for node in page.nodes):
            page.nodes = None


def _refuse_doubles(guest: DomainDefinition) -> None:
    seen = set()
    for controller in guest.devices.controllers:
        key = (controller.type, controller.index)
        if key in seen and controller.type != "usb":
            raise XmlError(f"Multiple '{controller.type}' controllers with index '{controller.index}'")
        seen.add(key)
    models = set()
    for panic in guest.devices.panics:
        if panic.model in models:
            raise XmlError(f"Multiple panic devices with model '{panic.model or 'default'}'")
        models.add(panic.model)


def _settle_boot_order(guest: DomainDefinition) -> None:
    """Either devices have places in the boot order, or kinds of devices; else it is the disk."""
    orders: set[int] = set()
    for device in guest.devices.with_info():
        boot = getattr(device, "boot", None)
        if boot is None or not boot.order:
            continue
        if boot.order in orders:
            raise ConfigUnsupported(f"boot order '{boot.order}' used for more than one device")
        orders.add(boot.order)
    if guest.os.boot and orders:
        raise ConfigUnsupported("per-device boot elements cannot be used together with os/boot elements")
    if not guest.os.boot and not orders:
        guest.os.boot = [Boot(dev=BootDevice.DISK)]


def _check_driver_features(guest: DomainDefinition, completing: Completing) -> None:
    """Refuse what the driver does not understand."""
    features = completing.features
    if DriverFeature.MEMORY_HOTPLUG not in features and guest.memory.hotplug:
        raise ConfigUnsupported("memory hotplug tunables <maxMemory> are not supported by this hypervisor driver")
    if DriverFeature.OFFLINE_VCPUPIN not in features:
        guest.cputune.vcpu_pins = [pin for pin in guest.cputune.vcpu_pins if guest.vcpus.enabled(pin.vcpu)]
    if DriverFeature.NAME_SLASH not in features and "/" in guest.name:
        raise XmlError(f"name {guest.name} cannot contain '/'")
    if DriverFeature.INDIVIDUAL_VCPUS not in features and guest.vcpus.individual:
        raise ConfigUnsupported("individual CPU state configuration is not supported")
