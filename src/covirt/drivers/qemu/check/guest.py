# SPDX-License-Identifier: LGPL-2.1-or-later
"""What concerns the guest as a whole, in the order in which libvirt looks at it."""

from __future__ import annotations

from covirt.drivers.qemu.check import boot, clock, features, memory, panic, processor, tpm, watchdog
from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.domain.devices.char import ConsoleTarget
from covirt.model.domain.launch_security import S390Pv, Sev
from covirt.model.domain.lifecycle import Action
from covirt.model.domain.loader import LoaderType
from covirt.model.domain.os import FirmwareKind, OsType
from covirt.model.domain.sysinfo import FirmwareInfo


def check(situation: Situation) -> None:
    """Check all but the single devices."""
    _check_emulator(situation)
    _check_acpi(situation)
    _check_identity(situation)
    _check_lifecycle(situation)
    processor.check_model(situation)
    memory.check_modules(situation)
    processor.check_iothreads(situation)
    clock.check(situation)
    _check_sleep(situation)
    boot.check(situation)
    processor.check_topology(situation)
    _check_allocations(situation)
    features.check(situation)
    memory.check_backing(situation)
    memory.check_nodes(situation)
    _check_consoles(situation)
    _check_firmware_files(situation)
    panic.check_all(situation)
    tpm.check_all(situation)
    watchdog.check_all(situation)
    _check_launch_security(situation)


def _check_emulator(situation: Situation) -> None:
    guest, caps = situation.guest, situation.caps
    arch, machine = situation.machine
    if guest.os.type is not OsType.HVM:
        wrong = f"os type '{guest.os.type}'"
    elif not caps.runs_arch(arch):
        wrong = f"arch '{arch}'"
    elif not caps.runs_type(guest.type):
        wrong = f"virt type '{guest.type}'"
    elif caps.machine(guest.type, machine) is None:
        wrong = f"machine type '{machine}'"
    else:
        return
    raise ConfigUnsupported(f"Emulator '{guest.devices.emulator}' does not support {wrong}")


def _check_acpi(situation: Situation) -> None:
    guest, machine = situation.guest, situation.machine
    known = situation.caps.machine(guest.type, machine.type)
    if known is not None and known.acpi is False and guest.features.acpi:
        raise ConfigUnsupported(f"machine type '{machine.type}' does not support ACPI")
    if guest.memtune.min_guarantee:
        raise ConfigUnsupported("Parameter 'min_guarantee' not supported by QEMU.")
    loader = guest.os.loader
    efi = guest.os.firmware is FirmwareKind.EFI or (loader is not None and loader.type is LoaderType.PFLASH)
    if efi and machine.x86 and not guest.features.acpi:
        raise ConfigUnsupported("UEFI requires ACPI on this architecture")
    if guest.features.acpi and machine.arch == "aarch64" and not efi:
        raise ConfigUnsupported("ACPI requires UEFI on this architecture")


def _check_identity(situation: Situation) -> None:
    guest = situation.guest
    if guest.genid is not None or guest.genid_wanted:
        situation.need("vmgenid", "this QEMU does not support the 'genid' capability")
    if guest.os.bios and guest.os.bios.use_serial:
        if not situation.machine.x86:
            raise ConfigUnsupported("BIOS serial console only supported on x86 architectures")
        if not guest.devices.serials:
            raise XmlError("need at least one serial port to use BIOS serial output")


def _check_lifecycle(situation: Situation) -> None:
    actions = situation.guest.lifecycle
    if Action.RENAME_RESTART in (actions.on_poweroff, actions.on_reboot, actions.on_crash):
        raise ConfigUnsupported(
            "qemu driver doesn't support the 'rename-restart' action for 'on_reboot'/'on_poweroff'/'on_crash'"
        )
    if Action.PRESERVE in (actions.on_poweroff, actions.on_reboot):
        raise ConfigUnsupported("qemu driver doesn't support the 'preserve' action for 'on_reboot'/'on_poweroff'")
    if actions.on_poweroff is Action.RESTART and actions.on_reboot is Action.DESTROY:
        raise ConfigUnsupported(
            "qemu driver doesn't support 'onReboot' set to 'destroy and 'onPoweroff' set to 'reboot'"
        )


def _check_sleep(situation: Situation) -> None:
    pm = situation.guest.pm
    if not situation.machine.x86 and (pm.suspend_to_memory is not None or pm.suspend_to_disk is not None):
        raise ConfigUnsupported("setting ACPI S3/S4 not supported")


def _check_allocations(situation: Situation) -> None:
    """Parts of the host's caches and memory bandwidth can be given to KVM's threads only."""
    tuning = situation.guest.cputune
    if (tuning.caches or tuning.memory) and situation.guest.type != "kvm":
        raise ConfigUnsupported("cachetune is only supported for KVM domains")


def _check_consoles(situation: Situation) -> None:
    for console in situation.guest.devices.consoles:
        match console.target:
            case ConsoleTarget.SCLP:
                situation.need("s390-sclp", "sclpconsole is not supported in this QEMU binary")
            case ConsoleTarget.SCLPLM:
                situation.need("sclplmconsole", "sclplmconsole is not supported in this QEMU binary")
            case None | ConsoleTarget.VIRTIO | ConsoleTarget.SERIAL:
                pass
            case other:
                raise ConfigUnsupported(f"unsupported console target type {other}")


RESERVED_NAMES = ("opt/ovmf/", "opt/org.qemu/")


def _check_firmware_files(situation: Situation) -> None:
    for info in situation.guest.sysinfo:
        if not isinstance(info, FirmwareInfo):
            continue
        for file in info.files:
            if not file.name.startswith("opt/"):
                raise ConfigUnsupported("Invalid firmware name")
            if file.name.startswith(RESERVED_NAMES):
                raise ConfigUnsupported("That firmware name is reserved")


def _check_launch_security(situation: Situation) -> None:
    security = situation.guest.launch_security
    if security is None:
        return
    if not situation.offers("launch_security", "sectype", security.type):
        raise ConfigUnsupported(f"'{security.type}' launch security is not supported with this QEMU binary")
    if isinstance(security, Sev) and security.kernel_hashes is not None:
        situation.need(
            "sev-guest-kernel-hashes", "SEV measured direct kernel boot is not supported with this QEMU binary"
        )
    if isinstance(security, S390Pv) and not situation.caps.kvm_secure_guest:
        raise ConfigUnsupported("S390 PV launch security is not supported by this host or kernel")
