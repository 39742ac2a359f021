# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every error is made of: code, domain, level, message, and the object and place it is about."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from covirt.error_numbers import ErrorCode, ErrorDomain, ErrorLevel

_classes: dict[int, type[Error]] = {}
_domains: dict[int, ErrorDomain] = {member.value: member for member in ErrorDomain}


class Error(Exception):
    """The root of all errors that people can meet.

    A subclass with a `code` registers itself under it. `str()` gives the message in the form that libvirt has for
    the code; `explain()` adds the object, the place in a document and the hint.
    """

    code: int = ErrorCode.INTERNAL_ERROR
    domain: ErrorDomain = ErrorDomain.NONE
    text: ClassVar[str] = ""
    detailed: ClassVar[str] = "%s"

    def __init_subclass__(
        cls,
        code: ErrorCode | None = None,
        text: str = "",
        detailed: str = "",
        domain: ErrorDomain | None = None,
    ) -> None:
        """Register a class under its code; `text` is its message alone, `detailed` its message with a detail."""
        super().__init_subclass__()
        if domain is not None:
            cls.domain = domain
        if code is None:
            return
        if code in _classes:
            raise TypeError(f"{cls.__name__} and {_classes[code].__name__} have the same code {code}")
        cls.code, cls.text, cls.detailed = code, text, detailed or f"{text}: %s"
        _classes[code] = cls

    def __init__(
        self,
        detail: str | None = None,
        *,
        domain: ErrorDomain | None = None,
        about: object = None,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
        level: ErrorLevel = ErrorLevel.ERROR,
    ) -> None:
        """Make an error; without a domain it gets the one of the driver that raises it."""
        template = self.text if detail is None else self.detailed
        self.detail = detail
        self.message = template if detail is None else template.replace("%s", detail, 1)
        super().__init__(self.message)
        if domain is not None:
            self.domain = domain
        self.level = level
        self.about, self.path, self.line, self.column, self.hint = about, path, line, column, hint
        self.part: object = None
        """The part of a document that was looked at, for who knows where it stands."""
        self.str1: str | None = template
        self.str2: str | None = detail
        self.str3: str | None = None
        self.int1 = -1
        self.int2 = -1

    @classmethod
    def verbatim(cls, message: str, **fields: Any) -> Self:
        """An error whose message is exactly this, as when it comes from another process."""
        error = cls()
        error.args = (message,)
        error.message = message
        for name, value in fields.items():
            if not hasattr(error, name):
                raise TypeError(f"an error has no field {name!r}")
            setattr(error, name, value)
        return error

    def __str__(self) -> str:
        """The message that libvirt would give."""
        return self.message

    @property
    def place(self) -> str:
        """Where in a document the fault is: path, line and column as far as they are known."""
        parts = [self.path] if self.path else []
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def explain(self) -> str:
        """The message with all that helps a person: object, place, hint."""
        where = "; ".join(part for part in ("" if self.about is None else str(self.about), self.place) if part)
        told = f"{self.message} ({where})" if where else self.message
        return f"{told}\nhint: {self.hint}" if self.hint else told

    def report(self) -> dict[str, object]:
        """All fields that are set, for logs and machine-readable output."""
        fields = {
            "code": int(self.code),
            "domain": int(self.domain),
            "level": int(self.level),
            "message": self.message,
            "about": None if self.about is None else str(self.about),
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "hint": self.hint,
        }
        return {name: value for name, value in fields.items() if value is not None}


def error_class(code: int) -> type[Error]:
    """The class of a code, or `Error` itself for a code we do not know."""
    return _classes.get(code, Error)


def received(
    code: int,
    message: str | None,
    *,
    domain: int = ErrorDomain.NONE,
    level: int = ErrorLevel.ERROR,
    str1: str | None = None,
    str2: str | None = None,
    str3: str | None = None,
    int1: int = 0,
    int2: int = 0,
) -> Error:
    """The error that a peer describes by these fields; numbers unknown to us are kept."""
    known_domain = _domains.get(domain, ErrorDomain.NONE)
    known_level = ErrorLevel(level) if level in set(ErrorLevel) else ErrorLevel.ERROR
    error = error_class(code).verbatim(message or "", domain=known_domain, level=known_level)
    error.code = code if code not in _classes else error.code
    error.str1, error.str2, error.str3, error.int1, error.int2 = str1, str2, str3, int1, int2
    return error
