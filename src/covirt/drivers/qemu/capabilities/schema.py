# SPDX-License-Identifier: LGPL-2.1-or-later
"""Questions to the schema of QMP, as query-qmp-schema returns it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from covirt.errors import InternalError

Entry = Mapping[str, Any]

# No path of ours is deeper than ten; a schema that leads us further turns in circles.
_DEPTH = 100


class QapiSchema:
    """The schema by name, asked with paths that start at a command or event.

    Parts of a path are separated by `/`: `arg-type` and `ret-type` of a command; `name` a member of an object,
    `*name` an optional one, `+name` a variant of a union, `^name` a value of an enumeration, `!name` a built-in JSON
    type, and `$name`, only as the last part, a feature of what was reached. Arrays and alternates are seen through.
    """

    __slots__ = ("_known", "entries")

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: dict[str, Entry] = {}
        for entry in entries:
            name = entry.get("name")
            if not isinstance(name, str):
                raise InternalError("malformed QMP schema")
            self.entries[name] = entry
        self._known: dict[str, bool] = {}

    def has(self, path: str) -> bool:
        """Whether the path leads somewhere."""
        if path not in self._known:
            self._known[path] = self._begin(path) is not None
        return self._known[path]

    def find(self, path: str) -> Entry | None:
        """The entry of the type that the path leads to; a path to a value or feature has none and gives {}."""
        return self._begin(path)

    def _begin(self, path: str) -> Entry | None:
        first, *rest = path.split("/")
        return self._walk(first, rest, 0) if first in self.entries else None

    def _walk(self, name: object, parts: Sequence[str], depth: int) -> Entry | None:
        if depth > _DEPTH:
            raise InternalError("possible loop in QMP schema")
        entry = self.entries.get(name) if isinstance(name, str) else None
        if entry is None:
            raise InternalError(f"malformed QAPI schema when looking up '{name}'")
        if not parts:
            return entry
        step = _STEPS.get(entry.get("meta-type", ""))
        return step(self, entry, parts, depth + 1) if step else None

    def _object(self, entry: Entry, parts: Sequence[str], depth: int) -> Entry | None:
        modifier, name = _split(parts[0])
        if modifier == "$":
            return _feature(entry, name, parts)
        if modifier in ("^", "!"):
            return None
        if modifier == "+":
            member = _named(entry.get("variants"), "case", name)
        else:
            member = _named(entry.get("members"), "name", name)
        if member is None or (modifier == "*" and "default" not in member):
            return None
        return self._walk(member.get("type"), parts[1:], depth)

    def _array(self, entry: Entry, parts: Sequence[str], depth: int) -> Entry | None:
        return self._walk(entry.get("element-type"), parts, depth)

    def _command(self, entry: Entry, parts: Sequence[str], depth: int) -> Entry | None:
        modifier, name = _split(parts[0])
        if modifier == "$":
            return _feature(entry, name, parts)
        if modifier or name not in entry:
            return None
        return self._walk(entry[name], parts[1:], depth)

    def _enum(self, entry: Entry, parts: Sequence[str], depth: int) -> Entry | None:
        modifier, name = _split(parts[0])
        if modifier != "^":
            return None
        member = _named(entry.get("members"), "name", name)
        if len(parts) > 1 and _split(parts[1])[0] != "$":
            raise InternalError(f"only a feature can follow the value '{name}' in a path into the QMP schema")
        if len(parts) == 1:
            # `members` came with QEMU 6.2; the older `values` has no features.
            return {} if member is not None or name in entry.get("values", ()) else None
        return None if member is None else _feature(member, _split(parts[1])[1], parts[1:])

    def _builtin(self, entry: Entry, parts: Sequence[str], depth: int) -> Entry | None:
        return {} if parts[0] == f"!{entry.get('json-type')}" else None

    def _alternate(self, entry: Entry, parts: Sequence[str], depth: int) -> Entry | None:
        for member in entry.get("members", ()):
            found = self._walk(member.get("type"), parts, depth)
            if found is not None:
                return found
        return None


_Step = Callable[[QapiSchema, Entry, Sequence[str], int], Entry | None]
_STEPS: dict[str, _Step] = {
    "object": QapiSchema._object,
    "array": QapiSchema._array,
    "command": QapiSchema._command,
    "event": QapiSchema._command,
    "enum": QapiSchema._enum,
    "builtin": QapiSchema._builtin,
    "alternate": QapiSchema._alternate,
}


def _split(part: str) -> tuple[str, str]:
    """The modifier of a part, if any, and its name."""
    return ("", part) if part[:1].isalpha() else (part[:1], part[1:])


def _named(members: object, key: str, name: str) -> Entry | None:
    """The member of a list of objects that has this name."""
    if not isinstance(members, list):
        return None
    return next((member for member in members if isinstance(member, dict) and member.get(key) == name), None)


def _feature(entry: Entry, name: str, parts: Sequence[str]) -> Entry | None:
    """An empty entry when the type has this feature; nothing can follow a feature."""
    if len(parts) > 1:
        raise InternalError(f"nothing can follow the feature '{name}' in a path into the QMP schema")
    return {} if name in entry.get("features", ()) else None
