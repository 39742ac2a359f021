# SPDX-License-Identifier: LGPL-2.1-or-later
"""Title, description and the notes of applications: the same for guests and networks."""

from __future__ import annotations

from enum import IntEnum
from typing import Protocol

from covirt.drivers.common.notes import get_note, set_note
from covirt.errors import InvalidArg
from covirt.xml import Foreign


class Piece(IntEnum):
    """The pieces, with the numbers that all APIs give them."""

    DESCRIPTION = 0
    TITLE = 1
    ELEMENT = 2


class Described(Protocol):
    """A definition that has them."""

    title: str | None
    description: str | None
    metadata: Foreign | None


def known_piece(number: int) -> Piece:
    """The piece of a number."""
    try:
        return Piece(number)
    except ValueError:
        raise InvalidArg(f"unknown metadata type '{number}'") from None


def check_metadata(function: str, number: int, text: str | None, key: str | None, uri: str | None) -> None:
    """Refuse arguments that do not fit: a title is one line, and only a note has a namespace."""
    piece = known_piece(number)
    if piece is Piece.TITLE and text and "\n" in text:
        raise InvalidArg("metadata title can't contain newlines")
    if piece is Piece.ELEMENT:
        if uri is None:
            raise InvalidArg.of_function(function, "uri", f"uri in {function} must not be NULL")
        if text is not None and key is None:
            raise InvalidArg.of_function(function, "key", f"key in {function} must not be NULL")
    elif uri is not None:
        raise InvalidArg.of_function(function, "uri", f"uri in {function} must be NULL")
    elif key is not None:
        raise InvalidArg.of_function(function, "key", f"key in {function} must be NULL")


def get_metadata(definition: Described, number: int, uri: str | None) -> str | None:
    """One piece, None when there is none."""
    match known_piece(number):
        case Piece.DESCRIPTION:
            return definition.description
        case Piece.TITLE:
            return definition.title
        case Piece.ELEMENT:
            return get_note(definition.metadata, uri or "") if definition.metadata else None


def set_metadata(definition: Described, number: int, text: str | None, key: str | None, uri: str | None) -> None:
    """Change or remove one piece."""
    match known_piece(number):
        case Piece.DESCRIPTION:
            definition.description = text or None
        case Piece.TITLE:
            definition.title = text or None
        case Piece.ELEMENT:
            definition.metadata = set_note(definition.metadata, text, key or "", uri or "")
