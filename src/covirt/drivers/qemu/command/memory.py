# SPDX-License-Identifier: LGPL-2.1-or-later
"""-m and what is behind it, -smp, I/O threads."""

from __future__ import annotations

from covirt.drivers.qemu.command.backing import (
    Piece,
    add_backing,
    backing_of,
    default_huge_page,
    huge_page_directory,
)
from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.machine import default_ram
from covirt.drivers.qemu.command.props import props
from covirt.errors import ConfigUnsupported
from covirt.model.domain.memory_backing import MemoryAllocation, MemorySource


def add_memory(build: Build) -> None:
    """How much memory there is and may be, and what is behind it unless there are NUMA nodes."""
    guest = build.guest
    size = guest.initial_memory
    option = f"size={size if guest.memory.hotplug else size & ~0x1FF}k"
    if guest.memory.slots:
        option += f",slots={guest.memory.slots}"
    if guest.memory.maximum:
        option += f",maxmem={guest.memory.maximum}k"
    build.argv.add("-m", option)
    if not guest.numa_cells:
        name = default_ram(build)
        if name:
            piece = Piece(name=name, file_name=name, size=size, whole=True)
            add_backing(build, backing_of(build, piece))
        else:
            add_memory_path(build)
    build.argv.add("-overcommit", f"mem-lock={'on' if guest.memory_backing.locked else 'off'}")


def add_memory_path(build: Build) -> None:
    """What is behind all memory, for machines whose memory is no object."""
    backing = build.guest.memory_backing
    path, allocated = None, backing.allocation is MemoryAllocation.IMMEDIATE
    pages = backing.hugepages
    first = pages.pages[0].size if pages and pages.pages else 0
    if pages is not None and first != build.prepared.page_size:
        path = huge_page_directory(build, first or default_huge_page(build))
        allocated = True
    elif backing.source is MemorySource.FILE:
        path = f"{build.prepared.memory_directory}/ram"
    if allocated and not build.preallocated:
        build.argv.add("-mem-prealloc")
        build.preallocated = True
    if path:
        build.argv.add("-mem-path", path)


def add_processors(build: Build) -> None:
    """How many processors there are at the start and may be, and their arrangement."""
    guest, caps = build.guest, build.caps
    most = guest.vcpus.maximum
    there = sum(vcpu.enabled and not vcpu.hotpluggable for vcpu in guest.single_vcpus())
    option = str(there) if there == most else f"{there},maxcpus={most}"
    topology = guest.cpu.topology if guest.cpu else None
    if topology is None:
        build.argv.add("-smp", f"{option},sockets={most},cores=1,threads=1")
        return
    if topology.dies != 1 and "smp-dies" not in caps:
        raise ConfigUnsupported("Only 1 die per socket is supported")
    if topology.clusters != 1 and "smp-clusters" not in caps:
        raise ConfigUnsupported("Only 1 cluster per die is supported")
    option += f",sockets={topology.sockets}"
    if "smp-dies" in caps:
        option += f",dies={topology.dies}"
    if "smp-clusters" in caps:
        option += f",clusters={topology.clusters}"
    build.argv.add("-smp", f"{option},cores={topology.cores},threads={topology.threads}")


def add_iothreads(build: Build) -> None:
    """Threads that serve devices, and the pool of the main one."""
    for thread in build.guest.iothreads.threads:
        build.argv.object(
            props(
                qom_type="iothread",
                id=f"iothread{thread.id}",
                thread_pool_min=thread.pool_min,
                thread_pool_max=thread.pool_max,
                poll_max_ns=thread.poll_max,
                poll_grow=thread.poll_grow,
                poll_shrink=thread.poll_shrink,
            )
        )
    main = build.guest.iothreads.default
    if main:
        build.argv.object(
            props(qom_type="main-loop", id="main-loop", thread_pool_min=main.pool_min, thread_pool_max=main.pool_max)
        )
