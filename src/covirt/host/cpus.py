# SPDX-License-Identifier: LGPL-2.1-or-later
"""The processors of this machine, from sysfs and /proc."""

from __future__ import annotations

import fcntl
import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

from covirt.errors import InternalError, InvalidArg
from covirt.host import sysfs
from covirt.runtime.log import get
from covirt.values import CpuSet

log = get("host.cpus")

ALL_CPUS = -1
_KVM_CHECK_EXTENSION, _KVM_CAP_PPC_SMT = 0xAE03, 64

_FREQUENCY_LABELS = (
    (re.compile(r"x86_64|i[3-6]86"), "cpu MHz"),
    (re.compile(r"ppc"), "clock"),
    (re.compile(r"s390"), "cpu MHz dynamic"),
    (re.compile(r"loongarch"), "CPU MHz"),
)
"""ARM says nothing of its frequency."""

_SIGNATURES = (
    (
        re.compile(r"x86_64|i[3-6]86"),
        ("vendor_id", "model name", "cpu family", "model", "stepping"),
        "{0}, {1}, family: {2}, model: {3}, stepping: {4}",
    ),
    (re.compile(r"ppc64"), ("cpu", "revision"), "{0}, rev {1}"),
    (re.compile(r"s390"), ("vendor_id", "processor 0", "facilities"), "{0}, {1}, facilities: {2}"),
)


@dataclass(frozen=True, slots=True)
class CpuPlace:
    """Where one processor sits."""

    cpu: int
    socket: int
    die: int
    cluster: int
    core: int
    siblings: CpuSet
    """The threads of its core."""


@dataclass(frozen=True, slots=True)
class CpuSummary:
    """The shape of the machine as the old node information has it."""

    cpus: int
    mhz: int
    nodes: int
    sockets: int
    cores: int
    threads: int


@dataclass(frozen=True, slots=True)
class CpuTimes:
    """For how long processors did what, in nanoseconds."""

    kernel: int
    user: int
    idle: int
    iowait: int


class Cpus:
    """Reads what the kernel tells; `system` is /sys/devices/system."""

    def __init__(
        self,
        system: Path = Path("/sys/devices/system"),
        proc: Path = Path("/proc"),
        arch: str | None = None,
        *,
        threads_per_subcore: int | None = None,
    ) -> None:
        """Another machine can be described by copies of its directories."""
        self._system, self._proc = system, proc
        self.arch = arch or platform.machine()
        self._threads_per_subcore = threads_per_subcore

    # Which there are

    def present(self) -> CpuSet:
        """Those that are plugged in."""
        return sysfs.read_set(self._system / "cpu/present")

    def online(self) -> CpuSet:
        """Those that are at work."""
        return sysfs.read_set(self._system / "cpu/online")

    def isolated(self) -> CpuSet | None:
        """Those that the kernel's command line keeps free; None when the kernel does not say."""
        path = self._system / "cpu/isolated"
        return sysfs.read_set(path) if path.exists() else None

    def count(self) -> int:
        """The highest number of a present one, plus one."""
        return max(self.present(), default=-1) + 1

    # Where they sit

    def place(self, cpu: int) -> CpuPlace:
        """Where a processor sits; what the kernel does not know counts as 0."""
        return CpuPlace(
            cpu,
            self._id(cpu, "physical_package_id"),
            self._id(cpu, "die_id"),
            self._id(cpu, "cluster_id"),
            self._id(cpu, "core_id"),
            self.siblings(cpu),
        )

    def siblings(self, cpu: int) -> CpuSet:
        """The threads of a processor's core."""
        path = self._topology(cpu) / "thread_siblings_list"
        return sysfs.read_set(path) if path.exists() else CpuSet({cpu})

    def _id(self, cpu: int, name: str) -> int:
        number = sysfs.read_optional_int(self._topology(cpu) / name)
        # Some architectures give -1 where they have no such level.
        return 0 if number is None or number < 0 else number

    def _topology(self, cpu: int) -> Path:
        return self._system / f"cpu/cpu{cpu}/topology"

    # The shape of the machine

    def summary(self) -> CpuSummary:
        """The shape of the machine.

        Its four numbers cannot express every machine; when their product is not the number of processors, libvirt calls
        all of them cores of one socket, to make people look at the capabilities instead.
        """
        nodes = list(sysfs.numbered(self._system / "node", "node"))
        shapes = [self._shape(path) for _, path in nodes]
        if not shapes or not sum(shape.cpus for shape in shapes):
            shapes = [self._shape(self._system / "cpu")]
        cpus, offline = sum(one.cpus for one in shapes), sum(one.offline for one in shapes)
        count = len(shapes)
        sockets = max(one.sockets for one in shapes)
        cores, threads = max(one.cores for one in shapes), max(one.threads for one in shapes)
        for number, name in ((cpus, "CPUs"), (sockets, "sockets"), (threads, "threads")):
            if number == 0:
                raise InternalError(f"no {name} found")
        if count * sockets * cores * threads != cpus + offline:
            count, sockets, cores, threads = 1, 1, cpus + offline, 1
        return CpuSummary(cpus, self.mhz(), count, sockets, cores, threads)

    def _shape(self, directory: Path) -> _Shape:
        """The shape of one NUMA node, or of all processors."""
        present, online = self.present(), self.online()
        mine = [cpu for cpu, _ in sysfs.numbered(directory, "cpu") if cpu in present]
        subcore = self._subcore_threads(online)
        working = [cpu for cpu in mine if cpu in online]
        # On POWER the other threads of a subcore are offline for the host and run in guests only.
        hidden = [cpu for cpu in mine if cpu not in online and subcore and cpu - cpu % subcore in online]
        cores: dict[int, set[int]] = {}
        for cpu in working:
            core = cpu if self.arch.startswith("s390") else self._id(cpu, "core_id")
            cores.setdefault(self._id(cpu, "physical_package_id"), set()).add(core)
        return _Shape(
            cpus=len(working) + len(hidden),
            offline=len(mine) - len(working) - len(hidden),
            sockets=len(cores),
            cores=max(map(len, cores.values()), default=0),
            threads=max((len(self.siblings(cpu)) for cpu in working), default=0) * (subcore or 1),
        )

    def _subcore_threads(self, online: CpuSet) -> int:
        """How many threads a subcore has; 0 where there are none, or where somebody switched threads by hand."""
        threads = self._ask_threads_per_subcore() if self._threads_per_subcore is None else self._threads_per_subcore
        return threads if threads > 0 and all(cpu % threads == 0 for cpu in online) else 0

    def _ask_threads_per_subcore(self) -> int:
        if not self.arch.startswith("ppc64"):
            return 0
        try:
            fd = os.open("/dev/kvm", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return 0
        try:
            return max(0, fcntl.ioctl(fd, _KVM_CHECK_EXTENSION, _KVM_CAP_PPC_SMT))
        finally:
            os.close(fd)

    # What /proc/cpuinfo says

    def mhz(self) -> int:
        """The frequency; 0 where the kernel does not tell."""
        label = next((label for arch, label in _FREQUENCY_LABELS if arch.match(self.arch)), None)
        if label is None:
            return 0
        pattern = re.compile(rf"{re.escape(label)}\s*:\s*(\d*)(?=[.\s]|$)")
        found = [match[1] for line in self._cpuinfo() if (match := pattern.match(line))]
        if "" in found:
            log.warning("missing or invalid CPU frequency", file=self._proc / "cpuinfo")
            found = found[: found.index("")]
        return int(found[-1]) if found else 0

    def signature(self) -> str | None:
        """A line that changes when the processor does; None for architectures that have none."""
        wanted = next(((names, form) for arch, names, form in _SIGNATURES if arch.match(self.arch)), None)
        if wanted is None:
            return None
        names, form = wanted
        found: dict[str, str] = {}
        for line in self._cpuinfo():
            name, colon, value = line.partition(": ")
            if colon and name.strip() in names:
                found.setdefault(name.strip(), value.strip())
        return form.format(*(found[name] for name in names)) if len(found) == len(names) else None

    def microcode(self) -> int:
        """The version of the microcode; 0 when it is not known."""
        if not re.match(r"x86_64|i[3-6]86", self.arch):
            return 0
        value = next((line.partition(":")[2].strip() for line in self._cpuinfo() if line.startswith("microcode")), "")
        return int(value, 0) if re.fullmatch(r"0x[0-9a-fA-F]+|\d+", value) else 0

    def physical_address_bits(self) -> int:
        """How many bits a physical address has; 0 when it is not known."""
        if not re.match(r"x86_64|i[3-6]86|sh4|loongarch", self.arch):
            return 0
        for line in self._cpuinfo():
            if match := re.match(r"address sizes[^:]*:\s*(\d+)", line, re.IGNORECASE):
                return int(match[1])
        raise InternalError("Missing or invalid CPU address size in /proc/cpuinfo")

    def _cpuinfo(self) -> list[str]:
        return sysfs.read_text(self._proc / "cpuinfo").splitlines()

    # What they did

    def times(self, cpu: int = ALL_CPUS) -> CpuTimes:
        """For how long a processor, or all of them together, did what."""
        name = "cpu" if cpu == ALL_CPUS else f"cpu{cpu}"
        for line in sysfs.read_text(self._proc / "stat").splitlines():
            words = line.split()
            if words and words[0] == name and len(words) >= 5:
                user, nice, system, idle, iowait, irq, softirq, *_ = [*map(int, words[1:]), 0, 0, 0]
                tick = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
                return CpuTimes((system + irq + softirq) * tick, (user + nice) * tick, idle * tick, iowait * tick)
        raise InvalidArg("Invalid cpuNum in virHostCPUGetStatsLinux")


@dataclass(frozen=True, slots=True)
class _Shape:
    cpus: int
    offline: int
    sockets: int
    cores: int
    threads: int
