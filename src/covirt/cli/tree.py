# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trees drawn with lines."""

from __future__ import annotations

from collections.abc import Mapping


def draw(parents: Mapping[str, str | None]) -> str:
    """All trees of a forest, in the order of the names; `parents` has each name with the one above it."""
    lines: list[str] = []
    for name, parent in parents.items():
        if parent is None:
            _draw(parents, name, "", lines, root=True, last=True)
    return "".join(f"{line}\n" for line in lines)


def _draw(
    parents: Mapping[str, str | None], name: str, indent: str, lines: list[str], *, root: bool, last: bool
) -> None:
    """One node and what hangs below it; a leaf that is the last of its siblings is followed by an empty line."""
    lines.append(f"{indent}{'' if root else '+- '}{name}")
    below = indent if root else indent + ("  " if last else "| ")
    children = [child for child, parent in parents.items() if parent == name]
    if children:
        lines.append(f"{below}  |")
    for child in children:
        _draw(parents, child, below + "  ", lines, root=False, last=child == children[-1])
    if not children and last:
        lines.append(below)
