# SPDX-License-Identifier: LGPL-2.1-or-later
"""QMP without sockets: bytes in, messages out.

A connection begins with QEMU's greeting; then capabilities are negotiated with one command; from then on commands may
be in flight in any number. Each carries an id, and its reply is found by it: QEMU answers in order, except commands
that were sent out of band. Events come at any time.

    protocol.receive(data) -> messages          the peer's bytes; garbage raises MonitorGarbage, and all is over
    protocol.command(name, arguments) -> (id, bytes)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import count
from typing import Any

from covirt.drivers.qemu.monitor.errors import CommandFailed, MonitorGarbage, command_failed

#: The longest message accepted, as in libvirt; the schema of QEMU 10 takes a tenth of it.
MAX_MESSAGE = 10 * 1024 * 1024


class State(Enum):
    """How far the conversation has come."""

    GREETING = "waiting for the greeting"
    NEGOTIATING = "greeted, capabilities not agreed yet"
    READY = "commands can be sent"
    FAILED = "the peer has sent something that is not QMP"


@dataclass(frozen=True, slots=True)
class Greeting:
    """What QEMU says first: its version and the capabilities of its QMP."""

    version: Mapping[str, Any]
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """The end of a command: what it returns, or why it failed."""

    id: str
    command: str
    value: Any = None
    error: CommandFailed | None = None


@dataclass(frozen=True, slots=True)
class QmpEvent:
    """Something that happened in QEMU, with its time by QEMU's clock (-1 when it does not know)."""

    name: str
    data: Mapping[str, Any]
    seconds: int = -1
    microseconds: int = 0


Message = Greeting | Reply | QmpEvent


class QmpProtocol:
    """One side of one QMP connection: the client's."""

    def __init__(self, *, max_message: int = MAX_MESSAGE) -> None:
        self.state = State.GREETING
        self._buffer = bytearray()
        self._searched = 0
        self._max_message = max_message
        self._numbers = count(1)
        self._pending: dict[str, str] = {}

    @property
    def pending(self) -> tuple[str, ...]:
        """The commands without an answer, oldest first."""
        return tuple(self._pending.values())

    def command(
        self, name: str, arguments: Mapping[str, object] | None = None, *, out_of_band: bool = False
    ) -> tuple[str, bytes]:
        """The id and the bytes of a command."""
        if self.state not in (State.READY, State.NEGOTIATING):
            raise RuntimeError(f"QMP command '{name}' while {self.state.value}")
        identity = f"covirt-{next(self._numbers)}"
        message: dict[str, object] = {"exec-oob" if out_of_band else "execute": name}
        if arguments:
            message["arguments"] = arguments
        message["id"] = identity
        self._pending[identity] = name
        return identity, json.dumps(message, separators=(",", ":")).encode() + b"\r\n"

    def negotiate(self, *, enable: tuple[str, ...] = ()) -> tuple[str, bytes]:
        """The id and the bytes that answer the greeting; the reply makes the connection ready."""
        if self.state is not State.NEGOTIATING:
            raise RuntimeError(f"QMP negotiation while {self.state.value}")
        return self.command("qmp_capabilities", {"enable": list(enable)} if enable else None)

    def forget(self, identity: str) -> None:
        """Nobody waits for this command any more; its reply will be passed over, whenever it comes."""
        if identity in self._pending:
            self._pending[identity] = _FORGOTTEN

    def receive(self, data: bytes) -> list[Message]:
        """Take bytes from QEMU, give the messages that are complete with them."""
        self._buffer += data
        messages: list[Message] = []
        while (end := self._buffer.find(b"\n", self._searched)) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            self._searched = 0
            if line.strip():
                messages += self._read(line)
        self._searched = len(self._buffer)
        if self._searched > self._max_message:
            raise self._fail(f"QEMU monitor reply exceeds buffer size ({self._max_message} bytes)")
        return messages

    def _read(self, line: bytes) -> list[Message]:
        if len(line) > self._max_message:
            raise self._fail(f"QEMU monitor reply exceeds buffer size ({self._max_message} bytes)")
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            raise self._fail(f"cannot parse json {_excerpt(line)}") from None
        if not isinstance(message, dict):
            raise self._fail(f"Parsed JSON reply '{_excerpt(line)}' isn't an object")
        if "QMP" in message:
            return [self._greeting(message["QMP"])]
        if "event" in message:
            return [self._event(message)]
        if "return" in message or "error" in message:
            return self._reply(message, line)
        raise self._fail(f"Unknown JSON reply '{_excerpt(line)}'")

    def _greeting(self, fields: object) -> Greeting:
        if self.state is not State.GREETING:
            raise self._fail("QEMU greeted twice on one monitor connection")
        fields = fields if isinstance(fields, dict) else {}
        version, capabilities = fields.get("version"), fields.get("capabilities")
        self.state = State.NEGOTIATING
        return Greeting(
            version=version if isinstance(version, dict) else {},
            capabilities=tuple(map(str, capabilities)) if isinstance(capabilities, list) else (),
        )

    def _event(self, message: Mapping[str, Any]) -> QmpEvent:
        name, data, when = message["event"], message.get("data"), message.get("timestamp")
        if not isinstance(name, str):
            raise self._fail("missing event type in message from QEMU")
        when = when if isinstance(when, dict) else {}
        seconds, micros = when.get("seconds"), when.get("microseconds")
        return QmpEvent(
            name=name,
            data=data if isinstance(data, dict) else {},
            seconds=seconds if isinstance(seconds, int) else -1,
            microseconds=micros if isinstance(micros, int) and micros >= 0 else 0,
        )

    def _reply(self, message: Mapping[str, Any], line: bytes) -> list[Message]:
        identity = message.get("id")
        command = self._pending.pop(identity, None) if isinstance(identity, str) else None
        if command is None or not isinstance(identity, str):
            raise self._fail(f"Unexpected JSON reply '{_excerpt(line)}'")
        if command == _FORGOTTEN:
            return []
        if "error" in message:
            return [Reply(identity, command, error=command_failed(command, message["error"]))]
        if command == "qmp_capabilities":
            self.state = State.READY
        return [Reply(identity, command, value=message["return"])]

    def _fail(self, problem: str) -> MonitorGarbage:
        self.state = State.FAILED
        self._buffer.clear()
        return MonitorGarbage(problem)


# No command can be called so.
_FORGOTTEN = ""


def _excerpt(line: bytes) -> str:
    """The beginning of a line, for a message."""
    text = line[:200].decode("utf-8", "backslashreplace").strip()
    return text if len(line) <= 200 else f"{text}…"
