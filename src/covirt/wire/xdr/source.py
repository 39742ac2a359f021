# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pen with which functions are written: lines, indentation, fresh names, and the objects they refer to."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Writer:
    """Collects the body of one function."""

    def __init__(self) -> None:
        """Begin an empty body."""
        self.lines: list[str] = []
        self.names: dict[str, Any] = {}
        self._depth = 2
        self._count = 0

    def line(self, text: str) -> None:
        """Add one line at the present depth."""
        self.lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Add a compound statement; lines written inside belong to it."""
        self.line(head)
        self._depth += 1
        start = len(self.lines)
        yield
        if len(self.lines) == start:
            self.line("pass")
        self._depth -= 1

    def fresh(self, prefix: str = "v") -> str:
        """A variable that nothing else uses."""
        self._count += 1
        return f"{prefix}{self._count}"

    def refer(self, value: Any, prefix: str = "g") -> str:
        """The name under which the function finds an object from outside; equal objects share one."""
        for name, known in self.names.items():
            if known is value:
                return name
        name = self.fresh(prefix)
        self.names[name] = value
        return name

    def layout(self, codes: str, method: str) -> str:
        """The name of `struct.Struct(codes).method`, which is made only once per function."""
        name = f"{method}_{codes}"
        if name not in self.names:
            self.names[name] = getattr(struct.Struct(f">{codes}"), method)
        return name


def build(head: str, body: list[str], guard: list[str], names: dict[str, Any]) -> tuple[Callable[..., Any], str]:
    """Compile a function from its head, its body, and the except clauses that guard the body."""
    text = "\n".join([head, "    try:", *body, *guard]) + "\n"
    namespace = dict(names)
    exec(compile(text, "<xdr plan>", "exec"), namespace)
    return namespace["plan"], text
