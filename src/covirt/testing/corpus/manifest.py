# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a suite of the corpus holds: its cases as written in `manifest.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One input with the result it must have."""

    suite: str
    id: str
    kind: str
    root: Path
    driver: str = ""
    inputs: JsonObject = field(default_factory=dict)
    inline: JsonObject = field(default_factory=dict)
    expect: JsonObject = field(default_factory=dict)
    options: JsonObject = field(default_factory=dict)
    trace: JsonObject = field(default_factory=dict)
    support: tuple[str, ...] = ()
    tables: JsonObject = field(default_factory=dict)
    context: bool = False
    state: dict[str, Any] = field(default_factory=dict, compare=False)
    """What cases that act on one state in order (`options.sequence`, `options.session`) hand to each other."""

    def path(self, role: str) -> Path:
        """Where the one input of a role lies."""
        return self.root / str(self.inputs[role])

    def paths(self, role: str) -> list[Path]:
        """Where the inputs of a role lie, one or many."""
        value = self.inputs[role]
        return [self.root / str(one) for one in (value if isinstance(value, list) else [value])]

    def text(self, role: str = "xml") -> str:
        """The text of the one input of a role."""
        return self.path(role).read_text(encoding="utf-8")

    def json(self, role: str) -> Any:
        """The value of the one input of a role that is JSON."""
        return json.loads(self.text(role))

    def has(self, role: str) -> bool:
        """Whether the case has an input of that role."""
        return role in self.inputs

    def expected(self, role: str | None = None) -> str:
        """The text of the expected file; with a role, of the one of several."""
        name = self.expect["file"] if role is None else self.expect["files"][role]
        return (self.root / str(name)).read_text(encoding="utf-8")

    @property
    def group(self) -> str | None:
        """The cases of one group share a state and run in order; None stands alone."""
        if "session" in self.options:
            return str(self.options["session"])
        return "sequence" if "sequence" in self.options else None


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one manifest and what they have in common."""

    name: str
    cases: tuple[Case, ...]

    def groups(self) -> Iterator[tuple[Case, ...]]:
        """The cases as bundles that may run independently of each other; most bundles are one case."""
        together: dict[str, list[Case]] = {}
        for case in self.cases:
            if case.group is None:
                yield (case,)
            else:
                together.setdefault(case.group, []).append(case)
        yield from (tuple(cases) for cases in together.values())


def suite_names(root: Path) -> list[str]:
    """The names of all suites of a corpus, in order."""
    return sorted(path.parent.name for path in root.glob("*/manifest.json"))


def load_suite(root: Path, name: str) -> Suite:
    """Read one manifest."""
    document = json.loads((root / name / "manifest.json").read_text(encoding="utf-8"))
    tables = document.get("tables") or {}
    states: dict[str, dict[str, Any]] = {}
    cases = []
    for entry in document["cases"]:
        case = Case(
            suite=name,
            id=entry["id"],
            kind=entry["kind"],
            root=root,
            driver=entry.get("driver") or "",
            inputs=entry.get("inputs") or {},
            inline=entry.get("inline") or {},
            expect=entry.get("expect") or {},
            options=entry.get("options") or {},
            trace=entry.get("trace") or {},
            support=tuple(entry.get("support") or ()),
            tables=tables,
            context=bool(entry.get("context")),
        )
        cases.append(case if case.group is None else replace(case, state=states.setdefault(case.group, {})))
    return Suite(name, tuple(cases))
