# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<cputune>`: the guest's share of the host's CPUs, and where its threads run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from covirt.errors import ConfigUnsupported, InternalError, XmlDetail, XmlError
from covirt.model.common.scalars import NonZero
from covirt.model.domain.cachetune import CacheTune, MemoryTune, settle_allocations
from covirt.model.domain.iothreads import IoThreads
from covirt.model.domain.sizes import CPU_NUMBERS, Cpus
from covirt.values import CpuSet
from covirt.xml import At, Int, Long, Reading, Scalar, ULong


class Scheduler(StrEnum):
    """The kernel's scheduling policies."""

    BATCH = "batch"
    IDLE = "idle"
    FIFO = "fifo"
    RR = "rr"

    @property
    def realtime(self) -> bool:
        """Does it go by priority?"""
        return self in (Scheduler.FIFO, Scheduler.RR)


def _pin(what: str) -> At:
    return At("@cpuset", missing=f"missing cpuset for {what}", error=InternalError)


@dataclass(slots=True, kw_only=True)
class VcpuPin:
    """Where one virtual processor runs."""

    vcpu: Annotated[int, At("@vcpu")]
    cpus: Annotated[Cpus, _pin("vcpupin")]


@dataclass(slots=True, kw_only=True)
class EmulatorPin:
    """Where the hypervisor's other threads run."""

    cpus: Annotated[Cpus, _pin("emulatorpin")]


@dataclass(slots=True, kw_only=True)
class IoThreadPin:
    """Where one I/O thread runs."""

    thread: Annotated[NonZero, At("@iothread")]
    cpus: Annotated[Cpus, _pin("iothreadpin")]


@dataclass(slots=True, kw_only=True)
class Sched:
    """A policy and, when it needs one, a priority."""

    scheduler: Annotated[Scheduler, At("@scheduler")]
    priority: Annotated[Int | None, At("@priority")] = None

    def after_parse(self, reading: Reading) -> None:
        """Real time needs a priority; the others have none."""
        if not self.scheduler.realtime:
            self.priority = None
        elif self.priority is None:
            name = reading.element.name
            raise XmlError(f"Missing required attribute 'priority' in element '{name}'")


def _threads(name: str, element: str) -> At:
    return At(f"@{name}", missing=f"Missing attribute '{name}' in element '{element}'")


@dataclass(frozen=True, slots=True)
class Threads(Scalar):
    """A set of threads that is not empty."""

    name: str

    def read(self, text: str) -> CpuSet:
        """The set of a text."""
        threads = CpuSet.parse(text, limit=CPU_NUMBERS)
        if not threads:
            raise ConfigUnsupported(f"'{self.name}' scheduler bitmap '{text}' is empty")
        return threads


@dataclass(slots=True, kw_only=True)
class VcpuSched(Sched):
    """The policy of some virtual processors; kept and written one by one."""

    threads: Annotated[CpuSet, _threads("vcpus", "vcpusched"), Threads("vcpus")]
    scheduler: Annotated[Scheduler, At("@scheduler")]
    priority: Annotated[Int | None, At("@priority")] = None


@dataclass(slots=True, kw_only=True)
class IoThreadSched(Sched):
    """The policy of some I/O threads; kept and written one by one."""

    threads: Annotated[CpuSet, _threads("iothreads", "iothreadsched"), Threads("iothreads")]
    scheduler: Annotated[Scheduler, At("@scheduler")]
    priority: Annotated[Int | None, At("@priority")] = None


def _value(name: str) -> At:
    return At(name, omit=0, invalid=f"can't parse cputune {name.replace('_', ' ')} value")


@dataclass(slots=True, kw_only=True)
class CpuTuning:
    """Share, bandwidth, pinning, scheduling, and cache and memory bandwidth allocation."""

    shares: Annotated[ULong | None, At("shares", invalid="can't parse cputune shares value")] = None
    period: Annotated[ULong, _value("period")] = 0
    quota: Annotated[Long, _value("quota")] = 0
    global_period: Annotated[ULong, _value("global_period")] = 0
    global_quota: Annotated[Long, _value("global_quota")] = 0
    emulator_period: Annotated[ULong, _value("emulator_period")] = 0
    emulator_quota: Annotated[Long, _value("emulator_quota")] = 0
    iothread_period: Annotated[ULong, _value("iothread_period")] = 0
    iothread_quota: Annotated[Long, _value("iothread_quota")] = 0
    vcpu_pins: Annotated[list[VcpuPin], At("vcpupin")] = field(default_factory=list)
    emulator_pin: Annotated[EmulatorPin | None, At("emulatorpin")] = None
    iothread_pins: Annotated[list[IoThreadPin], At("iothreadpin")] = field(default_factory=list)
    emulator_sched: Annotated[Sched | None, At("emulatorsched")] = None
    vcpu_scheds: Annotated[list[VcpuSched], At("vcpusched")] = field(default_factory=list)
    iothread_scheds: Annotated[list[IoThreadSched], At("iothreadsched")] = field(default_factory=list)
    caches: Annotated[list[CacheTune], At("cachetune")] = field(default_factory=list)
    memory: Annotated[list[MemoryTune], At("memorytune")] = field(default_factory=list)

    def vcpu_pin(self, number: int) -> VcpuPin | None:
        """Where one virtual processor runs, if that is told for it alone."""
        return next((pin for pin in self.vcpu_pins if pin.vcpu == number), None)

    def pin_vcpu(self, pin: VcpuPin) -> None:
        """Say where one virtual processor runs."""
        others = [other for other in self.vcpu_pins if other.vcpu != pin.vcpu]
        self.vcpu_pins = sorted([*others, pin], key=lambda pin: pin.vcpu)

    def iothread_pin(self, number: int) -> IoThreadPin | None:
        """Where one I/O thread runs, if that is told for it alone."""
        return next((pin for pin in self.iothread_pins if pin.thread == number), None)

    def pin_iothread(self, pin: IoThreadPin, iothreads: IoThreads) -> None:
        """Say where one I/O thread runs."""
        self.iothread_pins = [*(other for other in self.iothread_pins if other.thread != pin.thread), pin]
        self._settle_iothreads(iothreads)

    def after_parse(self, reading: Reading) -> None:
        """Some things can be said only once."""
        for name in ("emulatorpin", "emulatorsched"):
            if len(list(reading.element.all(name))) > 1:
                raise XmlError(f"only one {name} is supported")
        self.vcpu_scheds = _one_by_one(self.vcpu_scheds, "vcpusched", "vcpus")
        self.iothread_scheds = _one_by_one(self.iothread_scheds, "iothreadsched", "iothreads")

    def settle(self, vcpus: int, iothreads: IoThreads) -> None:
        """Put the pins in order and check that what they name is there; pins of missing processors are dropped."""
        self._settle_vcpus(vcpus)
        self._settle_iothreads(iothreads)
        settle_allocations(self.caches, self.memory, vcpus)
        self.caches = [tune for tune in self.caches if tune.vcpus]
        self.memory = [tune for tune in self.memory if tune.vcpus]

    def _settle_vcpus(self, vcpus: int) -> None:
        self.vcpu_pins = sorted((pin for pin in self.vcpu_pins if pin.vcpu < vcpus), key=lambda pin: pin.vcpu)
        repeated = _repeated(pin.vcpu for pin in self.vcpu_pins)
        if repeated is not None:
            raise InternalError(f"duplicate vcpupin for vcpu '{repeated}'")
        for sched in self.vcpu_scheds:
            if max(sched.threads) >= vcpus:
                raise ConfigUnsupported(f"vCPU '{max(sched.threads)}' is not present in domain definition")

    def _settle_iothreads(self, iothreads: IoThreads) -> None:
        order = {thread.id: place for place, thread in enumerate(iothreads.threads)}
        for pin in self.iothread_pins:
            if pin.thread not in order:
                raise ConfigUnsupported(f"Cannot find 'iothread' : {pin.thread}")
        repeated = _repeated(pin.thread for pin in self.iothread_pins)
        if repeated is not None:
            raise InternalError(f"duplicate iothreadpin for same iothread '{repeated}'")
        for sched in self.iothread_scheds:
            if min(sched.threads) not in order:
                raise ConfigUnsupported(f"Cannot find 'iothread' : {min(sched.threads)}")
        self.iothread_pins.sort(key=lambda pin: order[pin.thread])
        self.iothread_scheds.sort(key=lambda sched: order[min(sched.threads)])


def _one_by_one(scheds: Iterable[Any], element: str, attribute: str) -> list[Any]:
    """One entry for each thread, in order."""
    found: dict[int, Any] = {}
    for sched in scheds:
        for number in sched.threads:
            if number in found:
                raise XmlDetail(f"'{element}' attributes '{attribute}' must not overlap")
            kind = type(sched)
            found[number] = kind(threads=CpuSet({number}), scheduler=sched.scheduler, priority=sched.priority)
    return [found[number] for number in sorted(found)]


def _repeated(numbers: Iterable[int]) -> int | None:
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            return number
        seen.add(number)
    return None
