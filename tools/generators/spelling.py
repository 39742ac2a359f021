# SPDX-License-Identifier: LGPL-2.1-or-later
"""How types are spelled in generated text, and what must be imported for it."""

from __future__ import annotations

import types
from collections import defaultdict
from enum import IntFlag
from typing import Any, Union, get_args, get_origin

from covirt.api.call import Parameter
from covirt.api.handles import Connect, Handle
from covirt.api.params import TypedParams

CLIENT_NAMES: dict[type[Handle], str] = {Connect: "Connection"}


def client_name(kind: type[Handle]) -> str:
    """The name of the client class of a kind of object."""
    return CLIENT_NAMES.get(kind, kind.__name__)


def is_handle(kind: Any) -> bool:
    """Is this the class of a handle?"""
    return isinstance(kind, type) and issubclass(kind, Handle)


class Spelling:
    """Spells types and remembers the imports."""

    def __init__(self) -> None:
        """Start without imports."""
        self.imports: dict[str, set[str]] = defaultdict(set)

    def use(self, module: str, name: str) -> str:
        """A name that must be imported."""
        self.imports[module].add(name)
        return name

    def type(self, kind: Any, *, parameter: bool = False) -> str:
        """A type as people see it: client objects for handles, any mapping where parameters are given."""
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            return " | ".join(self.type(part, parameter=parameter) for part in get_args(kind))
        if origin is list:
            outer = self.use("collections.abc", "Sequence") if parameter else "list"
            return f"{outer}[{self.type(get_args(kind)[0], parameter=parameter)}]"
        if kind in (None, type(None)):
            return "None"
        if is_handle(kind):
            return client_name(kind)
        if kind is TypedParams and parameter:
            return self.use("covirt.client.objects", "GivenParams")
        return kind.__name__ if kind.__module__ == "builtins" else self.use(kind.__module__, kind.__name__)

    def parameter(self, parameter: Parameter) -> str:
        """A parameter with its default."""
        spelled = f"{parameter.name}: {self.type(parameter.plain, parameter=True)}"
        if parameter.required:
            return spelled
        default = parameter.default
        shown = f"{type(default).__name__}({int(default)})" if isinstance(default, IntFlag) else repr(default)
        return f"{spelled} = {shown}"

    def import_lines(self) -> list[str]:
        """The import statements."""
        return [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(self.imports.items(), key=lambda item: (item[0].startswith("covirt"), item[0]))
        ]
