# SPDX-License-Identifier: LGPL-2.1-or-later
"""A command line cut into words by virsh's rules, which are nearly a shell's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from covirt.cli.failure import CommandFailed


class Mark(Enum):
    """What stands between words."""

    NEXT_COMMAND = ";"


Token = str | Mark


def split(text: str, *, complete: bool = True) -> Iterator[Token]:
    """The words of a line, or of several; an unfinished word is an error only in a complete text."""
    at = 0
    while True:
        at = _skip_blanks(text, at)
        if at >= len(text):
            return
        if text[at] in ";\n":
            at += 1
            yield Mark.NEXT_COMMAND
        elif text[at] == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end + 1
            yield Mark.NEXT_COMMAND
        else:
            word, at = _word(text, at, complete)
            yield word


def given(words: Iterable[str]) -> Iterator[Token]:
    """Words that somebody else has already cut: one command."""
    yield from words


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and (text[at] in " \t" or text.startswith("\\\n", at)):
        at += 1 + (text[at] == "\\")
    return at


def _word(text: str, at: int, complete: bool) -> tuple[str, int]:
    """The word that begins here, and where it ends."""
    word: list[str] = []
    quote = ""
    while at < len(text) and (quote or text[at] not in " \t;\n"):
        character = text[at]
        at += 1
        if character == quote or (not quote and character in "'\""):
            quote = "" if quote else character
        elif character == "\\" and quote != "'":
            if at >= len(text):
                if complete:
                    raise CommandFailed("dangling \\")
                break
            if text[at] != "\n":
                word.append(text[at])
            at += 1
        else:
            word.append(character)
    if quote == '"' and complete:
        raise CommandFailed('missing "')
    return "".join(word), at
