# SPDX-License-Identifier: LGPL-2.1-or-later
"""From options to the flags of calls."""

from __future__ import annotations

from enum import IntFlag
from functools import reduce
from operator import or_
from typing import TypeVar

from covirt.cli.failure import CommandFailed
from covirt.cli.quoting import split_commas

F = TypeVar("F", bound=IntFlag)


def flags(kind: type[F], **given: bool) -> F:
    """The flags whose options were given."""
    return reduce(or_, (kind[name] for name, wanted in given.items() if wanted), kind(0))


def way(kind: type[F], mode: str | None) -> F:
    """The flags for ways to end or reboot a guest, which are written with commas."""
    names = {
        "acpi": "ACPI_POWER_BTN",
        "agent": "GUEST_AGENT",
        "initctl": "INITCTL",
        "signal": "SIGNAL",
        "paravirt": "PARAVIRT",
    }
    chosen = kind(0)
    for word in split_commas(mode) if mode else []:
        if word not in names:
            raise CommandFailed(
                f"Unknown mode {word} value, expecting 'acpi', 'agent', 'initctl', 'signal', or 'paravirt'"
            )
        chosen |= kind[names[word]]
    return chosen


def passed_fds(text: str) -> list[int]:
    """Numbers of open files."""
    try:
        return [int(word) for word in text.split(",")]
    except ValueError:
        raise CommandFailed("Unable to parse FD number") from None
