# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guest agent's protocol without sockets: bytes in, replies out.

The agent speaks JSON lines like QMP, but without greeting, ids or events, and one command at a time. What lies in the
channel from before (half a line, a reply that came too late) is passed over by a synchronization: a command that makes
the agent echo a number. The other side is inside the guest, so nothing it says is trusted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from covirt.drivers.qemu.agent.errors import AgentGarbage

#: The longest reply accepted, as in libvirt; a file read through the agent can be that long.
MAX_REPLY = 10 * 1024 * 1024


class State(Enum):
    """What the next line is taken for."""

    IDLE = "nothing was asked, so it is a late reply"
    SYNCING_FIRST = "the echo of our number, a late reply, or the rest of anything"
    SYNCING = "the echo of our number, or a late reply"
    ASKED = "the reply to our command"


@dataclass(frozen=True, slots=True)
class Synced:
    """The agent has echoed our number; False when only garbage came and it should be asked again."""

    done: bool


@dataclass(frozen=True, slots=True)
class AgentReply:
    """The whole reply to the command that was sent last."""

    message: Mapping[str, Any]


Message = Synced | AgentReply


class AgentProtocol:
    """Our side of the channel to one agent."""

    def __init__(self, *, max_reply: int = MAX_REPLY) -> None:
        self.state = State.IDLE
        self._number = 0
        self._buffer = bytearray()
        self._searched = 0
        self._max_reply = max_reply

    def synchronize(self, number: int, *, first: bool) -> bytes:
        """The bytes that ask for an echo of a number."""
        self._number = number
        self.state = State.SYNCING_FIRST if first else State.SYNCING
        return _line({"execute": "guest-sync", "arguments": {"id": number}})

    def command(self, command: Mapping[str, object]) -> bytes:
        """The bytes of a command; what comes next is its reply."""
        self.state = State.ASKED
        return _line(command)

    def give_up(self) -> None:
        """Nobody waits any more; what still comes is late."""
        self.state = State.IDLE

    def receive(self, data: bytes) -> list[Message]:
        """Take bytes from the agent, give the messages that are complete with them."""
        self._buffer += data
        messages: list[Message] = []
        while (end := self._buffer.find(b"\n", self._searched)) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            self._searched = 0
            message = self._read(line)
            if message is not None:
                messages.append(message)
        self._searched = len(self._buffer)
        if self._searched > self._max_reply:
            self._buffer.clear()
            raise AgentGarbage(f"No complete agent response found in {self._max_reply} bytes")
        return messages

    def _read(self, line: bytes) -> Message | None:
        # An agent that resynchronizes marks the new beginning with a byte that is no UTF-8.
        line = line.rpartition(b"\xff")[2].strip()
        if not line:
            return None
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            if self.state is State.SYNCING_FIRST:
                self.state = State.IDLE
                return Synced(False)
            raise AgentGarbage(f"cannot parse json {_excerpt(line)}") from None
        if not isinstance(message, dict):
            raise AgentGarbage(f"Parsed JSON reply '{_excerpt(line)}' isn't an object")
        if "return" not in message and "error" not in message:
            if "QMP" in message or "event" in message:
                return None
            raise AgentGarbage(f"Unknown JSON reply '{_excerpt(line)}'")
        return self._reply(message)

    def _reply(self, message: Mapping[str, Any]) -> Message | None:
        match self.state:
            case State.ASKED:
                self.state = State.IDLE
                return AgentReply(message)
            case State.SYNCING | State.SYNCING_FIRST if message.get("return") == self._number:
                self.state = State.IDLE
                return Synced(True)
            case _:
                return None


def _line(message: Mapping[str, object]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def _excerpt(line: bytes) -> str:
    """The beginning of a line, for a message."""
    text = line[:200].decode("utf-8", "backslashreplace")
    return text if len(line) <= 200 else f"{text}…"
