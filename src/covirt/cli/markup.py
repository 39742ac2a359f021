# SPDX-License-Identifier: LGPL-2.1-or-later
"""Small documents written from options, in libvirt's form."""

from __future__ import annotations

from collections.abc import Mapping

from covirt.cli.quoting import escape_xml


def element(
    name: str,
    attributes: Mapping[str, str | None] | None = None,
    *children: str,
    text: str | None = None,
    empty: bool = True,
) -> str:
    """An element on lines of its own, with children below it; attributes without value are left out.

    An element that has nothing and may not be `empty` is left out, too.
    """
    given = "".join(f" {key}='{escape_xml(value)}'" for key, value in (attributes or {}).items() if value is not None)
    inside = "".join(children)
    if text is not None:
        return f"<{name}{given}>{escape_xml(text)}</{name}>\n"
    if inside:
        indented = "".join(f"  {line}\n" for line in inside.splitlines())
        return f"<{name}{given}>\n{indented}</{name}>\n"
    return f"<{name}{given}/>\n" if given or empty else ""


def optional(name: str, text: str | None) -> str:
    """An element with a text, if there is one."""
    return "" if text is None else element(name, text=text)
