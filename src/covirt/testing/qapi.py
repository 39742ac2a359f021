# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks whether JSON is what the schema of QMP allows, as QEMU itself would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from covirt.drivers.qemu.capabilities.schema import Entry, QapiSchema

_BUILTIN: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "int": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "object": (dict,),
    "array": (list,),
}


def problems(schema: QapiSchema, type_name: str, value: object, path: str = "") -> Iterator[str]:
    """What is wrong with a value of a type of the schema."""
    entry = schema.entries[type_name]
    match entry["meta-type"]:
        case "object":
            yield from _object(schema, entry, value, path)
        case "array":
            if not isinstance(value, list):
                yield f"{path} is not a list"
                return
            for place, item in enumerate(value):
                yield from problems(schema, entry["element-type"], item, f"{path}[{place}]")
        case "enum":
            known = entry.get("values") or [member["name"] for member in entry["members"]]
            if value not in known:
                yield f"{path} cannot be {value!r}"
        case "alternate":
            members = [member["type"] for member in entry["members"]]
            if all(any(problems(schema, member, value, path)) for member in members):
                yield f"{path} is of no type that it can have"
        case "builtin":
            yield from _builtin(entry, value, path)


def command_problems(schema: QapiSchema, command: str, arguments: Mapping[str, Any] | None) -> list[str]:
    """What is wrong with a command."""
    entry = schema.entries.get(command)
    if entry is None or entry["meta-type"] != "command":
        return [f"{command} is no command"]
    if "deprecated" in entry.get("features", ()):
        return [f"{command} is deprecated"]
    return list(problems(schema, entry["arg-type"], dict(arguments or {}), command))


def _builtin(entry: Entry, value: object, path: str) -> Iterator[str]:
    kind = entry["json-type"]
    if kind == "value":
        return
    if not isinstance(value, _BUILTIN[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{path} is not of type {kind}"


def _object(schema: QapiSchema, entry: Entry, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} is not an object"
        return
    members = {member["name"]: member for member in entry["members"]}
    tag = entry.get("tag")
    if tag is not None and tag in value:
        chosen = next((variant for variant in entry["variants"] if variant["case"] == value[tag]), None)
        if chosen is not None:
            variant = schema.entries[chosen["type"]]
            members |= {member["name"]: member for member in variant["members"]}
            members |= _nested(schema, variant, value)
    for name, member in members.items():
        if name not in value and "default" not in member:
            yield f"{path}/{name} is missing"
        elif name in value and "deprecated" in member.get("features", ()):
            yield f"{path}/{name} is deprecated"
    for name, item in value.items():
        if name not in members:
            yield f"{path}/{name} is not known"
        else:
            yield from problems(schema, members[name]["type"], item, f"{path}/{name}")


def _nested(schema: QapiSchema, variant: Entry, value: Mapping[str, Any]) -> dict[str, Any]:
    """The members of the variants that a variant has itself."""
    tag = variant.get("tag")
    if tag is None or tag not in value:
        return {}
    chosen = next((inner for inner in variant["variants"] if inner["case"] == value[tag]), None)
    if chosen is None:
        return {}
    return {member["name"]: member for member in schema.entries[chosen["type"]]["members"]}
