# SPDX-License-Identifier: LGPL-2.1-or-later
"""Names of the counters of domains; a prefix, a number and a suffix make the names of one disk or card."""

from __future__ import annotations

from covirt.api.params import ParamName, ParamType


class DomainStatsBalloon(ParamName, prefix="VIR_DOMAIN_STATS_BALLOON_"):
    """Names in the group balloon."""

    AVAILABLE = "balloon.available", ParamType.ULLONG
    CURRENT = "balloon.current", ParamType.ULLONG
    DISK_CACHES = "balloon.disk_caches", ParamType.ULLONG
    HUGETLB_PGALLOC = "balloon.hugetlb_pgalloc", ParamType.ULLONG
    HUGETLB_PGFAIL = "balloon.hugetlb_pgfail", ParamType.ULLONG
    LAST_UPDATE = "balloon.last-update", ParamType.ULLONG
    MAJOR_FAULT = "balloon.major_fault", ParamType.ULLONG
    MAXIMUM = "balloon.maximum", ParamType.ULLONG
    MINOR_FAULT = "balloon.minor_fault", ParamType.ULLONG
    RSS = "balloon.rss", ParamType.ULLONG
    SWAP_IN = "balloon.swap_in", ParamType.ULLONG
    SWAP_OUT = "balloon.swap_out", ParamType.ULLONG
    UNUSED = "balloon.unused", ParamType.ULLONG
    USABLE = "balloon.usable", ParamType.ULLONG


class DomainStatsBlock(ParamName, prefix="VIR_DOMAIN_STATS_BLOCK_"):
    """Names in the group block."""

    COUNT = "block.count", ParamType.UINT
    PREFIX = "block."
    SUFFIX_ALLOCATION = ".allocation", ParamType.ULLONG
    SUFFIX_BACKINGINDEX = ".backingIndex", ParamType.UINT
    SUFFIX_CAPACITY = ".capacity", ParamType.ULLONG
    SUFFIX_ERRORS = ".errors", ParamType.ULLONG
    SUFFIX_FL_REQS = ".fl.reqs", ParamType.ULLONG
    SUFFIX_FL_TIMES = ".fl.times", ParamType.ULLONG
    SUFFIX_NAME = ".name", ParamType.STRING
    SUFFIX_PATH = ".path", ParamType.STRING
    SUFFIX_PHYSICAL = ".physical", ParamType.ULLONG
    SUFFIX_RD_BYTES = ".rd.bytes", ParamType.ULLONG
    SUFFIX_RD_REQS = ".rd.reqs", ParamType.ULLONG
    SUFFIX_RD_TIMES = ".rd.times", ParamType.ULLONG
    SUFFIX_THRESHOLD = ".threshold", ParamType.ULLONG
    SUFFIX_WR_BYTES = ".wr.bytes", ParamType.ULLONG
    SUFFIX_WR_REQS = ".wr.reqs", ParamType.ULLONG
    SUFFIX_WR_TIMES = ".wr.times", ParamType.ULLONG


class DomainStatsCpu(ParamName, prefix="VIR_DOMAIN_STATS_CPU_"):
    """Names in the group cpu."""

    CACHE_MONITOR_COUNT = "cpu.cache.monitor.count", ParamType.UINT
    CACHE_MONITOR_PREFIX = "cpu.cache.monitor."
    CACHE_MONITOR_SUFFIX_BANK_COUNT = ".bank.count", ParamType.UINT
    CACHE_MONITOR_SUFFIX_BANK_PREFIX = ".bank."
    CACHE_MONITOR_SUFFIX_BANK_SUFFIX_BYTES = ".bytes", ParamType.UINT
    CACHE_MONITOR_SUFFIX_BANK_SUFFIX_ID = ".id", ParamType.UINT
    CACHE_MONITOR_SUFFIX_NAME = ".name", ParamType.STRING
    CACHE_MONITOR_SUFFIX_VCPUS = ".vcpus", ParamType.STRING
    HALTPOLL_FAIL_TIME = "cpu.haltpoll.fail.time", ParamType.ULLONG
    HALTPOLL_SUCCESS_TIME = "cpu.haltpoll.success.time", ParamType.ULLONG
    SYSTEM = "cpu.system", ParamType.ULLONG
    TIME = "cpu.time", ParamType.ULLONG
    USER = "cpu.user", ParamType.ULLONG


class DomainStatsCustom(ParamName, prefix="VIR_DOMAIN_STATS_CUSTOM_"):
    """Names in the group custom."""

    SUFFIX_TYPE_CUR = ".cur"
    SUFFIX_TYPE_MAX = ".max"
    SUFFIX_TYPE_SUM = ".sum"


class DomainStatsDirtyrate(ParamName, prefix="VIR_DOMAIN_STATS_DIRTYRATE_"):
    """Names in the group dirtyrate."""

    CALC_MODE = "dirtyrate.calc_mode", ParamType.STRING
    CALC_PERIOD = "dirtyrate.calc_period", ParamType.INT
    CALC_START_TIME = "dirtyrate.calc_start_time", ParamType.LLONG
    CALC_STATUS = "dirtyrate.calc_status", ParamType.INT
    MEGABYTES_PER_SECOND = "dirtyrate.megabytes_per_second", ParamType.LLONG
    VCPU_PREFIX = "dirtyrate.vcpu."
    VCPU_SUFFIX_MEGABYTES_PER_SECOND = ".megabytes_per_second", ParamType.ULLONG


class DomainStatsIothread(ParamName, prefix="VIR_DOMAIN_STATS_IOTHREAD_"):
    """Names in the group iothread."""

    COUNT = "iothread.count", ParamType.UINT
    PREFIX = "iothread."
    SUFFIX_POLL_GROW = ".poll-grow", ParamType.UINT
    SUFFIX_POLL_MAX_NS = ".poll-max-ns", ParamType.ULLONG
    SUFFIX_POLL_SHRINK = ".poll-shrink", ParamType.UINT


class DomainStatsMemory(ParamName, prefix="VIR_DOMAIN_STATS_MEMORY_"):
    """Names in the group memory."""

    BANDWIDTH_MONITOR_COUNT = "memory.bandwidth.monitor.count", ParamType.UINT
    BANDWIDTH_MONITOR_PREFIX = "memory.bandwidth.monitor."
    BANDWIDTH_MONITOR_SUFFIX_NAME = ".name", ParamType.STRING
    BANDWIDTH_MONITOR_SUFFIX_NODE_COUNT = ".node.count", ParamType.UINT
    BANDWIDTH_MONITOR_SUFFIX_NODE_PREFIX = ".node."
    BANDWIDTH_MONITOR_SUFFIX_NODE_SUFFIX_BYTES_LOCAL = ".bytes.local", ParamType.ULLONG
    BANDWIDTH_MONITOR_SUFFIX_NODE_SUFFIX_BYTES_TOTAL = ".bytes.total", ParamType.ULLONG
    BANDWIDTH_MONITOR_SUFFIX_NODE_SUFFIX_ID = ".id", ParamType.UINT
    BANDWIDTH_MONITOR_SUFFIX_VCPUS = ".vcpus", ParamType.STRING


class DomainStatsNet(ParamName, prefix="VIR_DOMAIN_STATS_NET_"):
    """Names in the group net."""

    COUNT = "net.count", ParamType.UINT
    PREFIX = "net."
    SUFFIX_NAME = ".name", ParamType.STRING
    SUFFIX_RX_BYTES = ".rx.bytes", ParamType.ULLONG
    SUFFIX_RX_DROP = ".rx.drop", ParamType.ULLONG
    SUFFIX_RX_ERRS = ".rx.errs", ParamType.ULLONG
    SUFFIX_RX_PKTS = ".rx.pkts", ParamType.ULLONG
    SUFFIX_TX_BYTES = ".tx.bytes", ParamType.ULLONG
    SUFFIX_TX_DROP = ".tx.drop", ParamType.ULLONG
    SUFFIX_TX_ERRS = ".tx.errs", ParamType.ULLONG
    SUFFIX_TX_PKTS = ".tx.pkts", ParamType.ULLONG


class DomainStatsPerf(ParamName, prefix="VIR_DOMAIN_STATS_PERF_"):
    """Names in the group perf."""

    ALIGNMENT_FAULTS = "perf.alignment_faults", ParamType.ULLONG
    BRANCH_INSTRUCTIONS = "perf.branch_instructions", ParamType.ULLONG
    BRANCH_MISSES = "perf.branch_misses", ParamType.ULLONG
    BUS_CYCLES = "perf.bus_cycles", ParamType.ULLONG
    CACHE_MISSES = "perf.cache_misses", ParamType.ULLONG
    CACHE_REFERENCES = "perf.cache_references", ParamType.ULLONG
    CMT = "perf.cmt", ParamType.ULLONG
    CONTEXT_SWITCHES = "perf.context_switches", ParamType.ULLONG
    CPU_CLOCK = "perf.cpu_clock", ParamType.ULLONG
    CPU_CYCLES = "perf.cpu_cycles", ParamType.ULLONG
    CPU_MIGRATIONS = "perf.cpu_migrations", ParamType.ULLONG
    EMULATION_FAULTS = "perf.emulation_faults", ParamType.ULLONG
    INSTRUCTIONS = "perf.instructions", ParamType.ULLONG
    MBML = "perf.mbml", ParamType.ULLONG
    MBMT = "perf.mbmt", ParamType.ULLONG
    PAGE_FAULTS = "perf.page_faults", ParamType.ULLONG
    PAGE_FAULTS_MAJ = "perf.page_faults_maj", ParamType.ULLONG
    PAGE_FAULTS_MIN = "perf.page_faults_min", ParamType.ULLONG
    REF_CPU_CYCLES = "perf.ref_cpu_cycles", ParamType.ULLONG
    STALLED_CYCLES_BACKEND = "perf.stalled_cycles_backend", ParamType.ULLONG
    STALLED_CYCLES_FRONTEND = "perf.stalled_cycles_frontend", ParamType.ULLONG
    TASK_CLOCK = "perf.task_clock", ParamType.ULLONG


class DomainStatsState(ParamName, prefix="VIR_DOMAIN_STATS_STATE_"):
    """Names in the group state."""

    REASON = "state.reason", ParamType.INT
    STATE = "state.state", ParamType.INT


class DomainStatsVcpu(ParamName, prefix="VIR_DOMAIN_STATS_VCPU_"):
    """Names in the group vcpu."""

    CURRENT = "vcpu.current", ParamType.UINT
    MAXIMUM = "vcpu.maximum", ParamType.UINT
    PREFIX = "vcpu."
    SUFFIX_DELAY = ".delay", ParamType.ULLONG
    SUFFIX_HALTED = ".halted", ParamType.BOOLEAN
    SUFFIX_STATE = ".state", ParamType.INT
    SUFFIX_TIME = ".time", ParamType.ULLONG
    SUFFIX_WAIT = ".wait", ParamType.ULLONG


class DomainStatsVm(ParamName, prefix="VIR_DOMAIN_STATS_VM_"):
    """Names in the group vm."""

    PREFIX = "vm."
