# SPDX-License-Identifier: LGPL-2.1-or-later
"""The states of a guest and the reasons for them."""

from __future__ import annotations

from covirt.api.enums import Number


class DomainState(Number, prefix="VIR_DOMAIN_"):
    """What a guest does."""

    NOSTATE = 0
    RUNNING = 1
    BLOCKED = 2
    PAUSED = 3
    SHUTDOWN = 4
    SHUTOFF = 5
    CRASHED = 6
    PMSUSPENDED = 7


class DomainNostateReason(Number, prefix="VIR_DOMAIN_NOSTATE_"):
    """Why the state of a guest is not known."""

    UNKNOWN = 0


class DomainRunningReason(Number, prefix="VIR_DOMAIN_RUNNING_"):
    """Why a guest runs."""

    UNKNOWN = 0
    BOOTED = 1
    MIGRATED = 2
    RESTORED = 3
    FROM_SNAPSHOT = 4
    UNPAUSED = 5
    MIGRATION_CANCELED = 6
    SAVE_CANCELED = 7
    WAKEUP = 8
    CRASHED = 9
    POSTCOPY = 10
    POSTCOPY_FAILED = 11


class DomainBlockedReason(Number, prefix="VIR_DOMAIN_BLOCKED_"):
    """Why a guest waits."""

    UNKNOWN = 0


class DomainPausedReason(Number, prefix="VIR_DOMAIN_PAUSED_"):
    """Why a guest is paused."""

    UNKNOWN = 0
    USER = 1
    MIGRATION = 2
    SAVE = 3
    DUMP = 4
    IOERROR = 5
    WATCHDOG = 6
    FROM_SNAPSHOT = 7
    SHUTTING_DOWN = 8
    SNAPSHOT = 9
    CRASHED = 10
    STARTING_UP = 11
    POSTCOPY = 12
    POSTCOPY_FAILED = 13
    API_ERROR = 14


class DomainShutdownReason(Number, prefix="VIR_DOMAIN_SHUTDOWN_"):
    """Why a guest is shutting down."""

    UNKNOWN = 0
    USER = 1


class DomainShutoffReason(Number, prefix="VIR_DOMAIN_SHUTOFF_"):
    """Why a guest does not run."""

    UNKNOWN = 0
    SHUTDOWN = 1
    DESTROYED = 2
    CRASHED = 3
    MIGRATED = 4
    SAVED = 5
    FAILED = 6
    FROM_SNAPSHOT = 7
    DAEMON = 8


class DomainCrashedReason(Number, prefix="VIR_DOMAIN_CRASHED_"):
    """Why a guest counts as crashed."""

    UNKNOWN = 0
    PANICKED = 1


class DomainPMSuspendedReason(Number, prefix="VIR_DOMAIN_PMSUSPENDED_"):
    """Why a guest sleeps."""

    UNKNOWN = 0


class DomainPMSuspendedDiskReason(Number, prefix="VIR_DOMAIN_PMSUSPENDED_DISK_"):
    """Why a guest sleeps on disk."""

    UNKNOWN = 0


class DomainControlState(Number, prefix="VIR_DOMAIN_CONTROL_"):
    """Whether the hypervisor of a guest answers."""

    OK = 0
    JOB = 1
    OCCUPIED = 2
    ERROR = 3


class DomainControlErrorReason(Number, prefix="VIR_DOMAIN_CONTROL_ERROR_REASON_"):
    """Why the hypervisor of a guest does not answer."""

    NONE = 0
    UNKNOWN = 1
    MONITOR = 2
    INTERNAL = 3
