# SPDX-License-Identifier: LGPL-2.1-or-later
"""Texts of options and the values they stand for; what C's strtol takes is taken here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from covirt.cli.failure import CommandFailed
from covirt.errors import Error
from covirt.values import scale

INT_MAX = 2**31 - 1
UINT_MAX = 2**32 - 1
ULONG_MAX = 2**64 - 1

_NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?\d+)", re.ASCII)


def malformed(name: str, text: str, *, scaled: bool = False, cause: Error | None = None) -> NoReturn:
    """Refuse a number."""
    kind = "Scaled numeric" if scaled else "Numeric"
    raise CommandFailed(f"{kind} value '{text}' for <{name}> option is malformed or out of range", cause)


def _number(name: str, text: str, lowest: int, highest: int) -> int:
    match = _NUMBER.fullmatch(text)
    if match is None or not lowest <= int(match[1]) <= highest:
        malformed(name, text)
    return int(match[1])


def signed(name: str, text: str) -> int:
    """A C `int`."""
    return _number(name, text, -INT_MAX - 1, INT_MAX)


def unsigned(name: str, text: str) -> int:
    """An `unsigned int` that is not written as a negative number."""
    return _number(name, text, 0, UINT_MAX)


def long_signed(name: str, text: str) -> int:
    """A `long long`."""
    return _number(name, text, -(2**63), 2**63 - 1)


def long_unsigned(name: str, text: str) -> int:
    """An `unsigned long long` that is not written as a negative number."""
    return _number(name, text, 0, ULONG_MAX)


def wrapping(name: str, text: str) -> int:
    """An `unsigned long long`; -1 is its highest value."""
    return _number(name, text, -ULONG_MAX, ULONG_MAX) % (ULONG_MAX + 1)


def timeout_seconds(name: str, text: str) -> int:
    """Seconds that fit as milliseconds into an `int`, and are not zero."""
    seconds = unsigned(name, text)
    if not 0 < seconds <= INT_MAX // 1000:
        malformed(name, str(seconds))
    return seconds


def scaled(unit: int, limit: int = ULONG_MAX) -> Callable[[str, str], int]:
    """A size with an optional unit behind it, in bytes; a bare number counts in `unit`."""

    def convert(name: str, text: str) -> int:
        match = _NUMBER.match(text)
        if match is None or int(match[1]) < 0 or int(match[1]) > ULONG_MAX:
            malformed(name, text, scaled=True)
        try:
            return scale(int(match[1]), text[match.end() :] or None, default=unit, limit=limit)
        except Error as error:
            malformed(name, text, scaled=True, cause=error)

    return convert


kibibytes = scaled(1024)
"""A size in bytes, given in KiB unless it has a unit."""

plain_bytes = scaled(1)
"""A size in bytes, given in bytes unless it has a unit."""
