# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest: what of it is more than its calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from libvirt._base import Child, Identified, Named
from libvirt._calls import DomainCalls, DomainCheckpointCalls, DomainSnapshotCalls
from libvirt._migration import Migration

if TYPE_CHECKING:
    from libvirt import virConnect, virStream

MEMORY_TAGS = (
    "swap_in", "swap_out", "major_fault", "minor_fault", "unused", "available", "actual", "rss", "usable",
    "last_update", "disk_caches", "hugetlb_pgalloc", "hugetlb_pgfail",
)  # fmt: skip


class virDomain(Named, Identified, Migration, DomainCalls):
    """A guest."""

    def ID(self) -> int:
        """Get the number of the running guest, else -1."""
        number: int = self._o.handle.id
        return number

    def _renumber(self, number: int) -> None:
        known = self._o.handle
        self._o.handle = type(known)(known.name, known.uuid, number)

    # Lifecycle

    def create(self) -> int:
        """Start a defined guest."""
        self._ask("domain.lifecycle.create")
        found = self._conn._reply("domain.lookup.lookup_by_uuid", self.UUID())
        self._renumber(found.id)
        return 0

    def createWithFlags(self, flags: int = 0) -> int:
        """Start a defined guest."""
        self._renumber(self._reply("domain.lifecycle.create_with_flags", flags).id)
        return 0

    def createWithFiles(self, files: Sequence[int], flags: int = 0) -> int:
        """Start a defined guest that gets open files."""
        from libvirt._asking import reply

        found = reply(self, "domain.lifecycle.create_with_files", (flags,), fds=list(files)).result
        self._renumber(found.id)
        return 0

    def destroy(self) -> int:
        """End the guest at once."""
        self._ask("domain.lifecycle.destroy")
        self._renumber(-1)
        return 0

    def destroyFlags(self, flags: int = 0) -> int:
        """End the guest."""
        self._ask("domain.lifecycle.destroy_flags", flags)
        self._renumber(-1)
        return 0

    def shutdown(self) -> int:
        """Ask the guest to shut down."""
        self._ask("domain.lifecycle.shutdown")
        self._renumber_ended()
        return 0

    def shutdownFlags(self, flags: int = 0) -> int:
        """Ask the guest to shut down, in a certain way."""
        self._ask("domain.lifecycle.shutdown_flags", flags)
        self._renumber_ended()
        return 0

    def _renumber_ended(self) -> None:
        """A driver in this process may have ended the guest already; a daemon never says."""
        if self._o.link.in_process and not self.isActive():
            self._renumber(-1)

    def save(self, to: str) -> int:
        """Write the guest to a file and end it."""
        self._ask("domain.save.save", to)
        self._renumber(-1)
        return 0

    def managedSave(self, flags: int = 0) -> int:
        """Have the guest kept, to go on at its next start."""
        self._ask("domain.save.managed_save", flags)
        self._renumber(-1)
        return 0

    def FDAssociate(self, name: str, files: Sequence[int], flags: int = 0) -> int:
        """Give open files that the definition names."""
        from libvirt._asking import reply

        reply(self, "domain.lifecycle.fd_associate", (name, flags), fds=list(files))
        return 0

    # Processors

    def emulatorPinInfo(self, flags: int = 0) -> tuple[bool, ...]:
        """On which of the host's processors the emulator may run."""
        from libvirt._shapes import cpus

        count = self._conn._cpu_count()
        found = self._reply("domain.vcpu.emulator_pin_info", _octets(count), flags)
        return cpus(found.cpumaps, count)

    def vcpuPinInfo(self, flags: int = 0) -> list[tuple[bool, ...]]:
        """On which of the host's processors each virtual one may run."""
        from libvirt._shapes import cpus

        count, size = self._conn._cpu_count(), _octets(self._conn._cpu_count())
        vcpus = self.info()[3]
        found = self._reply("domain.vcpu.vcpu_pin_info", vcpus, size, flags)
        return [cpus(found.cpumaps[size * at : size * (at + 1)], count) for at in range(found.number)]

    def vcpus(self) -> tuple[list[tuple[int, int, int, int]], list[tuple[bool, ...]]]:
        """What each virtual processor does, and where it may run."""
        from libvirt._shapes import cpus

        count = self._conn._cpu_count()
        size = _octets(count)
        found = self._reply("domain.vcpu.vcpus", self.info()[3], size)
        states = [(int(one.number), int(one.state), one.cpu_time, one.cpu) for one in found.info]
        return states, [cpus(found.cpumaps[size * at : size * (at + 1)], count) for at in range(len(states))]

    def ioThreadInfo(self, flags: int = 0) -> list[tuple[int, list[bool]]]:
        """The threads for input and output, and where they may run."""
        from libvirt._shapes import cpus

        count = self._conn._cpu_count()
        found = self._reply("domain.vcpu.io_thread_info", flags)
        return [(thread.iothread_id, list(cpus(thread.cpumap, count))) for thread in found]

    def pinVcpu(self, vcpu: int, cpumap: tuple[bool, ...]) -> int:
        """Set where a virtual processor may run."""
        self._ask("domain.vcpu.pin_vcpu", vcpu, self._map(cpumap))
        return 0

    def pinVcpuFlags(self, vcpu: int, cpumap: tuple[bool, ...], flags: int = 0) -> int:
        """Set where a virtual processor may run."""
        self._ask("domain.vcpu.pin_vcpu_flags", vcpu, self._map(cpumap), flags)
        return 0

    def pinEmulator(self, cpumap: tuple[bool, ...], flags: int = 0) -> int:
        """Set where the emulator may run."""
        self._ask("domain.vcpu.pin_emulator", self._map(cpumap), flags)
        return 0

    def pinIOThread(self, iothread_val: int, cpumap: tuple[bool, ...], flags: int = 0) -> int:
        """Set where a thread for input and output may run."""
        self._ask("domain.vcpu.pin_io_thread", iothread_val, self._map(cpumap), flags)
        return 0

    def _map(self, cpumap: tuple[bool, ...]) -> bytes:
        """A map as octets, as long as the host's number of processors wants."""
        if not isinstance(cpumap, tuple):
            raise TypeError("Unexpected type, tuple is required")
        count = self._conn._cpu_count()
        octets = bytearray(_octets(count))
        for at, on in enumerate(cpumap[:count]):
            octets[at // 8] |= bool(on) << at % 8
        return bytes(octets)

    def getCPUStats(self, total: bool, flags: int = 0) -> list[dict[str, Any]]:
        """How long the guest used the host's processors, each or all together."""
        from libvirt._shapes import params

        call = "domain.stats.get_cpu_stats"
        if total:
            count = self._reply(call, 0, -1, 1, flags).per_cpu
            return [params(self._reply(call, count, -1, 1, flags).params)]
        cpus = self._reply(call, 0, 0, 0, flags).per_cpu
        count = self._reply(call, 0, 0, 1, flags).per_cpu
        found: list[dict[str, Any]] = []
        for start in range(0, cpus, 128):
            some = min(128, cpus - start)
            entries = self._reply(call, count, start, some, flags).params.entries
            size = len(entries) // some if some else 0
            found += [{e.name: e.value for e in entries[size * at : size * (at + 1)]} for at in range(some)]
        return found

    # Memory, time, input

    def memoryStats(self) -> dict[str, int]:
        """What the guest tells of its memory."""
        found = self._reply("domain.memory.memory_stats", 0)
        return {MEMORY_TAGS[stat.tag]: stat.val for stat in found if 0 <= stat.tag < len(MEMORY_TAGS)}

    def getTime(self, flags: int = 0) -> dict[str, int]:
        """Ask the guest for its time."""
        found = self._reply("domain.agent.get_time", flags)
        return {"seconds": found.seconds, "nseconds": found.nseconds}

    def setTime(self, time: Mapping[str, int] | None = None, flags: int = 0) -> int:
        """Set the guest's time."""
        given = dict(time or {})
        if unknown := given.keys() - {"seconds", "nseconds"}:
            raise LookupError(f"Dictionary contains unknown key {unknown.pop()}")
        if given and "seconds" not in given:
            raise LookupError("malformed or missing 'seconds'")
        self._ask("domain.agent.set_time", given.get("seconds", 0), given.get("nseconds", 0), flags)
        return 0

    def sendKey(self, codeset: int, holdtime: int, keycodes: Sequence[int], nkeycodes: int, flags: int = 0) -> int:
        """Press keys of the guest's keyboard."""
        self._ask("domain.console.send_key", codeset, holdtime, list(keycodes)[:nkeycodes], flags)
        return 0

    # Tuning: the other side's present parameters tell the types

    def setSchedulerParameters(self, params: Mapping[str, Any]) -> int:
        """Set how the guest shares the host's processors."""
        return self._set_like(params, "domain.tuning.scheduler_parameters", "domain.tuning.set_scheduler_parameters")

    def setSchedulerParametersFlags(self, params: Mapping[str, Any], flags: int = 0) -> int:
        """Set how the guest shares the host's processors."""
        get, put = "domain.tuning.scheduler_parameters_flags", "domain.tuning.set_scheduler_parameters_flags"
        return self._set_like(params, get, put, flags)

    def setBlkioParameters(self, params: Mapping[str, Any], flags: int = 0) -> int:
        """Set how the guest shares the host's disks."""
        return self._set_like(params, "domain.tuning.blkio_parameters", "domain.tuning.set_blkio_parameters", flags)

    def setMemoryParameters(self, params: Mapping[str, Any], flags: int = 0) -> int:
        """Set limits of the guest's memory."""
        return self._set_like(params, "domain.tuning.memory_parameters", "domain.tuning.set_memory_parameters", flags)

    def setNumaParameters(self, params: Mapping[str, Any], flags: int = 0) -> int:
        """Set from which cells the guest's memory comes."""
        return self._set_like(params, "domain.tuning.numa_parameters", "domain.tuning.set_numa_parameters", flags)

    def setPerfEvents(self, params: Mapping[str, Any], flags: int = 0) -> int:
        """Set which counters of the processor are read."""
        return self._set_like(params, "domain.tuning.perf_events", "domain.tuning.set_perf_events", flags)

    def setInterfaceParameters(self, device: str, params: Mapping[str, Any], flags: int = 0) -> int:
        """Set limits of a network card."""
        get, put = "domain.tuning.interface_parameters", "domain.tuning.set_interface_parameters"
        return self._set_like(params, get, put, flags, first=(device,))

    def _set_like(self, params: Mapping[str, Any], get: str, put: str, *flags: int, first: tuple[Any, ...] = ()) -> int:
        from libvirt._tuning import set_like

        return set_like(self, params, get, put, first, flags)

    # Streams and descriptors

    def openConsole(self, dev_name: str | None, st: virStream, flags: int = 0) -> int:
        """Connect a stream to a console."""
        st._attach(self, "domain.console.open_console", dev_name, flags)
        return 0

    def openChannel(self, name: str | None, st: virStream, flags: int = 0) -> int:
        """Connect a stream to a channel."""
        st._attach(self, "domain.console.open_channel", name, flags)
        return 0

    def screenshot(self, stream: virStream, screen: int, flags: int = 0) -> str:
        """Get what is on the guest's screen over a stream; the result is the kind of picture."""
        kind: str = st if (st := stream._attach(self, "domain.console.screenshot", screen, flags)) else ""
        return kind

    def openGraphics(self, idx: int, fd: int, flags: int = 0) -> int:
        """Connect a socket to the guest's graphics."""
        from libvirt._asking import reply

        reply(self, "domain.console.open_graphics", (idx, flags), fds=[fd])
        return 0

    def openGraphicsFD(self, idx: int, flags: int = 0) -> int:
        """Get a socket that is connected to the guest's graphics."""
        from libvirt._asking import reply

        found = reply(self, "domain.console.open_graphics_fd", (idx, flags))
        return found.fds[0]

    # Snapshots

    def revertToSnapshot(self, snap: virDomainSnapshot, flags: int = 0) -> int:
        """Go back to a snapshot."""
        snap._ask("domain.snapshot.revert_to_snapshot", flags)
        return 0


class _OfDomain(Child):
    """An object that belongs to a guest."""

    def __init__(self, dom: virDomain, _obj: Any = None) -> None:
        """Made by calls of its guest."""
        self._dom = dom
        super().__init__(dom, _obj)

    def domain(self) -> virDomain:
        """The guest."""
        return self._dom

    def getConnect(self) -> virConnect:
        """The connection."""
        return self._conn

    def getDomain(self) -> virDomain:
        """The guest."""
        return self._dom

    def getName(self) -> str:
        """Get the name."""
        name: str = self._o.handle.name
        return name


class virDomainSnapshot(_OfDomain, DomainSnapshotCalls):
    """A kept state of a guest."""


class virDomainCheckpoint(_OfDomain, DomainCheckpointCalls):
    """A point in time from which a guest's disks remember what was written."""


def _octets(cpus: int) -> int:
    return (cpus + 7) // 8
