# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is found in a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from covirt.errors import Error, ErrorLevel, XmlInvalidSchema
from covirt.xml import Problem


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, or looks wrong."""

    severity: Severity
    message: str
    code: int
    """The number of the error that a driver would refuse the document with."""
    line: int | None = None
    column: int | None = None
    path: str | None = None
    hint: str | None = None

    @classmethod
    def of(cls, error: Error, *, strict: bool = False) -> Finding:
        """What an error says; to be strict means that nothing unknown is taken."""
        mild = error.level is ErrorLevel.WARNING and not (strict and isinstance(error, XmlInvalidSchema))
        return cls(
            severity=Severity.WARNING if mild else Severity.ERROR,
            message=error.message,
            code=int(error.code),
            line=error.line,
            column=error.column,
            path=error.path,
            hint=error.hint,
        )

    def __str__(self) -> str:
        """One line, in the form that editors understand behind the name of the file."""
        place = "".join(f"{number}:" for number in (self.line, self.column) if number is not None)
        hint = f" ({self.hint})" if self.hint else ""
        path = f" [{self.path}]" if self.path else ""
        return f"{place} {self.severity}: {self.message}{hint}{path}".lstrip()


class Findings:
    """The findings of one document; what is found again counts once."""

    def __init__(self, *, strict: bool = False) -> None:
        """Begin with none."""
        self._strict = strict
        self._found: dict[Finding, None] = {}
        self._attributes: set[tuple[int | None, int | None, str]] = set()

    def __iter__(self) -> Iterator[Finding]:
        """In the order of the document; what has no place comes last."""
        return iter(sorted(self._found, key=lambda found: (found.line or 2**31, found.column or 0)))

    def add(self, error: Error) -> None:
        """Note an error or a warning; of an attribute only the first, as an unusable one counts as missing later."""
        finding = Finding.of(error, strict=self._strict)
        if finding.path is not None and "@" in finding.path:
            place = (finding.line, finding.column, finding.path)
            if place in self._attributes:
                return
            self._attributes.add(place)
        self._found.setdefault(finding)

    def add_all(self, problems: Iterable[Problem]) -> None:
        """Note what reading has found."""
        for problem in problems:
            self.add(problem.error)
