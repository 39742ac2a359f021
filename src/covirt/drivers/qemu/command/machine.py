# SPDX-License-Identifier: LGPL-2.1-or-later
"""-machine and -accel: the board with its switches, and what runs the processors."""

from __future__ import annotations

from collections.abc import Iterator

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.devices.pflash import pflash_nodes
from covirt.drivers.qemu.machine import S390
from covirt.errors import ConfigUnsupported
from covirt.model.common.cpu import CpuMode
from covirt.model.domain.clock import TimerName
from covirt.model.domain.definition import VirtType
from covirt.model.domain.devices.hostdev_sources import MdevHostdev, MdevModel, ScsiHostdev
from covirt.model.domain.devices.iommu import IommuModel
from covirt.model.domain.devices.memory import MemoryModel
from covirt.model.domain.devices.sound import SoundModel
from covirt.model.domain.feature_parts import GicVersion, IoapicDriver
from covirt.model.domain.launch_security import S390Pv


def on_off(value: bool) -> str:
    """The word of a switch."""
    return "on" if value else "off"


def add_machine(build: Build) -> None:
    """The board with its switches."""
    build.argv.add("-machine", ",".join([build.guest.os.machine or "", "usb=off", *_switches(build)]))


def _switches(build: Build) -> Iterator[str]:
    yield from _key_wrap(build)
    yield from _features(build)
    iommu = build.guest.devices.iommu
    if iommu and iommu.model is IommuModel.SMMUV3:
        yield "iommu=smmuv3"
    yield from _memory(build)
    cpu = build.guest.cpu
    if cpu and cpu.model and cpu.mode is CpuMode.HOST_MODEL and build.machine.pseries:
        yield f"max-cpu-compat={cpu.model}"
    if "virtio-ccw.loadparm" not in build.caps and build.machine.arch in S390:
        yield from _load_parameter(build)
    yield from _launch_security(build)
    yield from (f"pflash{place}={node}" for place, node in pflash_nodes(build))
    if has_hmat(build):
        yield "hmat=on"
    if build.guest.os.bios and build.guest.os.bios.use_serial:
        yield "graphics=off"
    if "machine-hpet" in build.caps:
        for timer in build.guest.clock.timers:
            if timer.name is TimerName.HPET and timer.present is not None:
                yield f"hpet={on_off(timer.present)}"
    for sound in build.guest.devices.sounds:
        if sound.model is SoundModel.PCSPK:
            yield f"pcspk-audiodev={build.audio_id(sound.audio_id)}"
    machine = build.caps.machine(build.guest.type, build.guest.os.machine or "")
    if machine and machine.acpi:
        yield f"acpi={on_off(build.guest.features.acpi)}"


def has_hmat(build: Build) -> bool:
    """Does the guest know how far memory is?"""
    numa = build.guest.numa
    return numa is not None and bool(numa.links or any(cell.caches for cell in numa.cells))


def _key_wrap(build: Build) -> Iterator[str]:
    wrap = build.guest.keywrap
    if wrap is None or (wrap.aes is None and wrap.dea is None):
        return
    if build.machine.arch not in S390:
        raise ConfigUnsupported("'aes-key-wrap'/'dea-key-wrap' is not available on this architecture")
    if wrap.aes is not None:
        yield f"aes-key-wrap={on_off(wrap.aes)}"
    if wrap.dea is not None:
        yield f"dea-key-wrap={on_off(wrap.dea)}"


def _features(build: Build) -> Iterator[str]:
    features = build.guest.features
    if features.vmport is not None:
        yield f"vmport={on_off(features.vmport)}"
    if features.smm is not None:
        yield f"smm={on_off(bool(features.smm.state))}"
    yield from _gic(build)
    if features.ioapic and features.ioapic.driver:
        yield f"kernel_irqchip={'split' if features.ioapic.driver is IoapicDriver.QEMU else 'on'}"
    if features.hpt:
        if features.hpt.resizing:
            yield f"resize-hpt={features.hpt.resizing}"
        if features.hpt.max_page_size:
            yield f"cap-hpt-max-page-size={features.hpt.max_page_size}k"
    for name, state in (
        ("cap-htm", features.htm),
        ("cap-nested-hv", features.nested_hv),
        ("cap-ccf-assist", features.ccf_assist),
    ):
        if state is not None:
            yield f"{name}={on_off(state)}"
    for name, word in (("cap-cfpc", features.cfpc), ("cap-sbbc", features.sbbc), ("cap-ibs", features.ibs)):
        if word is not None:
            yield f"{name}={word}"
    for name, state in (("ras", features.ras), ("i8042", features.ps2)):
        if state is not None:
            yield f"{name}={on_off(state)}"
    if features.aia is not None:
        yield f"aia={features.aia}"


def _gic(build: Build) -> Iterator[str]:
    gic = build.guest.features.gic
    if gic is None or gic.version is None:
        return
    if build.caps.arch == "aarch64":
        yield f"gic-version={gic.version}"
    elif gic.version is not GicVersion.V2:
        # Boards of 32-bit processors have version 2, and no option.
        raise ConfigUnsupported("gic-version option is not available with this QEMU binary")


def _memory(build: Build) -> Iterator[str]:
    guest = build.guest
    dump = guest.memory.dump_core
    yield f"dump-guest-core={on_off(build.settings.dump_guest_core if dump is None else dump)}"
    if guest.memory_backing.no_share_pages:
        yield "mem-merge=off"
    enclaves, persistent = 0, False
    for memory in guest.devices.memories:
        if memory.model is MemoryModel.NVDIMM and not persistent:
            persistent = True
            yield "nvdimm=on"
        elif memory.model is MemoryModel.SGX_EPC:
            yield f"sgx-epc.{enclaves}.memdev=mem{memory.info.alias},sgx-epc.{enclaves}.node={memory.target.node or 0}"
            enclaves += 1
    if not guest.numa_cells and (name := default_ram(build)):
        yield f"memory-backend={name}"


def default_ram(build: Build) -> str | None:
    """The name that the machine gives its memory, when its memory can be an object."""
    machine = build.caps.machine(build.guest.type, build.guest.os.machine or "")
    return machine.default_ram_id if machine else None


def _load_parameter(build: Build) -> Iterator[str]:
    """The parameter of the first device in boot order that has one, of the kinds that can be booted from."""
    devices = build.guest.devices
    hostdevs = [
        hostdev
        for hostdev in devices.hostdevs
        if isinstance(hostdev.source, ScsiHostdev)
        or (isinstance(hostdev.source, MdevHostdev) and hostdev.source.model is MdevModel.VFIO_CCW)
    ]
    boots = [disk.boot for disk in devices.disks]
    boots += [card.boot for card in devices.interfaces]
    boots += [hostdev.boot for hostdev in hostdevs]
    for boot in boots:
        if boot and boot.order == 1 and boot.loadparm:
            yield f"loadparm={boot.loadparm}"
            return


def _launch_security(build: Build) -> Iterator[str]:
    security = build.guest.launch_security
    if security is None:
        return
    general = isinstance(security, S390Pv) or "confidential-guest-support" in build.caps
    yield f"{'confidential-guest-support' if general else 'memory-encryption'}=lsec0"


def add_accelerator(build: Build) -> None:
    """What runs the processors."""
    guest, features = build.guest, build.guest.features
    match guest.type:
        case VirtType.QEMU:
            cache = features.tcg.tb_cache if features.tcg else 0
            option = f"tcg,tb-size={cache >> 10}" if cache else "tcg"
        case VirtType.KVM:
            ring = features.kvm is not None and features.kvm.dirty_ring
            option = f"kvm,dirty-ring-size={features.kvm.dirty_ring_size}" if ring and features.kvm else "kvm"
        case VirtType.HVF:
            option = "hvf"
        case _:
            raise ConfigUnsupported(f"the QEMU driver does not support '{guest.type}' guests")
    build.argv.add("-accel", option)


def add_tseg(build: Build) -> None:
    """How much memory system management mode has."""
    smm = build.guest.features.smm
    if smm and smm.tseg is not None:
        build.argv.add("-global", f"mch.extended-tseg-mbytes={smm.tseg >> 20}")
