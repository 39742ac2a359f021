# SPDX-License-Identifier: LGPL-2.1-or-later
"""The events that one client has asked for.

A driver's event goes out as one message for each subscription. Its layout is made once for all clients; only the
number of the subscription differs.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from covirt.api.catalogue import all_events
from covirt.api.event import Event
from covirt.api.handles import Domain, Handle
from covirt.api.qemu import ConnectDomainQemuMonitorEventRegisterFlags as MonitorEventFlags
from covirt.api.qemu import QemuMonitorEvent
from covirt.api.themes import Family, Program
from covirt.errors import ErrorDomain, InternalError, NoSupport
from covirt.rpc.codec import event_codec_of
from covirt.runtime.bus import Subscription
from covirt.wire.message import EVENT, START, compose, raw

if TYPE_CHECKING:
    from covirt.daemon.client_state import HypervisorState

LIMIT = 1024
_KEPT = 64
_WORDS = {
    Family.HYPERVISOR: "domain",
    Family.NETWORK: "network",
    Family.STORAGE: "storage pool",
    Family.NODEDEV: "node device",
    Family.SECRET: "secret",
}


@dataclass(slots=True)
class _Entry:
    """One subscription."""

    family: Family
    kind: type[Event]
    listening: Subscription[Any]
    legacy: bool


class Subscriptions:
    """All subscriptions of a client, each with its number."""

    def __init__(self, state: HypervisorState) -> None:
        """Begin without any."""
        self._state = state
        self._entries: dict[int, _Entry] = {}
        self._next = 0

    def add(self, family: Family, event_id: int, subject: Handle | None, *, legacy: bool = False) -> int:
        """Listen to one kind of event, of one object or of all, and give the number of the subscription."""
        kind = _event_classes().get((family, event_id))
        if kind is None or (legacy and kind.declared.legacy is None):
            raise InternalError(f"unsupported event ID {event_id}", domain=ErrorDomain.RPC)
        match = None if subject is None else (lambda event: event.subject == subject)
        return self._listen(family, kind, match, legacy=legacy)

    def add_monitor(self, dom: Domain | None, name: str | None, flags: MonitorEventFlags) -> int:
        """Listen to what QEMU's monitor says."""
        fits = _name_test(name, flags)
        return self._listen(
            Family.HYPERVISOR, QemuMonitorEvent, lambda event: dom in (None, event.dom) and fits(event.event)
        )

    def _listen(
        self, family: Family, kind: type[Event], match: Callable[[Any], bool] | None, *, legacy: bool = False
    ) -> int:
        driver = self._state.session.drivers.get(family)
        if driver is None:
            raise NoSupport(kind.declared.name)
        if len(self._entries) >= LIMIT:
            raise InternalError("too many event callbacks", domain=ErrorDomain.RPC)
        number, self._next = self._next, self._next + 1
        listening = driver.bus.on(kind, self._sender(kind, number, legacy=legacy), match)
        self._entries[number] = _Entry(family, kind, listening, legacy)
        return number

    def remove(self, family: Family, number: int) -> None:
        """Listen no more."""
        entry = self._entries.get(number)
        if entry is None or entry.family is not family or entry.legacy or entry.kind is QemuMonitorEvent:
            raise InternalError(f"{_WORDS[family]} event callback {number} not registered", domain=ErrorDomain.RPC)
        self._entries.pop(number).listening.close()

    def remove_monitor(self, number: int) -> None:
        """Listen no more to the monitor."""
        entry = self._entries.get(number)
        if entry is None or entry.kind is not QemuMonitorEvent:
            raise InternalError(f"qemu monitor event {number} not registered", domain=ErrorDomain.RPC)
        self._entries.pop(number).listening.close()

    def legacy_number(self, event_id: int) -> int | None:
        """The number of the subscription that an old client has for a kind of event."""
        found = [
            number for number, entry in self._entries.items() if entry.legacy and entry.kind.declared.id == event_id
        ]
        return found[0] if found else None

    def remove_legacy(self, event_id: int) -> None:
        """Listen no more, for an old client."""
        number = self.legacy_number(event_id)
        if number is None:
            raise InternalError(f"domain event {event_id} not registered", domain=ErrorDomain.RPC)
        self._entries.pop(number).listening.close()

    def close(self) -> None:
        """End all."""
        for entry in self._entries.values():
            entry.listening.close()
        self._entries.clear()

    def _sender(self, kind: type[Event], number: int, *, legacy: bool) -> Callable[[Event], None]:
        """What writes an event to the client."""
        connection = self._state.connection
        program, version = kind.declared.theme.program.value
        if legacy:
            procedure, codec = kind.declared.legacy, event_codec_of(kind.declared)
            assert procedure is not None
            return lambda event: connection.send(
                compose(program, version, procedure, EVENT, 1, 0, codec.encode_legacy, event)
            )
        return lambda event: connection.send(_numbered(_message(event), number))


_recent: OrderedDict[int, tuple[Event, bytes]] = OrderedDict()


def _message(event: Event) -> bytes:
    """The message for an event with the number 0; the same for all clients, so the last ones are kept."""
    known = _recent.get(id(event))
    if known is not None and known[0] is event:
        return known[1]
    declared = type(event).declared
    program, version = declared.theme.program.value
    payload = bytearray()
    event_codec_of(declared).encode(payload, (0, event))
    data = bytes(compose(program, version, declared.number, EVENT, 1, 0, raw, payload))
    _recent[id(event)] = (event, data)
    if len(_recent) > _KEPT:
        _recent.popitem(last=False)
    return data


def _numbered(message: bytes, number: int) -> bytes:
    """The message with the number of a subscription."""
    return message[:START] + number.to_bytes(4, "big") + message[START + 4 :]


@cache
def _event_classes() -> dict[tuple[Family, int], type[Event]]:
    return {
        (kind.declared.theme.family, kind.declared.id): kind
        for kind in all_events(Program.REMOTE)
        if kind.declared.id is not None
    }


def _name_test(name: str | None, flags: MonitorEventFlags) -> Callable[[str], bool]:
    """Whether a monitor event's name is the one that is wanted."""
    if name is None:
        return lambda found: True
    pattern = name if MonitorEventFlags.REGEX in flags else re.escape(name) + r"\Z"
    compiled = re.compile(pattern, re.IGNORECASE if MonitorEventFlags.NOCASE in flags else 0)
    search = compiled.search if MonitorEventFlags.REGEX in flags else compiled.match
    return lambda found: search(found) is not None
