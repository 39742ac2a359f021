# SPDX-License-Identifier: LGPL-2.1-or-later
"""What happens to domains and is told to whoever listens."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.domain.block import DomainBlockJobType
from covirt.api.domain.metadata import DomainMetadataType
from covirt.api.enums import Flags, Number
from covirt.api.event import Event, event
from covirt.api.handles import Domain
from covirt.api.layout import Long, Max, ModernOnly, ULong
from covirt.api.params import TypedParams


class DomainEventID(Number, prefix="VIR_DOMAIN_EVENT_ID_"):
    """The numbers of the kinds of domain events."""

    LIFECYCLE = 0
    REBOOT = 1
    RTC_CHANGE = 2
    WATCHDOG = 3
    IO_ERROR = 4
    GRAPHICS = 5
    IO_ERROR_REASON = 6
    CONTROL_ERROR = 7
    BLOCK_JOB = 8
    DISK_CHANGE = 9
    TRAY_CHANGE = 10
    PMWAKEUP = 11
    PMSUSPEND = 12
    BALLOON_CHANGE = 13
    PMSUSPEND_DISK = 14
    DEVICE_REMOVED = 15
    BLOCK_JOB_2 = 16
    TUNABLE = 17
    AGENT_LIFECYCLE = 18
    DEVICE_ADDED = 19
    MIGRATION_ITERATION = 20
    JOB_COMPLETED = 21
    DEVICE_REMOVAL_FAILED = 22
    METADATA_CHANGE = 23
    BLOCK_THRESHOLD = 24
    MEMORY_FAILURE = 25
    MEMORY_DEVICE_SIZE_CHANGE = 26
    NIC_MAC_CHANGE = 27


class DomainEventType(Number, prefix="VIR_DOMAIN_EVENT_"):
    """What happened in the life of a domain."""

    DEFINED = 0
    UNDEFINED = 1
    STARTED = 2
    SUSPENDED = 3
    RESUMED = 4
    STOPPED = 5
    SHUTDOWN = 6
    PMSUSPENDED = 7
    CRASHED = 8


class DomainEventDefinedDetailType(Number, prefix="VIR_DOMAIN_EVENT_DEFINED_"):
    """How a domain came to be defined."""

    ADDED = 0
    UPDATED = 1
    RENAMED = 2
    FROM_SNAPSHOT = 3


class DomainEventUndefinedDetailType(Number, prefix="VIR_DOMAIN_EVENT_UNDEFINED_"):
    """How a domain came to be undefined."""

    REMOVED = 0
    RENAMED = 1


class DomainEventStartedDetailType(Number, prefix="VIR_DOMAIN_EVENT_STARTED_"):
    """How a guest came to run."""

    BOOTED = 0
    MIGRATED = 1
    RESTORED = 2
    FROM_SNAPSHOT = 3
    WAKEUP = 4


class DomainEventSuspendedDetailType(Number, prefix="VIR_DOMAIN_EVENT_SUSPENDED_"):
    """Why a guest was paused."""

    PAUSED = 0
    MIGRATED = 1
    IOERROR = 2
    WATCHDOG = 3
    RESTORED = 4
    FROM_SNAPSHOT = 5
    API_ERROR = 6
    POSTCOPY = 7
    POSTCOPY_FAILED = 8


class DomainEventResumedDetailType(Number, prefix="VIR_DOMAIN_EVENT_RESUMED_"):
    """Why a guest went on."""

    UNPAUSED = 0
    MIGRATED = 1
    FROM_SNAPSHOT = 2
    POSTCOPY = 3
    POSTCOPY_FAILED = 4


class DomainEventStoppedDetailType(Number, prefix="VIR_DOMAIN_EVENT_STOPPED_"):
    """How a guest ended."""

    SHUTDOWN = 0
    DESTROYED = 1
    CRASHED = 2
    MIGRATED = 3
    SAVED = 4
    FAILED = 5
    FROM_SNAPSHOT = 6


class DomainEventShutdownDetailType(Number, prefix="VIR_DOMAIN_EVENT_SHUTDOWN_"):
    """How far the shutdown is, and who began it."""

    FINISHED = 0
    GUEST = 1
    HOST = 2


class DomainEventPMSuspendedDetailType(Number, prefix="VIR_DOMAIN_EVENT_PMSUSPENDED_"):
    """Where a guest sleeps."""

    MEMORY = 0
    DISK = 1


class DomainEventCrashedDetailType(Number, prefix="VIR_DOMAIN_EVENT_CRASHED_"):
    """How a guest crashed."""

    PANICKED = 0
    CRASHLOADED = 1


class DomainEventWatchdogAction(Number, prefix="VIR_DOMAIN_EVENT_WATCHDOG_"):
    """What was done because the watchdog was not fed."""

    NONE = 0
    PAUSE = 1
    RESET = 2
    POWEROFF = 3
    SHUTDOWN = 4
    DEBUG = 5
    INJECTNMI = 6


class DomainEventIOErrorAction(Number, prefix="VIR_DOMAIN_EVENT_IO_ERROR_"):
    """What was done because of a disk error."""

    NONE = 0
    PAUSE = 1
    REPORT = 2


class DomainEventGraphicsPhase(Number, prefix="VIR_DOMAIN_EVENT_GRAPHICS_"):
    """How far a client of the screen is."""

    CONNECT = 0
    INITIALIZE = 1
    DISCONNECT = 2


class DomainEventGraphicsAddressType(Number, prefix="VIR_DOMAIN_EVENT_GRAPHICS_ADDRESS_"):
    """What kind of address a client of the screen has."""

    IPV4 = 0
    IPV6 = 1
    UNIX = 2


class DomainEventTrayChangeReason(Number, prefix="VIR_DOMAIN_EVENT_TRAY_CHANGE_"):
    """What became of a disc tray."""

    OPEN = 0
    CLOSE = 1


class ConnectDomainEventBlockJobStatus(Number, prefix="VIR_DOMAIN_BLOCK_JOB_"):
    """How a job on a disk stands."""

    COMPLETED = 0
    FAILED = 1
    CANCELED = 2
    READY = 3


class ConnectDomainEventDiskChangeReason(Number, prefix="VIR_DOMAIN_EVENT_DISK_"):
    """Why a disk lost its source at start."""

    CHANGE_MISSING_ON_START = 0
    DROP_MISSING_ON_START = 1


class ConnectDomainEventAgentLifecycleState(Number, prefix="VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_"):
    """Whether the agent is there."""

    CONNECTED = 1
    DISCONNECTED = 2


class ConnectDomainEventAgentLifecycleReason(Number, prefix="VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_REASON_"):
    """Why the agent came or went."""

    UNKNOWN = 0
    DOMAIN_STARTED = 1
    CHANNEL = 2


class DomainMemoryFailureRecipientType(Number, prefix="VIR_DOMAIN_EVENT_MEMORY_FAILURE_RECIPIENT_"):
    """Whose memory failed."""

    HYPERVISOR = 0
    GUEST = 1


class DomainMemoryFailureActionType(Number, prefix="VIR_DOMAIN_EVENT_MEMORY_FAILURE_ACTION_"):
    """What was done about failed memory."""

    IGNORE = 0
    INJECT = 1
    FATAL = 2
    RESET = 3


class DomainMemoryFailureFlags(Flags, prefix="VIR_DOMAIN_MEMORY_FAILURE_"):
    """What else is known about failed memory."""

    ACTION_REQUIRED = 1
    RECURSIVE = 1 << 1


class GraphicsAddress(NamedTuple):
    """The address of a client of the screen."""

    family: DomainEventGraphicsAddressType
    node: str
    service: str


class GraphicsIdentity(NamedTuple):
    """How a client of the screen proved who it is."""

    type: str
    name: str


@event(318, id=0, symbol="VIR_DOMAIN_EVENT_ID_LIFECYCLE", legacy=107)
class Lifecycle(Event):
    """A domain was defined, started, paused, stopped or the like; `detail` says how."""

    dom: Domain
    event: DomainEventType
    detail: int


@event(319, id=1, symbol="VIR_DOMAIN_EVENT_ID_REBOOT", legacy=169)
class Reboot(Event):
    """The guest rebooted."""

    dom: Domain


@event(320, id=2, symbol="VIR_DOMAIN_EVENT_ID_RTC_CHANGE", legacy=170)
class RtcChange(Event):
    """The guest set its clock; `offset` is in seconds from UTC."""

    dom: Domain
    offset: Long


@event(321, id=3, symbol="VIR_DOMAIN_EVENT_ID_WATCHDOG", legacy=171)
class Watchdog(Event):
    """The watchdog was not fed in time."""

    dom: Domain
    action: DomainEventWatchdogAction


@event(322, id=4, symbol="VIR_DOMAIN_EVENT_ID_IO_ERROR", legacy=172)
class IoError(Event):
    """A disk could not be read or written."""

    dom: Domain
    src_path: str
    dev_alias: str
    action: DomainEventIOErrorAction


@event(323, id=5, symbol="VIR_DOMAIN_EVENT_ID_GRAPHICS", legacy=173)
class Graphics(Event):
    """A client of the screen came or went."""

    dom: Domain
    phase: DomainEventGraphicsPhase
    local: GraphicsAddress
    remote: GraphicsAddress
    auth_scheme: str
    subjects: Annotated[list[GraphicsIdentity], Max(limits.DOMAIN_EVENT_GRAPHICS_IDENTITY)]


@event(324, id=6, symbol="VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON", legacy=195)
class IoErrorReason(Event):
    """A disk could not be read or written, and why."""

    dom: Domain
    src_path: str
    dev_alias: str
    action: DomainEventIOErrorAction
    reason: str


@event(325, id=7, symbol="VIR_DOMAIN_EVENT_ID_CONTROL_ERROR", legacy=224)
class ControlError(Event):
    """The hypervisor of the guest could not be talked to."""

    dom: Domain


@event(326, id=8, symbol="VIR_DOMAIN_EVENT_ID_BLOCK_JOB", legacy=241)
class BlockJob(Event):
    """A job on a disk, named by its path, changed its state."""

    dom: Domain
    path: str
    type: DomainBlockJobType
    status: ConnectDomainEventBlockJobStatus


@event(327, id=9, symbol="VIR_DOMAIN_EVENT_ID_DISK_CHANGE", legacy=248)
class DiskChange(Event):
    """A disk lost its source when the guest started."""

    dom: Domain
    old_src_path: str | None
    new_src_path: str | None
    dev_alias: str
    reason: ConnectDomainEventDiskChangeReason


@event(328, id=10, symbol="VIR_DOMAIN_EVENT_ID_TRAY_CHANGE", legacy=268)
class TrayChange(Event):
    """The guest opened or closed a disc tray."""

    dom: Domain
    dev_alias: str
    reason: DomainEventTrayChangeReason


@event(329, id=11, symbol="VIR_DOMAIN_EVENT_ID_PMWAKEUP", legacy=269)
class PmWakeup(Event):
    """The guest woke up."""

    reason: Annotated[int, ModernOnly()]
    dom: Domain


@event(330, id=12, symbol="VIR_DOMAIN_EVENT_ID_PMSUSPEND", legacy=270)
class PmSuspend(Event):
    """The guest went to sleep in memory."""

    reason: Annotated[int, ModernOnly()]
    dom: Domain


@event(331, id=13, symbol="VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE", legacy=276)
class BalloonChange(Event):
    """The memory that the guest uses changed; `actual` is in KiB."""

    dom: Domain
    actual: ULong


@event(332, id=14, symbol="VIR_DOMAIN_EVENT_ID_PMSUSPEND_DISK", legacy=292)
class PmSuspendDisk(Event):
    """The guest went to sleep on disk."""

    reason: Annotated[int, ModernOnly()]
    dom: Domain


@event(333, id=15, symbol="VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED", legacy=311)
class DeviceRemoved(Event):
    """A device is unplugged."""

    dom: Domain
    dev_alias: str


@event(339, id=16, symbol="VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2")
class BlockJob2(Event):
    """A job on a disk, named by its target, changed its state."""

    dom: Domain
    dst: str
    type: DomainBlockJobType
    status: ConnectDomainEventBlockJobStatus


@event(346, id=17, symbol="VIR_DOMAIN_EVENT_ID_TUNABLE")
class Tunable(Event):
    """Limits of the guest changed."""

    dom: Domain
    params: Annotated[TypedParams, Max(limits.DOMAIN_EVENT_TUNABLE)]


@event(348, id=18, symbol="VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE")
class AgentLifecycle(Event):
    """The agent in the guest came or went."""

    dom: Domain
    state: ConnectDomainEventAgentLifecycleState
    reason: ConnectDomainEventAgentLifecycleReason


@event(354, id=19, symbol="VIR_DOMAIN_EVENT_ID_DEVICE_ADDED")
class DeviceAdded(Event):
    """A device is plugged in."""

    dom: Domain
    dev_alias: str


@event(359, id=20, symbol="VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION")
class MigrationIteration(Event):
    """A migration went over the memory once more."""

    dom: Domain
    iteration: int


@event(363, id=21, symbol="VIR_DOMAIN_EVENT_ID_JOB_COMPLETED")
class JobCompleted(Event):
    """A job ended; the figures are its last."""

    dom: Domain
    params: Annotated[TypedParams, Max(limits.DOMAIN_JOB_STATS)]


@event(367, id=22, symbol="VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED")
class DeviceRemovalFailed(Event):
    """The guest kept a device that it was asked to release."""

    dom: Domain
    dev_alias: str


@event(379, id=23, symbol="VIR_DOMAIN_EVENT_ID_METADATA_CHANGE")
class MetadataChange(Event):
    """Title, description or a note of an application changed."""

    dom: Domain
    type: DomainMetadataType
    ns_uri: str | None


@event(385, id=24, symbol="VIR_DOMAIN_EVENT_ID_BLOCK_THRESHOLD")
class BlockThreshold(Event):
    """A disk was written beyond the mark."""

    dom: Domain
    dev: str
    path: str | None
    threshold: ULong
    excess: ULong


@event(423, id=25, symbol="VIR_DOMAIN_EVENT_ID_MEMORY_FAILURE")
class MemoryFailure(Event):
    """Memory of the host or guest is broken."""

    dom: Domain
    recipient: DomainMemoryFailureRecipientType
    action: DomainMemoryFailureActionType
    flags: DomainMemoryFailureFlags


@event(438, id=26, symbol="VIR_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE")
class MemoryDeviceSizeChange(Event):
    """The guest took or gave memory of a device; `size` is in bytes."""

    dom: Domain
    alias: str
    size: ULong


@event(453, id=27, symbol="VIR_DOMAIN_EVENT_ID_NIC_MAC_CHANGE")
class NicMacChange(Event):
    """The guest changed the address of a network card."""

    dom: Domain
    alias: str
    old_mac: str
    new_mac: str
