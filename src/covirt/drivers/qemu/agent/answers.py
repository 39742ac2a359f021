# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reading the members of a guest agent's answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from covirt.drivers.qemu.agent.errors import MalformedAnswer

Record = Mapping[str, Any]


def record(answer: object, problem: str) -> Record:
    """An answer that must be an object."""
    if not isinstance(answer, Mapping):
        raise MalformedAnswer(problem)
    return answer


def listing(answer: object, problem: str) -> list[Record]:
    """An answer that must be a list of objects."""
    if not isinstance(answer, list) or not all(isinstance(entry, Mapping) for entry in answer):
        raise MalformedAnswer(problem)
    return answer


def text(entry: Record, name: str, where: str) -> str:
    """A text that must be there."""
    value = entry.get(name)
    if not isinstance(value, str):
        raise MalformedAnswer(f"'{name}' missing in {where}")
    return value


def optional_text(entry: Record, name: str) -> str | None:
    """A text, or None."""
    value = entry.get(name)
    return value if isinstance(value, str) else None


def integer(entry: Record, name: str, command: str) -> int:
    """A whole number that must be there."""
    value = entry.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedAnswer(f"'{name}' missing in reply of {command}")
    return value


def flag(entry: Record, name: str, command: str) -> bool:
    """A yes or no that must be there."""
    value = entry.get(name)
    if not isinstance(value, bool):
        raise MalformedAnswer(f"'{name}' missing in reply of {command}")
    return value


def number(entry: Record, name: str, problem: str) -> float:
    """A number that must be there; `problem` may name it."""
    value = entry.get(name)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise MalformedAnswer(problem.format(name=name))
    return float(value)
