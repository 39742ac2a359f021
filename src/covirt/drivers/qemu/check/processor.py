# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guest's processors and the threads beside them."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.drivers.qemu.defaults.devices import MAX_VCPUS_WITHOUT_EIM
from covirt.errors import ConfigUnsupported
from covirt.model.common.cpu import AddressMode, CacheMode, CpuCache, CpuMode, MaxPhysAddr


def check_model(situation: Situation) -> None:
    """Check the model and what is told to the guest of its caches and addresses."""
    cpu = situation.guest.cpu
    if cpu is None:
        return
    if cpu.address:
        _check_address_size(cpu.address, situation)
    mode = cpu.mode or CpuMode.CUSTOM
    if cpu.cache:
        _check_cache(cpu.cache, mode, situation)
    if mode is CpuMode.HOST_PASSTHROUGH and cpu.migratable:
        situation.need(
            "cpu.migratable", "Migratable attribute for host-passthrough CPU is not supported by this QEMU binary"
        )
    if mode is CpuMode.MAXIMUM:
        situation.need("cpu-max", "maximum CPU is not supported by QEMU binary")


def _check_address_size(address: MaxPhysAddr, situation: Situation) -> None:
    if not situation.machine.x86:
        raise ConfigUnsupported(
            "CPU maximum physical address bits specification is not supported for "
            f"'{situation.machine.arch}' architecture"
        )
    if address.bits is None:
        return
    if address.mode is AddressMode.PASSTHROUGH:
        raise ConfigUnsupported(
            f"CPU maximum physical address bits number specification cannot be used with mode='{address.mode}'"
        )
    if 0 < situation.host.address_bits < address.bits:
        raise ConfigUnsupported(
            "The number of virtual CPU address bits cannot exceed the number supported by the host CPU"
        )


def _check_cache(cache: CpuCache, mode: CpuMode, situation: Situation) -> None:
    if not situation.machine.x86:
        raise ConfigUnsupported(f"CPU cache specification is not supported for '{situation.machine.arch}' architecture")
    if cache.mode is CacheMode.EMULATE:
        if cache.level != 3:
            raise ConfigUnsupported(f"CPU cache mode '{cache.mode}' can only be used with level='3'")
        return
    whole = (CpuMode.HOST_PASSTHROUGH, CpuMode.MAXIMUM)
    if cache.mode is CacheMode.PASSTHROUGH and mode not in whole:
        raise ConfigUnsupported(f"CPU cache mode '{cache.mode}' can only be used with '{whole[0]}' / '{whole[1]}' CPUs")
    if cache.level is not None:
        raise ConfigUnsupported(f"unsupported CPU cache level for mode '{cache.mode}'")


def check_iothreads(situation: Situation) -> None:
    """Old QEMU has no pools of threads beside the I/O threads."""
    threads = situation.guest.iothreads
    limits = [(thread.pool_min, thread.pool_max) for thread in threads.threads]
    if threads.default:
        limits.append((threads.default.pool_min, threads.default.pool_max))
    if any(limit != (None, None) for limit in limits):
        situation.need(
            "iothread.thread-pool-max",
            "thread_pool_min and thread_pool_max is not supported by this QEMU binary",
        )


def check_topology(situation: Situation) -> None:
    """Check how many processors there are, and how they are divided."""
    guest, machine, vcpus = situation.guest, situation.machine, situation.guest.vcpus
    if vcpus.count == 0:
        raise ConfigUnsupported("Domain requires at least 1 vCPU")
    most = situation.caps.machine_max_cpus(guest.type, machine.type)
    if 0 < most < vcpus.maximum:
        raise ConfigUnsupported(f"Maximum CPUs greater than specified machine type limit {most}")
    topology = guest.cpu.topology if guest.cpu else None
    if topology is not None:
        if topology.vcpus != vcpus.maximum:
            raise ConfigUnsupported("CPU topology doesn't match maximum vcpu count")
        if machine.pseries and vcpus.count % topology.threads:
            # There, processors come and go by whole cores.
            raise ConfigUnsupported(
                f"vCPUs count must be a multiple of the vCPU hotplug granularity ({topology.threads})"
            )
    _check_many(situation)


def _check_many(situation: Situation) -> None:
    guest, machine = situation.guest, situation.machine
    if not machine.x86 or guest.vcpus.maximum <= MAX_VCPUS_WITHOUT_EIM:
        return
    if not machine.q35:
        raise ConfigUnsupported(
            f"more than {MAX_VCPUS_WITHOUT_EIM} vCPUs are only supported on q35-based machine types"
        )
    iommu = guest.devices.iommu
    if iommu is None or not iommu.driver.eim:
        raise ConfigUnsupported(
            f"more than {MAX_VCPUS_WITHOUT_EIM} vCPUs require extended interrupt mode enabled on the iommu device"
        )
