# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables with columns as wide as their widest cell, counted in columns of a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from covirt.errors import InternalError


class Table:
    """Rows below headings."""

    def __init__(self, *headings: str) -> None:
        """Begin a table; without a heading it is none."""
        if not headings:
            raise InternalError("Table row cannot be empty")
        self.headings = headings
        self.rows: list[tuple[str, ...]] = []

    def append(self, *cells: str) -> None:
        """Add a row; it has as many cells as there are headings."""
        if not cells:
            raise InternalError("Table row cannot be empty")
        if len(cells) != len(self.headings):
            raise InternalError("Incorrect number of cells in a table row")
        self.rows.append(cells)

    def format(self, *, headings: bool = True) -> str:
        """The table as text."""
        shown = [self.headings, *self.rows] if headings else self.rows
        cells = [[printable(cell) for cell in row] for row in shown]
        widths = [max((display_width(row[column]) for row in cells), default=0) for column in range(len(self.headings))]
        lines = [_line(row, widths) for row in cells]
        if headings:
            lines.insert(1, "-" * sum(width + 3 for width in widths) + "\n")
        return "".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - display_width(cell) + 2) for cell, width in zip(cells, widths, strict=True)]
    return " " + " ".join([*padded[:-1], cells[-1]]) + "\n"


def printable(text: str) -> str:
    """The text with what a terminal would act on written as \\x.. by its bytes; so is a \\x that is already there."""
    shown: list[str] = []
    for position, character in enumerate(text):
        if (character == "\\" and text[position + 1 : position + 2] == "x") or not _harmless(character):
            shown.extend(f"\\x{octet:02x}" for octet in character.encode(errors="surrogateescape"))
        else:
            shown.append(character)
    return "".join(shown)


def _harmless(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Cf" or character == "\u00a0"


def display_width(text: str) -> int:
    """How many columns the text takes."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
