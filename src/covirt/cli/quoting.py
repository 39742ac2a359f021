# SPDX-License-Identifier: LGPL-2.1-or-later
"""Texts made fit for a shell, for XML, or cut at commas."""

from __future__ import annotations


def escape_xml(text: str) -> str:
    """The text as it may stand in an attribute or element."""
    for character, entity in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "apos")):
        text = text.replace(character, f"&{entity};")
    return text


def escape_shell(text: str) -> str:
    """The text as one word of a shell; a word that needs no quotes gets none."""
    special = "\r\t\n !\"#$&'()*;<>?[\\]^`{|}~"
    if text and not set(text) & set(special):
        return text
    return "'" + text.replace("'", "'\\''") + "'"


def split_commas(text: str) -> list[str]:
    """Parts between single commas; two commas are one that stays."""
    return [part.replace("\0", ",") for part in text.replace(",,", "\0").split(",")]
