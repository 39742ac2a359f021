# SPDX-License-Identifier: LGPL-2.1-or-later
"""The syntax of libvirt's configuration files: `name = value`, comments, strings in several quotes, numbers, lists.

VMX files and old LXC configurations are dialects of it. What is read can be changed and written again with its
comments in their places.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import NoReturn

from covirt.errors import ConfSyntax, ErrorDomain, InternalError, Overflow, SystemCallFailed

Value = int | str | list["Value"]

MAX_FILE_SIZE = 10 << 20
MAX_LIST_DEPTH = 100
_INT_MAX, _UINT_MAX, _LLONG_MAX = 2**31 - 1, 2**32 - 1, 2**63 - 1
_BLANKS, _LINE_ENDS = " \t", "\n\r"


class Syntax(Enum):
    """Who defined the file."""

    LIBVIRT = "libvirt"
    VMX = "vmx"
    """Names may have `:`, `.`, `-` and `*`; all values are strings."""
    LXC = "lxc"
    """Names may have `.`; a value without quotes goes to the end of its line."""


@dataclass(slots=True)
class Entry:
    """One line: a comment, a setting, or a setting with a comment after it."""

    name: str | None = None
    value: Value | None = None
    comment: str | None = None

    def format(self) -> str:
        """The line without its end."""
        parts = [] if self.name is None or self.value is None else [f"{self.name} = {format_value(self.value)}"]
        parts += [] if self.comment is None else [f"#{self.comment}"]
        return " ".join(parts)


@dataclass(slots=True)
class Conf:
    """The settings of one file."""

    entries: list[Entry] = field(default_factory=list)
    filename: str | None = None

    @classmethod
    def parse(cls, text: str, filename: str | None = None, syntax: Syntax = Syntax.LIBVIRT) -> Conf:
        """Read a text; errors give the file and line."""
        return cls(list(_Parser(text, filename, syntax).statements()), filename)

    @classmethod
    def read(cls, path: Path, syntax: Syntax = Syntax.LIBVIRT) -> Conf:
        """Read a file."""
        try:
            with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
                text = file.read(MAX_FILE_SIZE + 1)
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, f"Failed to open file '{path}'") from error
        if len(text) > MAX_FILE_SIZE:
            raise SystemCallFailed.from_errno(75, f"Failed to read file '{path}'")
        return cls.parse(text, str(path), syntax)

    def format(self) -> str:
        """The text of the file."""
        return "".join(f"{entry.format()}\n" for entry in self.entries)

    def get(self, name: str) -> Value | None:
        """The value of a setting; the first one counts."""
        entry = self._entry(name)
        return None if entry is None else entry.value

    def set(self, name: str, value: Value) -> None:
        """Change a setting in its place, or add it at the end."""
        entry = self._entry(name)
        if entry is None:
            self.entries.append(Entry(name, value))
        else:
            entry.value = value

    def names(self) -> list[str]:
        """The names of all settings."""
        return [entry.name for entry in self.entries if entry.name is not None]

    # Values of the type they must have; None when the setting is not there

    def string(self, name: str) -> str | None:
        """A setting that is a string."""
        value = self.get(name)
        if value is None or isinstance(value, str):
            return value
        self._refuse(f"expected a string for '{name}' parameter")

    def strings(self, name: str, *, one_will_do: bool = False) -> list[str] | None:
        """A setting that is a list of strings, or, where that is allowed, one string alone."""
        value = self.get(name)
        if isinstance(value, list):
            found = [item for item in value if isinstance(item, str)]
            if len(found) < len(value):
                raise ConfSyntax(
                    f"{self.filename}: expected a string list for '{name}' parameter", domain=ErrorDomain.CONF
                )
            return found
        if isinstance(value, str) and one_will_do:
            return [value]
        if value is None:
            return None
        self._refuse(f"expected a {'string or ' if one_will_do else ''}string list for '{name}' parameter")

    def boolean(self, name: str) -> bool | None:
        """A setting that is 0 or 1."""
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or value < 0:
            self._refuse(f"expected a bool for '{name}' parameter")
        if value > 1:
            self._refuse(f"value for '{name}' parameter must be 0 or 1")
        return value == 1

    def integer(self, name: str, low: int = -_INT_MAX - 1, high: int = _INT_MAX) -> int | None:
        """A setting that is a number within limits; by default what fits into a C int."""
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or (low >= 0 and value < 0):
            self._refuse(f"expected {'an unsigned' if low >= 0 else 'a signed'} integer for '{name}' parameter")
        if not low <= value <= high:
            self._refuse(f"value for '{name}' parameter must be in range {low}:{high}")
        return value

    def unsigned(self, name: str, high: int = _UINT_MAX) -> int | None:
        """A setting that is a number from 0 on; by default what fits into a C unsigned int."""
        return self.integer(name, 0, high)

    def _entry(self, name: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.name == name), None)

    def _refuse(self, complaint: str) -> NoReturn:
        raise InternalError(f"{self.filename}: {complaint}", domain=ErrorDomain.CONF)


def format_value(value: Value) -> str:
    """A value as it is written in a file."""
    if isinstance(value, list):
        return f"[ {', '.join(map(format_value, value))} ]"
    if isinstance(value, int):
        return str(int(value))
    quote = '"""' if "\n" in value else next((quote for quote in "\"'" if quote not in value), '"""')
    return f"{quote}{value}{quote}"


class _Parser:
    """Reads one text from its beginning to its end."""

    def __init__(self, text: str, filename: str | None, syntax: Syntax) -> None:
        # What libvirt reads ends at a NUL; one may look a little beyond the end.
        self._text = text.partition("\0")[0]
        self._filename, self._syntax = filename, syntax
        self._at = 0
        self._line = 1
        more = {Syntax.VMX: ":.-*", Syntax.LXC: "."}.get(syntax, "")
        self._name_letters = string.ascii_letters + string.digits + "_" + more
        self._name_begins = string.ascii_letters + ("." if syntax is Syntax.VMX else "")

    def statements(self) -> Iterator[Entry]:
        while self._at < len(self._text):
            self._skip_lines()
            yield Entry(comment=self._comment()) if self._next == "#" else self._setting()
            self._separator()

    @property
    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _setting(self) -> Entry:
        name = self._name()
        self._skip_blanks()
        if self._next != "=":
            self._fail("expecting an assignment")
        self._at += 1
        value = self._value(0)
        self._skip_blanks()
        return Entry(name, value, self._comment() if self._next == "#" else None)

    def _name(self) -> str:
        if not self._next or self._next not in self._name_begins:
            self._fail("expecting a name")
        return self._take(self._name_letters)

    def _value(self, depth: int) -> Value:
        self._skip_blanks()
        letter = self._next
        if not letter:
            self._fail("expecting a value")
        if letter in "\"'" or self._syntax is Syntax.LXC:
            return self._string()
        if letter == "[":
            return self._list(depth + 1)
        if letter in string.digits + "+-":
            return self._number()
        self._fail("expecting a value")

    def _string(self) -> str:
        if self._text.startswith('"""', self._at) and self._at + 6 < len(self._text):
            return self._quoted('"""')
        if self._next and self._next in "\"'":
            return self._quoted(self._next)
        begin = self._at
        self._skip_to_line_end()
        return self._text[begin : self._at].rstrip(_BLANKS)

    def _quoted(self, quote: str) -> str:
        begin = self._at + len(quote)
        end = self._text.find(quote, begin)
        found = self._text[begin:end]
        if end < 0 or (len(quote) == 1 and any(letter in found for letter in _LINE_ENDS)):
            self._fail("unterminated string")
        self._line += found.count("\n")
        self._at = end + len(quote)
        return found

    def _list(self, depth: int) -> list[Value]:
        if self._syntax is Syntax.VMX:
            self._fail("lists not allowed in VMX format")
        if depth > MAX_LIST_DEPTH:
            self._fail("lists are nested too deeply")
        self._at += 1
        self._skip_lines()
        values: list[Value] = []
        while self._next not in ("]", ""):
            if values:
                if self._next != ",":
                    self._fail("expecting a separator in list")
                self._at += 1
                self._skip_lines()
                if self._next == "]":
                    break
            values.append(self._value(depth))
            self._skip_lines()
        if self._next != "]":
            self._fail("list is not closed with ]")
        self._at += 1
        return values

    def _number(self) -> int:
        if self._syntax is Syntax.VMX:
            self._fail("numbers not allowed in VMX format")
        sign = -1 if self._next == "-" else 1
        self._at += self._next in "+-"
        digits = self._take(string.digits)
        if not digits:
            self._fail("unterminated number")
        if len(digits.lstrip("0")) > 19 or int(digits) > _LLONG_MAX:
            self._fail("numeric overflow in conf value", Overflow)
        return sign * int(digits)

    def _comment(self) -> str:
        begin = self._at + 1
        self._skip_to_line_end()
        return self._text[begin : self._at]

    def _separator(self) -> None:
        self._skip_blanks()
        if not self._next:
            return
        if self._next not in _LINE_ENDS + ";":
            self._fail("expecting a separator")
        self._at += self._next == ";"
        self._skip_lines()

    def _take(self, letters: str) -> str:
        begin = self._at
        while self._next and self._next in letters:
            self._at += 1
        return self._text[begin : self._at]

    def _skip_blanks(self) -> None:
        self._take(_BLANKS)

    def _skip_lines(self) -> None:
        self._line += self._take(_BLANKS + _LINE_ENDS).count("\n")

    def _skip_to_line_end(self) -> None:
        while self._next and self._next not in _LINE_ENDS:
            self._at += 1

    def _fail(self, complaint: str, kind: type[ConfSyntax] | type[Overflow] = ConfSyntax) -> NoReturn:
        place = "" if self._filename is None else f"{self._filename}:{self._line}: "
        raise kind(f"{place}{complaint}", domain=ErrorDomain.CONF, path=self._filename, line=self._line)
