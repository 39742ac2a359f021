# SPDX-License-Identifier: LGPL-2.1-or-later
"""The notes that applications keep in `<metadata>`: one element for each namespace."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping

from covirt.errors import InternalError
from covirt.xml.foreign import Foreign, read_foreign
from covirt.xml.reader import read

_PREFIX = re.compile(r"[^\W\d][\w.\-]*")


def get_note(metadata: Foreign, uri: str) -> str | None:
    """The note of one namespace as text without that namespace; None when there is none."""
    found = _find(metadata, uri)
    if found is None:
        return None
    note = copy.deepcopy(found)
    _strip(note, uri, metadata.namespaces)
    lines: list[str] = []
    note.write(lines)
    return "".join(lines).removesuffix("\n")


def set_note(metadata: Foreign | None, text: str | None, key: str, uri: str) -> Foreign | None:
    """The metadata with the note of one namespace replaced or removed; None when nothing is left."""
    note = None
    if text is not None:
        root, source = read(text, name="(metadata_xml)")
        note = read_foreign(root, source)
        if not _PREFIX.fullmatch(key):
            raise InternalError("failed to validate prefix for a new XML namespace")
        _adopt(note, key, note.namespaces)
        note.namespaces[key] = uri
    result = copy.deepcopy(metadata) if metadata is not None else Foreign("metadata")
    while (old := _find(result, uri)) is not None:
        result.content.remove(old)
    if note is not None:
        result.content.append(note)
    return result if any(isinstance(item, Foreign) for item in result.content) else None


def _find(metadata: Foreign, uri: str) -> Foreign | None:
    for item in metadata.content:
        if isinstance(item, Foreign) and _uri(item.name, metadata.namespaces | item.namespaces) == uri:
            return item
    return None


def _uri(name: str, scope: Mapping[str, str]) -> str | None:
    prefix, colon, _ = name.partition(":")
    return scope.get(prefix if colon else "")


def _strip(element: Foreign, uri: str, scope: Mapping[str, str]) -> None:
    """Take a namespace away from an element and all below it."""
    scope = {**scope, **element.namespaces}
    for child in element.content:
        if isinstance(child, Foreign):
            _strip(child, uri, scope)
    if _uri(element.name, scope) == uri:
        element.name = element.name.rpartition(":")[2]
    element.namespaces = {prefix: space for prefix, space in element.namespaces.items() if space != uri}


def _adopt(element: Foreign, key: str, scope: Mapping[str, str]) -> None:
    """Put an element and all below it that have no namespace into one."""
    scope = {**scope, **element.namespaces}
    if _uri(element.name, scope) is None:
        element.name = f"{key}:{element.name}"
    for child in element.content:
        if isinstance(child, Foreign):
            _adopt(child, key, scope)
