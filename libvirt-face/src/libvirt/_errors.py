# SPDX-License-Identifier: LGPL-2.1-or-later
"""Errors as Python programs know them: one exception, the last error of each thread, and who is told of errors."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from covirt.errors import Error

ErrorTuple = tuple[int, int, str | None, int, str | None, str | None, str | None, int, int]
Handler = Callable[[Any, ErrorTuple], None]


class _Last(threading.local):
    """The last error of each thread."""

    error: ErrorTuple | None = None


_last = _Last()
_handler: tuple[Handler, Any] | None = None


class libvirtError(Exception):
    """Any failure of a call."""

    def __init__(self, defmsg: str) -> None:
        """Describe the last error of this thread, or if there is none say `defmsg`."""
        self.err = _last.error
        message = self.err[2] if self.err is not None else defmsg
        super().__init__(message)

    def _field(self, place: int) -> Any:
        return None if self.err is None else self.err[place]

    def get_error_code(self) -> int | None:
        """Which error, one of VIR_ERR_…."""
        code: int | None = self._field(0)
        return code

    def get_error_domain(self) -> int | None:
        """The part of the system that reports it, one of VIR_FROM_…."""
        domain: int | None = self._field(1)
        return domain

    def get_error_message(self) -> str | None:
        """The message."""
        message: str | None = self._field(2)
        return message

    def get_error_level(self) -> int | None:
        """How bad it is."""
        level: int | None = self._field(3)
        return level

    def get_str1(self) -> str | None:
        """The first additional text."""
        text: str | None = self._field(4)
        return text

    def get_str2(self) -> str | None:
        """The second additional text."""
        text: str | None = self._field(5)
        return text

    def get_str3(self) -> str | None:
        """The third additional text."""
        text: str | None = self._field(6)
        return text

    def get_int1(self) -> int | None:
        """The first additional number."""
        number: int | None = self._field(7)
        return number

    def get_int2(self) -> int | None:
        """The second additional number."""
        number: int | None = self._field(8)
        return number


def registerErrorHandler(f: Handler | None, ctx: Any) -> int:
    """Have errors told to a function instead of being written to standard error; two None take it back."""
    global _handler
    _handler = None if f is None else (f, ctx)
    return 1


def virGetLastError() -> ErrorTuple | None:
    """The last error of this thread."""
    return _last.error


def virGetLastErrorCode() -> int:
    """The code of this thread's last error."""
    return _last.error[0] if _last.error else 0


def virGetLastErrorDomain() -> int:
    """The domain of this thread's last error."""
    return _last.error[1] if _last.error else 0


def virGetLastErrorMessage() -> str:
    """The message of this thread's last error."""
    return (_last.error[2] if _last.error else None) or "no error"


def virResetLastError() -> None:
    """Forget this thread's last error."""
    _last.error = None


def failure(error: Error, function: str) -> libvirtError:
    """Remember an error as this thread's last, tell it, and give the exception for it."""
    _last.error = described = describe(error)
    if _handler is not None:
        tell, context = _handler
        tell(context, described)
    else:
        _print(described)
    return libvirtError(f"{function}() failed")


def describe(error: Error) -> ErrorTuple:
    """The nine fields of an error."""
    return (
        int(error.code),
        int(error.domain),
        str(error),
        int(error.level),
        error.str1,
        error.str2,
        error.str3,
        error.int1,
        error.int2,
    )


def _print(error: ErrorTuple) -> None:
    """What the C library does when nobody wants to be told."""
    from covirt.errors import ErrorDomain, ErrorLevel

    code, domain, message, level, *_, line, _ = error
    part = next(item.text for item in ErrorDomain if item == domain) if domain in set(ErrorDomain) else "Unknown"
    word = ErrorLevel(level).text if level in set(ErrorLevel) else ""
    place = f"line {line}: " if (domain, code) == (ErrorDomain.XML, 35) and line else ""
    print(f"libvirt: {part} {word} : {place}{(message or '').rstrip(chr(10))}", file=sys.stderr)
