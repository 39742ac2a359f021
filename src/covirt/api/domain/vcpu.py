# SPDX-License-Identifier: LGPL-2.1-or-later
"""Virtual processors and the helper threads of a guest, and where they run."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.access import when
from covirt.api.call import Calls, Job, exclusive, requires
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Domain
from covirt.api.layout import Counted, Max, UInt, ULong, Width
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class VcpuState(Number, prefix="VIR_VCPU_"):
    """What a virtual CPU does."""

    OFFLINE = 0
    RUNNING = 1
    BLOCKED = 2


class VcpuHostCpuState(Number, prefix="VIR_VCPU_INFO_CPU_"):
    """Values that stand in the place of a host CPU's number."""

    UNAVAILABLE = -2
    OFFLINE = -1


class DomainVcpuFlags(Flags, prefix="VIR_DOMAIN_VCPU_"):
    """Which number of virtual CPUs, and when."""

    CURRENT = 0
    LIVE = 1
    CONFIG = 1 << 1
    MAXIMUM = 1 << 2
    GUEST = 1 << 3
    HOTPLUGGABLE = 1 << 4


class DomainIoThreadParam(ParamName, prefix="VIR_DOMAIN_IOTHREAD_"):
    """How a disk thread polls and works."""

    POLL_GROW = "poll_grow", ParamType.UINT
    POLL_MAX_NS = "poll_max_ns", ParamType.ULLONG
    POLL_SHRINK = "poll_shrink", ParamType.UINT
    THREAD_POOL_MAX = "thread_pool_max", ParamType.INT
    THREAD_POOL_MIN = "thread_pool_min", ParamType.INT


class VcpuInfo(NamedTuple):
    """What one virtual CPU does."""

    number: UInt
    state: VcpuState
    cpu_time: ULong
    cpu: int


class VcpusAndMaps(NamedTuple):
    """What the virtual CPUs do, and maps of where they may run."""

    info: Annotated[list[VcpuInfo], Max(limits.VCPUINFO)]
    cpumaps: Annotated[bytes, Max(limits.CPUMAPS)]


class VcpuPins(NamedTuple):
    """Maps of where virtual CPUs may run, one behind another, and their number."""

    cpumaps: Annotated[bytes, Max(limits.CPUMAPS)]
    number: int


class EmulatorPins(NamedTuple):
    """The map of where the emulator may run."""

    cpumaps: Annotated[bytes, Max(limits.CPUMAPS)]
    number: int


class IoThread(NamedTuple):
    """A thread for disk input and output, and the map of where it may run."""

    iothread_id: UInt
    cpumap: Annotated[bytes, Max(limits.CPUMAP)]


@call(18, "virDomainGetMaxVcpus", acl="domain:read", high=True, since="0.2.1")
def max_vcpus(dom: Domain) -> int:
    """Get the most virtual CPUs that the guest may have."""


@call(20, "virDomainGetVcpus", acl="domain:read", high=True, since="0.1.4")
def vcpus(dom: Domain, maxinfo: int, maplen: int) -> VcpusAndMaps:
    """Get what each virtual CPU does and where it may run."""


@call(32, "virDomainSetVcpus", acl="domain:write", job=Job.MODIFY, since="0.1.4")
def set_vcpus(dom: Domain, nvcpus: UInt) -> None:
    """Set the number of virtual CPUs of the running guest."""


@call(
    199,
    "virDomainSetVcpusFlags",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainVcpuFlags.CONFIG | DomainVcpuFlags.LIVE),
        when("domain:save", all_set=DomainVcpuFlags.CONFIG),
        when("domain:write", all_set=DomainVcpuFlags.GUEST),
    ),
    job=Job.MODIFY,
    rules=(
        requires(DomainVcpuFlags.MAXIMUM, DomainVcpuFlags.CONFIG),
        exclusive(DomainVcpuFlags.GUEST, DomainVcpuFlags.CONFIG),
    ),
    since="0.8.5",
)
def set_vcpus_flags(dom: Domain, nvcpus: UInt, flags: DomainVcpuFlags) -> None:
    """Set the number of virtual CPUs or its limit, now or for the next start."""


@call(
    200,
    "virDomainGetVcpusFlags",
    acl=("domain:read", when("domain:write", all_set=DomainVcpuFlags.GUEST)),
    rules=(exclusive(DomainVcpuFlags.LIVE, DomainVcpuFlags.CONFIG),),
    since="0.8.5",
)
def vcpus_flags(dom: Domain, flags: DomainVcpuFlags) -> int:
    """Get the number of virtual CPUs or its limit."""


@call(26, "virDomainPinVcpu", acl="domain:write", job=Job.MODIFY, since="0.1.4")
def pin_vcpu(dom: Domain, vcpu: UInt, cpumap: Annotated[bytes, Max(limits.CPUMAP)]) -> None:
    """Set on which host CPUs a virtual CPU may run."""


@call(
    225,
    "virDomainPinVcpuFlags",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.9.3",
)
def pin_vcpu_flags(
    dom: Domain, vcpu: UInt, cpumap: Annotated[bytes, Max(limits.CPUMAP)], flags: DomainModificationImpact
) -> None:
    """Set on which host CPUs a virtual CPU may run, now or for the next start."""


@call(
    230,
    "virDomainGetVcpuPinInfo",
    acl="domain:read",
    rules=(exclusive(DomainModificationImpact.LIVE, DomainModificationImpact.CONFIG),),
    since="0.9.3",
)
def vcpu_pin_info(dom: Domain, ncpumaps: int, maplen: int, flags: DomainModificationImpact) -> VcpuPins:
    """Get on which host CPUs each virtual CPU may run."""


@call(
    279,
    "virDomainPinEmulator",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.10.0",
)
def pin_emulator(dom: Domain, cpumap: Annotated[bytes, Max(limits.CPUMAP)], flags: DomainModificationImpact) -> None:
    """Set on which host CPUs the emulator's own threads may run."""


@call(
    280,
    "virDomainGetEmulatorPinInfo",
    acl="domain:read",
    rules=(exclusive(DomainModificationImpact.LIVE, DomainModificationImpact.CONFIG),),
    since="0.10.0",
)
def emulator_pin_info(dom: Domain, maplen: int, flags: DomainModificationImpact) -> EmulatorPins:
    """Get on which host CPUs the emulator's own threads may run."""


@call(371, "virDomainGetGuestVcpus", acl="domain:write", job=Job.QUERY, since="2.0.0")
def guest_vcpus(dom: Domain, flags: NoFlags) -> Annotated[TypedParams, Max(limits.DOMAIN_GUEST_VCPU_PARAMS)]:
    """Get which CPUs the guest itself has online, as its agent tells."""


@call(372, "virDomainSetGuestVcpus", acl="domain:write", job=Job.MODIFY, since="2.0.0")
def set_guest_vcpus(dom: Domain, cpumap: str, state: int, flags: NoFlags) -> None:
    """Have the guest itself take CPUs online or offline."""


@call(
    384,
    "virDomainSetVcpu",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="3.1.0",
)
def set_vcpu(dom: Domain, cpumap: str, state: int, flags: DomainModificationImpact) -> None:
    """Plug single virtual CPUs in or out."""


@call(
    351,
    "virDomainGetIOThreadInfo",
    acl="domain:read",
    rules=(exclusive(DomainModificationImpact.LIVE, DomainModificationImpact.CONFIG),),
    since="1.2.14",
)
def io_thread_info(
    dom: Domain, flags: DomainModificationImpact
) -> Annotated[list[IoThread], Counted(limits.IOTHREAD_INFO, Width.UINT)]:
    """List the threads for disk input and output, and where they may run."""


@call(
    352,
    "virDomainPinIOThread",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="1.2.14",
)
def pin_io_thread(
    dom: Domain, iothreads_id: UInt, cpumap: Annotated[bytes, Max(limits.CPUMAP)], flags: DomainModificationImpact
) -> None:
    """Set on which host CPUs such a thread may run."""


@call(
    355,
    "virDomainAddIOThread",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="1.2.15",
)
def add_io_thread(dom: Domain, iothread_id: UInt, flags: DomainModificationImpact) -> None:
    """Add a thread for disk input and output."""


@call(
    356,
    "virDomainDelIOThread",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="1.2.15",
)
def del_io_thread(dom: Domain, iothread_id: UInt, flags: DomainModificationImpact) -> None:
    """Remove a thread for disk input and output."""


@call(
    402,
    "virDomainSetIOThreadParams",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="4.10.0",
)
def set_io_thread_params(
    dom: Domain,
    iothread_id: UInt,
    params: Annotated[TypedParams, Max(limits.DOMAIN_IOTHREAD_PARAMS)],
    flags: DomainModificationImpact,
) -> None:
    """Set how such a thread polls and how many workers it has."""
