# SPDX-License-Identifier: LGPL-2.1-or-later
"""What commands say: text in virsh's form, or the same as JSON."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from covirt.cli.table import Table


class Output:
    """Where a shell writes; commands say what they have, this decides how it looks."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None, *, quiet: bool = False) -> None:
        """Write to the standard streams unless told otherwise."""
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self.quiet = quiet

    def write(self, text: str) -> None:
        """Text that is the result."""
        self.out.write(text)

    def line(self, text: str = "") -> None:
        """A line of the result."""
        self.write(text + "\n")

    def say(self, text: str) -> None:
        """Words for a person, left out in quiet mode."""
        if not self.quiet:
            self.out.write(text)

    def done(self, text: str) -> None:
        """Tell a person what has happened, on a line of its own."""
        self.say(text + "\n")

    def error(self, text: str) -> None:
        """What went wrong; it appears behind what was said before."""
        self.out.flush()
        self.err.write(f"error: {text}\n")
        self.err.flush()

    def warn(self, text: str) -> None:
        """What a person should know, though it works."""
        self.err.write(f"warning: {text}\n")

    def names(self, names: Iterable[str]) -> None:
        """Names, a line each."""
        for name in names:
            self.line(name)

    def table(self, table: Table) -> None:
        """Rows below headings."""
        self.write(table.format(headings=not self.quiet))

    def fields(self, fields: Iterable[tuple[str, object]], width: int = 15, *, mark: str = ":") -> None:
        """Names and values, a line each."""
        for name, value in fields:
            self.line(f"{name + mark:<{width}} {value}")

    def records(self, records: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Things that are a line each, and have fields of their own."""
        for line, _fields in records:
            self.line(line)

    def begin(self) -> None:
        """A command begins."""

    def end(self, *, succeeded: bool) -> None:
        """A command has ended."""
        if not self.quiet:
            self.out.write("\n")


def yes_no(answer: bool) -> str:
    """An answer in words."""
    return "yes" if answer else "no"


class JsonOutput(Output):
    """One JSON document on one line for each command."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        """Collect what a command says until it ends."""
        super().__init__(out, err)
        self.begin()

    def begin(self) -> None:
        """Forget the former command."""
        self._rows: list[dict[str, Any]] | None = None
        self._document: dict[str, Any] = {}
        self._text: list[str] = []
        self._messages: list[str] = []
        self._errors: list[str] = []

    def write(self, text: str) -> None:
        """Text that is the result."""
        self._text.append(text)

    def say(self, text: str) -> None:
        """Words for a person."""
        self._messages.extend(line for line in text.splitlines() if line)

    def error(self, text: str) -> None:
        """What went wrong."""
        self._errors.append(text)

    def names(self, names: Iterable[str]) -> None:
        """A list of names."""
        self._document["names"] = list(names)

    def table(self, table: Table) -> None:
        """A list of objects with the headings as keys."""
        keys = [key(heading) for heading in table.headings]
        self._rows = [*(self._rows or []), *(dict(zip(keys, row, strict=True)) for row in table.rows)]

    def fields(self, fields: Iterable[tuple[str, object]], width: int = 15, *, mark: str = ":") -> None:
        """An object; numbers stay numbers."""
        for name, value in fields:
            self._document[key(name)] = value if isinstance(value, (int, float, bool)) else str(value)

    def records(self, records: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """A list of objects."""
        self._rows = [*(self._rows or []), *(fields for _line, fields in records)]

    def end(self, *, succeeded: bool) -> None:
        """Write the document: the rows alone when there is nothing else."""
        rest = {
            **self._document,
            "text": "".join(self._text),
            "messages": self._messages,
            "errors": self._errors,
        }
        kept = {name: value for name, value in rest.items() if value not in ("", [])}
        if self._rows is not None and not kept:
            document: Any = self._rows
        else:
            document = kept if self._rows is None else {"rows": self._rows, **kept}
        self.out.write(json.dumps(document, ensure_ascii=False) + "\n")


def key(title: str) -> str:
    """A title as a key: lower case, words joined by underscores."""
    return re.sub(r"[^0-9a-z]+", "_", title.lower()).strip("_")
