# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is found wrong in a document: where, why, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from covirt.errors import Error, ErrorLevel, XmlError
from covirt.xml.element import Element
from covirt.xml.reader import Source

MAX_PROBLEMS = 100
"""More than these are not listed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong (an error) or looks wrong (a warning)."""

    error: Error
    """With message, code, path, line, column and hint; not raised for a warning."""

    @property
    def fatal(self) -> bool:
        """Is the document refused for it?"""
        return self.error.level is ErrorLevel.ERROR

    def __str__(self) -> str:
        """One line: place, kind, message."""
        error = self.error
        where = f"{error.line}:{error.column}: " if error.line else ""
        kind = "error" if self.fatal else "warning"
        hint = f" ({error.hint})" if error.hint else ""
        return f"{where}{kind}: {error.message}{hint} at {error.path}"


class Problems:
    """The problems of one document, with the tree they are found in."""

    __slots__ = ("errors", "found", "root", "source")

    def __init__(self, root: Element, source: Source | None) -> None:
        """Begin with none."""
        self.root = root
        self.source = source
        self.found: list[Problem] = []
        self.errors = 0

    def add(
        self,
        message: str | Error,
        element: Element,
        at: str = "",
        *,
        error: type[Error] = XmlError,
        hint: str | None = None,
        warning: bool = False,
    ) -> None:
        """Note a problem of `element`, or of what is `at` a path below it; a message may be an error ready made."""
        if not warning:
            self.errors += 1
        if len(self.found) >= MAX_PROBLEMS and (warning or self.errors > 1):
            return
        if isinstance(message, Error):
            told = message
        else:
            told = error.verbatim(message, level=ErrorLevel.WARNING) if warning else error(message or None)
        told.hint = told.hint or hint
        self.locate(told, element, at)
        self.found.append(Problem(told))

    def locate(self, error: Error, element: Element, at: str = "") -> None:
        """Say in an error where it is, as far as it does not know."""
        line, column = self.source.position(element.offset) if self.source else (None, None)
        error.path = error.path or path_of(self.root, element) + (f"/{at}" if at else "")
        error.line, error.column = error.line or line, error.column or column

    def raise_first(self) -> None:
        """Raise the first error, if there is one."""
        for problem in self.found:
            if problem.fatal:
                raise problem.error


class Report:
    """What an object's own checks tell their findings to."""

    __slots__ = ("_element", "_problems")

    def __init__(self, problems: Problems, element: Element) -> None:
        """Findings are about this element."""
        self._problems = problems
        self._element = element

    def error(
        self, message: str | Error, at: str = "", *, error: type[Error] = XmlError, hint: str | None = None
    ) -> None:
        """The document is refused; `at` is a path below the element."""
        self._problems.add(message, self._element, at, error=error, hint=hint)

    def warning(self, message: str, at: str = "", *, hint: str | None = None) -> None:
        """The document is taken, but probably not meant so."""
        self._problems.add(message, self._element, at, hint=hint, warning=True)


def path_of(root: Element, element: Element) -> str:
    """The path of an element from the root; repeated siblings are numbered from 1."""
    pending = [(root, f"/{local(root.name)}")]
    while pending:
        here, path = pending.pop()
        if here is element:
            return path
        count: dict[str, int] = {}
        for child in here.children:
            count[child.name] = count.get(child.name, 0) + 1
        number: dict[str, int] = {}
        for child in here.children:
            number[child.name] = number.get(child.name, 0) + 1
            mark = f"[{number[child.name]}]" if count[child.name] > 1 else ""
            pending.append((child, f"{path}/{local(child.name)}{mark}"))
    return f"/{local(element.name)}"


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rsplit("}", 1)[-1]


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint with the known word that is most alike."""
    close = get_close_matches(word, [name for name in known if name], n=1)
    return f"did you mean '{close[0]}'?" if close else None
