# SPDX-License-Identifier: LGPL-2.1-or-later
"""By which calls a client asks for events of a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from covirt.api import qemu
from covirt.api.call import Call
from covirt.api.connect import events as calls
from covirt.api.event import Event
from covirt.api.handles import Handle
from covirt.api.themes import Family, Program
from covirt.errors import NoSupport

AnyCall = Call[Any, ..., Any]


@dataclass(frozen=True, slots=True)
class Registration:
    """The calls for one kind of event; `space` tells numbers of different programs and families apart."""

    kind: type[Event]
    space: str
    register: AnyCall
    deregister: AnyCall
    arguments: Callable[[Handle | None], tuple[Any, ...]]


_CALLS: dict[Family, tuple[AnyCall, AnyCall]] = {
    Family.HYPERVISOR: (calls.domain_event_callback_register_any, calls.domain_event_callback_deregister_any),
    Family.NETWORK: (calls.network_event_register_any, calls.network_event_deregister_any),
    Family.STORAGE: (calls.storage_pool_event_register_any, calls.storage_pool_event_deregister_any),
    Family.NODEDEV: (calls.node_device_event_register_any, calls.node_device_event_deregister_any),
    Family.SECRET: (calls.secret_event_register_any, calls.secret_event_deregister_any),
}


_known: dict[type[Event], Registration] = {}


def registration_of(kind: type[Event]) -> Registration:
    """The calls for a kind of event."""
    found = _known.get(kind)
    if found is None:
        found = _known[kind] = _registration(kind)
    return found


def _registration(kind: type[Event]) -> Registration:
    declared = kind.declared
    if declared.theme.program is Program.QEMU:
        register, deregister = qemu.qemu_monitor_event_register, qemu.qemu_monitor_event_deregister
        return Registration(kind, "qemu", register, deregister, lambda subject: (subject, None, 0))
    found = _CALLS.get(declared.theme.family)
    if found is None or declared.id is None:
        raise NoSupport(declared.name)
    number = declared.id
    return Registration(kind, declared.theme.family.value, *found, lambda subject: (number, subject))
