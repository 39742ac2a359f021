# SPDX-License-Identifier: LGPL-2.1-or-later
"""A QEMU that answers from a recording of commands and replies."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from typing import Any

from covirt.drivers.qemu.monitor.errors import CommandNotFound, command_failed


class RecordedQemu:
    """One start of QEMU, as recorded: each command is answered as it was then, in whatever order they are asked now.

    A command that was recorded more than once is answered in turn, and the last answer holds from then on. A command
    that was not asked then is one that QEMU does not have.
    """

    def __init__(self, exchanges: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
        self._replies: defaultdict[str, deque[dict[str, Any]]] = defaultdict(deque)
        for command, reply in exchanges:
            self._replies[_key(command["execute"], command.get("arguments"))].append(reply)
        self.asked: list[str] = []

    async def __call__(self, command: str, arguments: Mapping[str, object] | None = None) -> Any:
        """Execute a command."""
        key = _key(command, arguments)
        self.asked.append(key)
        replies = self._replies[key]
        if not replies:
            raise CommandNotFound(command, "CommandNotFound", f"The command {command} has not been found")
        reply = replies.popleft() if len(replies) > 1 else replies[0]
        if "error" in reply:
            raise command_failed(command, reply["error"])
        return reply["return"]


def recorded_starts(text: str) -> list[RecordedQemu]:
    """The starts of QEMU in a recording: every negotiation of capabilities begins a new one."""
    starts: list[list[tuple[dict[str, Any], dict[str, Any]]]] = []
    documents = _documents(text)
    for command, reply in zip(documents, documents, strict=True):
        if command["execute"] == "qmp_capabilities":
            starts.append([])
        else:
            starts[-1].append((command, reply))
    return [RecordedQemu(exchanges) for exchanges in starts]


def _documents(text: str) -> Iterator[dict[str, Any]]:
    """The JSON documents of a file, one after the other."""
    decoder = json.JSONDecoder()
    place = 0
    while (place := _skip_blanks(text, place)) < len(text):
        document, place = decoder.raw_decode(text, place)
        yield document


def _skip_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _key(command: str, arguments: Mapping[str, object] | None) -> str:
    return f"{command} {json.dumps(arguments or {}, sort_keys=True)}"
