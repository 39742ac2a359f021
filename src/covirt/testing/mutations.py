# SPDX-License-Identifier: LGPL-2.1-or-later
"""Good documents made bad in many ways, the same ones for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

WORDS = (
    *("", " ", "0", "1", "-1", "4294967296", "18446744073709551616", "0x", "0xffffffffffffffffff", "1e9", "NaN", "yes"),
    *(
        "no",
        "on",
        "off",
        "default",
        "none",
        "auto",
        "network",
        "file",
        "pci",
        "virtio",
        "a,b",
        "'",
        "&lt;",
        "../..",
        "/",
    ),
    *("é", "x" * 5000, "0-3,^2", "4095", "00:11:22:33:44:55", "::1", "no-such-thing", "\t", "KiB", "EiB"),
)
_ATTRIBUTE = re.compile(r"\s([\w:-]+)='([^']*)'")
_ELEMENT = re.compile(r"<([\w:-]+)[^<>]*?(?:/>|>[^<]*</\1>)")
_NAME = re.compile(r"</?([\w:-]+)")


def mutations(documents: Sequence[str], count: int, seed: int = 1) -> Iterator[str]:
    """So many changed documents."""
    chance = random.Random(seed)
    for _ in range(count):
        text = chance.choice(documents)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            text = chance.choice(CHANGES)(text, chance, documents)
        yield text


def _pick(pattern: re.Pattern[str], text: str, chance: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return chance.choice(found) if found else None


def change_value(text: str, chance: random.Random, documents: Sequence[str]) -> str:
    """Another word in an attribute."""
    found = _pick(_ATTRIBUTE, text, chance)
    return text[: found.start(2)] + chance.choice(WORDS).replace("'", "") + text[found.end(2) :] if found else text


def drop_attribute(text: str, chance: random.Random, documents: Sequence[str]) -> str:
    """An attribute less."""
    found = _pick(_ATTRIBUTE, text, chance)
    return text[: found.start()] + text[found.end() :] if found else text


def add_attribute(text: str, chance: random.Random, documents: Sequence[str]) -> str:
    """An attribute of another element."""
    here, there = _pick(_NAME, text, chance), _pick(_ATTRIBUTE, chance.choice(documents), chance)
    return text[: here.end()] + there[0] + text[here.end() :] if here and there and "/" not in here[0] else text


def drop_element(text: str, chance: random.Random, documents: Sequence[str]) -> str:
    """An element less."""
    found = _pick(_ELEMENT, text, chance)
    return text[: found.start()] + text[found.end() :] if found else text


def repeat_element(text: str, chance: random.Random, documents: Sequence[str]) -> str:
    """An element once more."""
    found = _pick(_ELEMENT, text, chance)
    return text[: found.end()] + found[0] + text[found.end() :] if found else text


def move_element(text: str, chance: random.Random, documents: Sequence[str]) -> str:
    """An element of another document somewhere."""
    here, there = _pick(_ELEMENT, text, chance), _pick(_ELEMENT, chance.choice(documents), chance)
    return text[: here.start()] + there[0] + text[here.start() :] if here and there else text


def change_text(text: str, chance: random.Random, documents: Sequence[str]) -> str:
    """Another text in an element."""
    found = _pick(re.compile(r">([^<>\n]+)<"), text, chance)
    word = chance.choice(WORDS)
    return text[: found.start(1)] + word + text[found.end(1) :] if found else text


def rename(text: str, chance: random.Random, documents: Sequence[str]) -> str:
    """A name of something else."""
    here, there = _pick(_NAME, text, chance), _pick(_NAME, text, chance)
    return text[: here.start(1)] + there[1] + text[here.end(1) :] if here and there else text


def flip(text: str, chance: random.Random, documents: Sequence[str]) -> str:
    """Another character."""
    place = chance.randrange(len(text))
    return (
        text[:place]
        + chr(chance.choice((0, 1, 9, 34, 38, 60, 62, 0xD800, 0x1F600, chance.randrange(128))))
        + text[place + 1 :]
    )


def cut(text: str, chance: random.Random, documents: Sequence[str]) -> str:
    """The beginning only."""
    return text[: chance.randrange(len(text))]


CHANGES = (
    *(change_value, change_value, change_value, drop_attribute, add_attribute, drop_element, repeat_element),
    *(move_element, move_element, change_text, change_text, rename, flip, cut),
)
