# SPDX-License-Identifier: LGPL-2.1-or-later
"""The whole command line in its order, which is libvirt's: some options must stand before those that refer to them."""

from __future__ import annotations

from collections import Counter

from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.command import clock, cpu, identity, machine, memory, numa, objects, start
from covirt.drivers.qemu.command.argv import Argv
from covirt.drivers.qemu.command.context import Build, Prepared
from covirt.drivers.qemu.devices import (
    audio,
    char,
    controller,
    crypto,
    disk,
    filesystem,
    floppy,
    graphics,
    hostdev,
    hub,
    input,
    interface,
    iommu,
    memballoon,
    panic,
    pflash,
    pstore,
    redirdev,
    rng,
    shmem,
    smartcard,
    sound,
    tpm,
    video,
    vsock,
    watchdog,
)
from covirt.drivers.qemu.devices import memory as memory_device
from covirt.drivers.qemu.machine import machine_of
from covirt.drivers.qemu.settings import QemuSettings
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.domain.address import SpaprVioAddress
from covirt.model.domain.definition import DomainDefinition, VirtType
from covirt.model.domain.devices.controller import ControllerType
from covirt.model.domain.os import OsType


def build_command(
    guest: DomainDefinition,
    caps: EmulatorCapabilities,
    settings: QemuSettings,
    prepared: Prepared,
    host_arch: str,
) -> Argv:
    """The command line of a live definition; raises what libvirt raises for what QEMU cannot do."""
    build = new_build(guest, caps, settings, prepared, host_arch)
    _check(guest)
    build.argv.environment |= prepared.environment
    _add_machine(build)
    _add_devices(build)
    _add_rest(build)
    return build.argv


def new_build(
    guest: DomainDefinition,
    caps: EmulatorCapabilities,
    settings: QemuSettings,
    prepared: Prepared,
    host_arch: str,
) -> Build:
    """A command line without any option; devices that are plugged in later are made with one, too."""
    argv = Argv(
        guest.devices.emulator or "",
        json_devices="device.json+hotplug" in caps,
        json_netdevs="netdev.json" in caps,
        json_chardevs="chardev.json" in caps,
    )
    if guest.extensions.qemu:
        for override in guest.extensions.qemu.overrides:
            argv.overrides[override.alias] = {one.name: one.json for one in override.properties}
    return Build(
        guest=guest,
        caps=caps,
        settings=settings,
        machine=machine_of(guest),
        argv=argv,
        prepared=prepared,
        host_arch=host_arch,
    )


def _check(guest: DomainDefinition) -> None:
    counts = Counter(graphics.type for graphics in guest.devices.graphics)
    counts.pop("desktop", None)
    if counts and max(counts.values()) > 1:
        raise ConfigUnsupported(
            "only 1 graphics device of each type (sdl, vnc, spice, headless, dbus, rdp) is supported"
        )
    if guest.type is VirtType.XEN or guest.os.type in (OsType.XEN, OsType.LINUX):
        raise InternalError(f"qemu emulator '{guest.devices.emulator}' does not support xen")


def _add_machine(build: Build) -> None:
    """Everything up to the buses."""
    guest, argv = build.guest, build.argv
    identity.add_name(build)
    objects.add_compatibility(build)
    argv.add("-S")
    objects.add_master_key(build)
    objects.add_helper_states(build)
    objects.add_reservations(build)
    pflash.add_flash(build)
    machine.add_machine(build)
    machine.add_accelerator(build)
    machine.add_tseg(build)
    cpu.add_cpu(build)
    pflash.add_loader(build)
    memory.add_memory(build)
    memory.add_processors(build)
    memory.add_iothreads(build)
    objects.add_throttle_groups(build)
    numa.add_numa(build)
    argv.add("-uuid", str(guest.uuid))
    identity.add_smbios(build)
    identity.add_firmware_files(build)
    identity.add_generation(build)
    if not guest.devices.graphics:
        argv.add("-display", "none")
    argv.add("-no-user-config")
    argv.add("-nodefaults")
    start.add_monitor(build)
    clock.add_clock(build)
    start.add_power(build)
    start.add_boot(build)


def _add_devices(build: Build) -> None:
    """Buses, then what is on them, then the host's devices."""
    devices = build.guest.devices
    if devices.iommu:
        iommu.build(devices.iommu, build)
    controller.add_pci_holes(build)
    controller.build_all(build)
    for module in devices.memories:
        memory_device.build(module, build)
    for one in devices.hubs:
        hub.build(one, build)
    controller.build_kind(ControllerType.CCID, build)
    floppy.build(build)
    for drive in devices.disks:
        if not (drive.transient and drive.transient.share_backing):
            disk.build(drive, build)
    for shared in devices.filesystems:
        filesystem.build(shared, build)
    for card in devices.interfaces:
        interface.build(card, build)
    for reader in devices.smartcards[:1]:
        smartcard.build(reader, build)
    char.build_serials(build)
    char.build_parallels(build)
    char.build_channels(build)
    char.build_consoles(build)
    for module_ in devices.tpms:
        tpm.build(module_, build)
    for key in devices.inputs:
        input.build(key, build)
    for back_end in devices.audios:
        audio.build(back_end, build)
    for display in devices.graphics:
        graphics.build(display, build)
    for head in devices.videos:
        video.build(head, build)
    for speaker in devices.sounds:
        sound.build(speaker, build)
    watchdog.build_all(build)
    for port in devices.redirdevs:
        redirdev.build(port, build)
    hostdev.build_all(build)


def _add_rest(build: Build) -> None:
    """Incoming state, small devices, the user's own arguments, the enclosure."""
    devices, argv = build.guest.devices, build.argv
    if build.prepared.incoming:
        argv.add("-incoming", build.prepared.incoming)
    memballoon.build(build)
    for source in devices.rngs:
        rng.build(source, build)
    if devices.nvram:
        address = devices.nvram.info.address
        register = address.reg if isinstance(address, SpaprVioAddress) else 0
        argv.add("-global", f"spapr-nvram.reg={register or 0:#x}")
    objects.add_core_info(build)
    objects.add_launch_security(build)
    if build.guest.extensions.qemu:
        argv.add(*(argument.value for argument in build.guest.extensions.qemu.arguments))
        argv.environment |= {
            variable.name: variable.value or "" for variable in build.guest.extensions.qemu.environment
        }
    objects.add_sandbox(build)
    for notifier in devices.panics:
        panic.build(notifier, build)
    for shared in devices.shmems:
        shmem.build(shared, build)
    if devices.vsock:
        vsock.build(devices.vsock, build)
    for cipher in devices.cryptos:
        crypto.build(cipher, build)
    if devices.pstore:
        pstore.build(devices.pstore, build)
    objects.add_teardown(build)
    if build.settings.log_timestamp:
        argv.add("-msg", "timestamp=on")
