# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which method of a connection hands out which event."""

from __future__ import annotations

from covirt.api.event import Event

SHARED = {
    "Reboot": "DomainEventGeneric",
    "ControlError": "DomainEventGeneric",
    "BlockJob2": "DomainEventBlockJob",
    "StoragePoolRefresh": "StoragePoolEventGeneric",
    "NodeDeviceUpdate": "NodeDeviceEventGeneric",
    "SecretValueChanged": "SecretEventGeneric",
}
"""Events that have no method of their own."""

OTHERWISE = {
    "RtcChange": "DomainEventRTCChange",
    "IoError": "DomainEventIOError",
    "IoErrorReason": "DomainEventIOErrorReason",
    "PmWakeup": "DomainEventPMWakeup",
    "PmSuspend": "DomainEventPMSuspend",
    "PmSuspendDisk": "DomainEventPMSuspendDisk",
    "NicMacChange": "DomainEventNICMACChange",
    "NetworkLifecycle": "NetworkEventLifecycle",
    "NetworkMetadataChange": "NetworkEventMetadataChange",
    "StoragePoolLifecycle": "StoragePoolEventLifecycle",
    "NodeDeviceLifecycle": "NodeDeviceEventLifecycle",
    "SecretLifecycle": "SecretEventLifecycle",
}
"""Methods that are not called `DomainEvent` and the name of the event."""


def dispatcher_of(kind: type[Event]) -> str:
    """The name of the method."""
    name = kind.__name__
    return f"_dispatch{SHARED.get(name) or OTHERWISE.get(name) or 'DomainEvent' + name}Callback"
