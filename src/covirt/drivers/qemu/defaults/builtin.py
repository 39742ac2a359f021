# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices that every guest of a machine type gets: root buses, USB, balloon, keyboard, panic device."""

from __future__ import annotations

from dataclasses import dataclass

from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.defaults.devices import default_panic, needs_eim
from covirt.drivers.qemu.machine import ARM, MIPS, PPC64, RISCV, S390, X86, Machine, machine_of
from covirt.errors import XmlError
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.controller import ControllerType, PciModel, UsbModel
from covirt.model.domain.devices.input import Input, InputBus, InputType
from covirt.model.domain.devices.iommu import Iommu, IommuDriver, IommuModel
from covirt.model.domain.devices.memballoon import Memballoon, MemballoonModel
from covirt.model.domain.devices.panic import Panic
from covirt.model.domain.devices.watchdog import Watchdog, WatchdogAction, WatchdogModel


@dataclass(slots=True)
class Builtin:
    """What a machine type comes with."""

    root: PciModel | None = None
    usb: bool = False
    usb_model: UsbModel | None = None
    sata: bool = False
    memballoon: bool = False
    usb_input: bool = False
    panic: bool = False
    itco_watchdog: bool = False


def builtin(machine: Machine, about: Circumstances) -> Builtin:
    """What this machine type comes with, as far as this QEMU has it."""
    arch, caps = machine.arch, about.caps
    if arch in X86:
        return _pc(machine, about)
    if arch in ARM:
        usb = machine.type == "versatilepb" or machine.type.startswith("realview")
        root = PciModel.PCIE_ROOT if machine.arm_virt else None
        if machine.type == "versatilepb":
            root = PciModel.PCI_ROOT
        return Builtin(root, usb=usb, usb_model=UsbModel.PCI_OHCI if usb else None)
    if arch in PPC64:
        return Builtin(PciModel.PCI_ROOT, usb=True, usb_input=True, memballoon=True, panic=machine.pseries)
    if arch in ("alpha", "ppc", "ppcemb", "sh4", "sh4eb", "sparc64"):
        return Builtin(PciModel.PCI_ROOT, usb=True, memballoon=True)
    if arch in RISCV:
        return Builtin(PciModel.PCIE_ROOT if machine.riscv_virt else None, memballoon=True)
    if arch in S390:
        return Builtin(PciModel.PCI_ROOT if "zpci" in caps else None, memballoon=True, panic=True)
    if arch in MIPS:
        return Builtin(PciModel.PCI_ROOT if machine.mips_malta else None, usb=True, memballoon=True)
    if arch == "loongarch64":
        return Builtin(PciModel.PCIE_ROOT)
    return Builtin()


def _pc(machine: Machine, about: Circumstances) -> Builtin:
    if machine.type == "isapc":
        return Builtin(memballoon=True)
    if not machine.q35:
        return Builtin(PciModel.PCI_ROOT if machine.i440fx else None, usb=True, memballoon=True)
    # USB 3 where it is to be had, else USB 2, else none.
    known = (
        ("qemu-xhci", UsbModel.QEMU_XHCI),
        ("nec-usb-xhci", UsbModel.NEC_XHCI),
        ("ich9-usb-ehci1", UsbModel.ICH9_EHCI1),
    )
    model = next((model for flag, model in known if flag in about.caps), None)
    return Builtin(
        PciModel.PCIE_ROOT, usb=model is not None, usb_model=model, sata=True, memballoon=True, itco_watchdog=True
    )


def add_builtin(guest: DomainDefinition, about: Circumstances) -> None:
    """Add what the machine comes with and the document does not mention."""
    machine, devices = machine_of(guest), guest.devices
    wanted = builtin(machine, about)
    _add_ps2(guest, machine, about)
    if wanted.usb and devices.controller(ControllerType.USB, 0) is None:
        devices.add_usb_controller(0, wanted.usb_model)
    if wanted.sata and devices.controller(ControllerType.SATA, 0) is None:
        devices.add_controller(ControllerType.SATA, 0)
    if wanted.root:
        _add_root(guest, wanted.root)
    if wanted.memballoon and devices.memballoon is None:
        devices.memballoon = Memballoon(model=MemballoonModel.VIRTIO)
    if wanted.usb_input and devices.graphics:
        _add_usb_input(guest)
    if wanted.panic:
        model = default_panic(machine)
        if all(panic.model not in (None, model) for panic in devices.panics):
            devices.panics.append(Panic())
    if wanted.itco_watchdog and all(watchdog.model != "itco" for watchdog in devices.watchdogs):
        action = devices.watchdogs[0].action if devices.watchdogs else WatchdogAction.RESET
        devices.watchdogs.append(Watchdog(model=WatchdogModel.ITCO, action=action))
    able = about.caps.has("intel-iommu", "intel-iommu.intremap", "intel-iommu.eim")
    if devices.iommu is None and needs_eim(guest, machine) and able:
        devices.iommu = Iommu(model=IommuModel.INTEL, driver=IommuDriver(intremap=True, eim=True))


def _add_root(guest: DomainDefinition, model: PciModel) -> None:
    root = guest.devices.controller(ControllerType.PCI, 0)
    if root is None:
        guest.devices.add_controller(ControllerType.PCI, 0, model)
    elif root.model != model:
        raise XmlError(
            f"The PCI controller with index='0' must be model='{model}' for this machine type, "
            f"but model='{root.model}' was found instead"
        )


def _add_ps2(guest: DomainDefinition, machine: Machine, about: Circumstances) -> None:
    has = machine.i440fx or machine.q35 or machine.xenfv or machine.type == "isapc"
    if has and "i8042" in about.caps and guest.features.ps2 is not False:
        _add_input(guest, InputType.MOUSE, InputBus.PS2)
        _add_input(guest, InputType.KEYBOARD, InputBus.PS2)


def _add_usb_input(guest: DomainDefinition) -> None:
    """A keyboard, and a mouse where no tablet does its work."""
    _add_input(guest, InputType.KEYBOARD, InputBus.USB)
    if not any(i.type is InputType.TABLET and i.bus is InputBus.USB for i in guest.devices.inputs):
        _add_input(guest, InputType.MOUSE, InputBus.USB)


def _add_input(guest: DomainDefinition, type: InputType, bus: InputBus) -> None:
    if not any(input.type is type and input.bus is bus for input in guest.devices.inputs):
        guest.devices.inputs.append(Input(type=type, bus=bus))
