# SPDX-License-Identifier: LGPL-2.1-or-later
"""What all commands share: how they are executed, and how members of replies are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from covirt.drivers.qemu.monitor.errors import UnexpectedReply

Record = Mapping[str, Any]


class Execute(Protocol):
    """Runs one QMP command and returns what QEMU returns; a refusal raises `CommandFailed`."""

    async def __call__(self, command: str, arguments: Mapping[str, object] | None = None) -> Any:
        """Run a command."""
        ...


def given(**arguments: object) -> dict[str, object]:
    """Arguments that are not None, named as QMP does: with dashes."""
    return {name.replace("_", "-"): value for name, value in arguments.items() if value is not None}


def record(reply: object, command: str) -> Record:
    """A reply that must be an object."""
    if not isinstance(reply, Mapping):
        raise UnexpectedReply(f"unexpected type returned by QEMU command '{command}'")
    return reply


def records(reply: object, command: str) -> list[Record]:
    """A reply that must be a list of objects."""
    if not isinstance(reply, list) or not all(isinstance(entry, Mapping) for entry in reply):
        raise UnexpectedReply(f"unexpected type returned by QEMU command '{command}'")
    return reply


def text(entry: Record, name: str, problem: str) -> str:
    """A text that must be there."""
    value = entry.get(name)
    if not isinstance(value, str):
        raise UnexpectedReply(problem)
    return value


def optional_text(entry: Record, name: str) -> str | None:
    """A text, or None."""
    value = entry.get(name)
    return value if isinstance(value, str) else None


def number(entry: Record, name: str, problem: str) -> int:
    """A whole number that must be there."""
    value = entry.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnexpectedReply(problem)
    return value


def optional_number(entry: Record, name: str) -> int | None:
    """A whole number, or None."""
    value = entry.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(entry: Record, name: str, problem: str) -> bool:
    """A yes or no that must be there."""
    value = entry.get(name)
    if not isinstance(value, bool):
        raise UnexpectedReply(problem)
    return value
