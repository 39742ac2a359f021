# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables of the shell."""

from __future__ import annotations

from collections.abc import Callable

from covirt.cli.table import Table
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.trace import Player


def run(case: Case) -> object:
    """Play the trace of a case; a case that expects a text gets the last one printed."""
    printed: list[str] = []

    def text(shown: Table, headings: int) -> str:
        printed.append(shown.format(headings=bool(headings)))
        return printed[-1]

    calls: dict[str, Callable[..., object]] = {
        "vshTableNew": table,
        "vshTableRowAppend": append,
        "vshTablePrintToString": text,
        **ENCODING,
    }
    Player(case, calls).play()
    return printed[-1] if "value" in case.expect else True


def table(*headings: str | None) -> Table:
    """A table with headings up to the end mark."""
    return Table(*given(headings))


def append(to: Table, *cells: str | None) -> bool:
    """A row up to the end mark."""
    to.append(*given(cells))
    return True


def given(cells: tuple[str | None, ...]) -> list[str]:
    """What stands before the first missing cell."""
    cut = cells.index(None) if None in cells else len(cells)
    return [cell for cell in cells[:cut] if cell is not None]


ENCODING = {"mbrtowc": lambda *_: 1, "iswprint": lambda *_: True}
"""What the trace asks of the C library first: text in UTF-8 is printable, as it always is in Python."""
