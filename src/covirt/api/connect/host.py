# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host: its processors, memory, firmware and abilities."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.call import Calls, Job
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Connect
from covirt.api.layout import Chars, Max, Sized, StringsToo, UInt, ULong, Width
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import HOST

call = Calls(HOST)


class NodeGetCPUStatsAllCPUs(Number, prefix="VIR_NODE_CPU_STATS_"):
    """The number that stands for all host CPUs."""

    ALL_CPUS = -1


class NodeGetMemoryStatsAllCells(Number, prefix="VIR_NODE_MEMORY_STATS_"):
    """The number that stands for all NUMA cells."""

    ALL_CELLS = -1


class NodeSuspendTarget(Number, prefix="VIR_NODE_SUSPEND_TARGET_"):
    """Where to sleep: memory, disk, or both."""

    MEM = 0
    DISK = 1
    HYBRID = 2


class ConnectGetDomainCapabilitiesFlags(Flags, prefix="VIR_CONNECT_GET_DOMAIN_CAPABILITIES_"):
    """What to leave out of domain capabilities."""

    DISABLE_DEPRECATED_FEATURES = 1


class NodeAllocPagesFlags(Flags, prefix="VIR_NODE_ALLOC_PAGES_"):
    """Whether a number of pages is added or set."""

    ADD = 0
    SET = 1


class NodeCpuStatsField(ParamName, prefix="VIR_NODE_CPU_STATS_"):
    """What host CPUs did."""

    IDLE = "idle", ParamType.ULLONG
    INTR = "intr", ParamType.ULLONG
    IOWAIT = "iowait", ParamType.ULLONG
    KERNEL = "kernel", ParamType.ULLONG
    USER = "user", ParamType.ULLONG
    UTILIZATION = "utilization", ParamType.ULLONG


class NodeMemoryParam(ParamName, prefix="VIR_NODE_MEMORY_SHARED_"):
    """How equal pages are merged."""

    FULL_SCANS = "shm_full_scans", ParamType.ULLONG
    MERGE_ACROSS_NODES = "shm_merge_across_nodes", ParamType.UINT
    PAGES_SHARED = "shm_pages_shared", ParamType.ULLONG
    PAGES_SHARING = "shm_pages_sharing", ParamType.ULLONG
    PAGES_TO_SCAN = "shm_pages_to_scan", ParamType.UINT
    PAGES_UNSHARED = "shm_pages_unshared", ParamType.ULLONG
    PAGES_VOLATILE = "shm_pages_volatile", ParamType.ULLONG
    SLEEP_MILLISECS = "shm_sleep_millisecs", ParamType.UINT


class NodeMemoryStatsField(ParamName, prefix="VIR_NODE_MEMORY_STATS_"):
    """Memory of the host."""

    BUFFERS = "buffers", ParamType.ULLONG
    CACHED = "cached", ParamType.ULLONG
    FREE = "free", ParamType.ULLONG
    TOTAL = "total", ParamType.ULLONG


class NodeSevParam(ParamName, prefix="VIR_NODE_SEV_"):
    """What the host offers for encrypted guests."""

    CBITPOS = "cbitpos", ParamType.UINT
    CERT_CHAIN = "cert-chain", ParamType.STRING
    CPU0_ID = "cpu0-id", ParamType.STRING
    MAX_ES_GUESTS = "max-es-guests", ParamType.UINT
    MAX_GUESTS = "max-guests", ParamType.UINT
    PDH = "pdh", ParamType.STRING
    REDUCED_PHYS_BITS = "reduced-phys-bits", ParamType.UINT


class NodeInfo(NamedTuple):
    """Model, memory in KiB and processors of the host."""

    model: Annotated[str, Chars(32, fixed=True)]
    memory: ULong
    cpus: int
    mhz: int
    nodes: int
    sockets: int
    cores: int
    threads: int


class NodeStat(NamedTuple):
    """One figure of the host."""

    field: str
    value: ULong


class CpuMap(NamedTuple):
    """The CPUs of the host: map of those online, their number, and the number of all."""

    cpumap: Annotated[bytes, Max(limits.CPUMAP)]
    online: UInt
    total: int


class SecurityModel(NamedTuple):
    """A security model and its domain of interpretation."""

    model: Annotated[str, Chars(limits.SECURITY_MODEL)]
    doi: Annotated[str, Chars(limits.SECURITY_DOI)]


@call(5, "virConnectGetMaxVcpus", acl="connect:read", high=True, since="0.2.1")
def get_max_vcpus(conn: Connect, type: str | None) -> int:
    """Get the most virtual CPUs that a guest of this type may have."""


@call(6, "virNodeGetInfo", acl="connect:read", high=True, since="0.1.0")
def get_info(conn: Connect) -> NodeInfo:
    """Get model, memory and processors of the host."""


@call(7, "virConnectGetCapabilities", acl="connect:read", since="0.2.1")
def get_capabilities(conn: Connect) -> str:
    """Describe the host and what guests it can run, as XML."""


@call(203, "virConnectGetSysinfo", acl="connect:read", high=True, since="0.8.8")
def get_sysinfo(conn: Connect, flags: NoFlags) -> str:
    """Describe the host's firmware tables, as XML."""


@call(342, "virConnectGetDomainCapabilities", acl="connect:write", since="1.2.7")
def get_domain_capabilities(
    conn: Connect,
    emulatorbin: str | None,
    arch: str | None,
    machine: str | None,
    virttype: str | None,
    flags: ConnectGetDomainCapabilitiesFlags,
) -> str:
    """Describe what guests of an emulator, architecture and machine can have, as XML."""


@call(101, "virNodeGetCellsFreeMemory", acl="connect:read", high=True, since="0.3.3")
def get_cells_free_memory(
    conn: Connect, start_cell: int, maxcells: int
) -> Annotated[list[ULong], Max(limits.NODE_CELLS)]:
    """Get the free bytes of a range of NUMA cells."""


@call(102, "virNodeGetFreeMemory", acl="connect:read", high=True, since="0.3.3")
def get_free_memory(conn: Connect) -> ULong:
    """Get the free bytes of the host."""


@call(227, "virNodeGetCPUStats", acl="connect:read", high=True, since="0.9.3")
def get_cpu_stats(
    conn: Connect, cpu_num: int, flags: NoFlags
) -> Annotated[list[NodeStat], Sized(limits.NODE_CPU_STATS)]:
    """Get how long the host's CPUs did what, in nanoseconds; -1 means all of them together."""


@call(228, "virNodeGetMemoryStats", acl="connect:read", high=True, since="0.9.3")
def get_memory_stats(
    conn: Connect, cell_num: int, flags: NoFlags
) -> Annotated[list[NodeStat], Sized(limits.NODE_MEMORY_STATS, before="cell_num")]:
    """Get the memory figures of a NUMA cell in KiB; -1 means all of them together."""


@call(288, "virNodeSetMemoryParameters", acl="connect:write", job=Job.MODIFY, since="0.10.2")
def set_memory_parameters(
    conn: Connect, params: Annotated[TypedParams, Max(limits.NODE_MEMORY_PARAMETERS)], flags: NoFlags
) -> None:
    """Set how the host merges equal memory pages."""


@call(289, "virNodeGetMemoryParameters", acl="connect:read", since="0.10.2")
def get_memory_parameters(
    conn: Connect, flags: Annotated[NoFlags, StringsToo()]
) -> Annotated[TypedParams, Sized(limits.NODE_MEMORY_PARAMETERS)]:
    """Get how the host merges equal memory pages."""


@call(293, "virNodeGetCPUMap", acl="connect:read", since="1.0.0")
def get_cpu_map(conn: Connect, need_map: bool, need_online: bool, flags: NoFlags) -> CpuMap:
    """Get which CPUs the host has and which are online."""


@call(340, "virNodeGetFreePages", acl="connect:read", high=True, since="1.2.6")
def get_free_pages(
    conn: Connect,
    pages: Annotated[list[UInt], Max(limits.NODE_CELLS)],
    start_cell: int,
    cell_count: UInt,
    flags: NoFlags,
) -> Annotated[list[ULong], Max(limits.NODE_CELLS)]:
    """Get the free pages of each size in a range of NUMA cells."""


@call(347, "virNodeAllocPages", acl="connect:write", job=Job.MODIFY, since="1.2.9")
def alloc_pages(
    conn: Connect,
    page_sizes: Annotated[list[UInt], Max(limits.NODE_CELLS)],
    page_counts: Annotated[list[ULong], Max(limits.NODE_CELLS)],
    start_cell: int,
    cell_count: UInt,
    flags: NodeAllocPagesFlags,
) -> int:
    """Set aside huge pages in NUMA cells, and tell how many cells could."""


@call(395, "virNodeGetSEVInfo", acl="connect:read", read_only=False, since="4.5.0")
def get_sev_info(
    conn: Connect, flags: Annotated[NoFlags, StringsToo()]
) -> Annotated[TypedParams, Sized(limits.NODE_SEV_INFO)]:
    """Get what the host offers for encrypted guests of AMD."""


@call(122, "virNodeGetSecurityModel", acl="connect:read", high=True, since="0.6.1")
def get_security_model(conn: Connect) -> SecurityModel:
    """Get the security model that confines guests."""


@call(250, "virNodeSuspendForDuration", acl="connect:pm_control", since="0.9.8")
def suspend_for_duration(
    conn: Connect, target: Annotated[NodeSuspendTarget, Width.UINT], duration: ULong, flags: NoFlags
) -> None:
    """Put the host to sleep and have it woken up after some seconds."""
