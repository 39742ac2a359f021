# SPDX-License-Identifier: LGPL-2.1-or-later
"""The facts about the protocols as XDR types, to hold the derived ones against."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from covirt.wire.xdr import types as t

ROOT = Path(os.environ.get("COVIRT_SHARED") or Path(__file__).parents[4] / "shared")
PROGRAMS = ("remote", "qemu", "lxc", "admin")

_NUMBERS = {
    "int": t.INT,
    "unsigned int": t.UINT,
    "hyper": t.HYPER,
    "unsigned hyper": t.UHYPER,
    "short": t.SHORT,
    "unsigned short": t.USHORT,
    "char": t.CHAR,
    "unsigned char": t.UCHAR,
    "double": t.DOUBLE,
}


def present() -> bool:
    """Are the facts there?"""
    return (ROOT / "facts" / "remote_protocol.json").exists()


class Facts:
    """One program's fact file."""

    def __init__(self, name: str) -> None:
        """Load it."""
        self.data: dict[str, Any] = json.loads((ROOT / "facts" / f"{name}_protocol.json").read_text())
        self.procedures: list[dict[str, Any]] = self.data["procedures"]
        shared = self.data if name == "remote" else json.loads((ROOT / "facts" / "remote_protocol.json").read_text())
        self._structs = {item["name"]: item for item in [*shared["structs"], *self.data["structs"]]}
        self._unions = {item["name"]: item for item in [*shared["unions"], *self.data["unions"]]}
        self._typedefs = {item["name"]: item for item in [*shared["typedefs"], *self.data["typedefs"]]}
        self._enums = {item["name"] for item in [*shared["enums"], *self.data["enums"]]}

    def struct(self, name: str | None) -> t.Struct:
        """A struct by name; none is empty."""
        if name is None:
            return t.Struct("nothing", ())
        return t.Struct(name, tuple(t.Field(item["name"], self._item(item)) for item in self._structs[name]["fields"]))

    def _item(self, item: dict[str, Any]) -> t.Type:
        kind, name = item["kind"], item["type"]
        match kind:
            case "value":
                return self._named(name)
            case "optional":
                return t.Optional(self._named(name))
            case "string":
                return t.Text(item["max"])
            case "opaque_fixed":
                return t.FixedOpaque(item["count"])
            case "opaque_var":
                return t.Opaque(item["max"])
            case "fixed_array":
                return t.FixedChars(item["count"]) if name == "char" else t.FixedArray(self._named(name), item["count"])
            case "var_array":
                return t.Chars(item["max"]) if name == "char" else t.Array(self._named(name), item["max"])
        raise ValueError(item)

    def _named(self, name: str) -> t.Type:
        if name in _NUMBERS:
            return _NUMBERS[name]
        if name in self._enums:
            return t.INT
        if name in self._typedefs:
            return self._item(self._typedefs[name])
        if name in self._unions:
            union = self._unions[name]
            return t.Union(t.INT, {arm["value"]: self._item(arm["arm"]) for arm in union["arms"]})
        return self.struct(name)


@cache
def facts(program: str) -> Facts:
    """The facts about a program."""
    return Facts(program)


def flat(type_: t.Type) -> list[object]:
    """What a layout comes to, without names and without the frames that XDR does not have."""
    match type_:
        case t.Struct():
            return [part for field in type_.fields for part in flat(field.type)]
        case t.Converted():
            return flat(type_.inner)
        case t.Void():
            return []
        case t.Optional():
            return [("optional", *flat(type_.inner))]
        case t.Array():
            return [("array", type_.limit, *flat(type_.inner))]
        case t.FixedArray():
            return [("array of", type_.count, *flat(type_.inner))]
        case t.Union():
            return [("union", *((int(tag), *flat(arm)) for tag, arm in type_.arms.items()))]
        case t.Number():
            return ["int" if type_ is t.BOOL else type_.name]
    return [type_]
