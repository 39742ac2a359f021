# SPDX-License-Identifier: LGPL-2.1-or-later
"""The regular part of the `libvirt` module: constants, and one method for each call that needs no more."""

from __future__ import annotations

import types
from collections.abc import Mapping
from enum import IntEnum, IntFlag
from typing import Any, Union, get_args, get_origin

from covirt.api.call import Parameter
from covirt.api.catalogue import AnyCall, all_enums
from covirt.api.enums import symbols
from covirt.api.handles import Connect
from covirt.api.params import TypedParams
from covirt.error_numbers import ErrorCode, ErrorDomain, ErrorLevel
from covirt.values import Uuid
from generators.face_names import DISPATCHERS, INSTEAD, RESULTS, method_name, parameters, wrapped_calls
from generators.objects import KINDS
from generators.spelling import is_handle

ROOT = "libvirt-face/src"
LICENCE = "# SPDX-License-Identifier: LGPL-2.1-or-later"
MADE = "Made by tools/generate.py from the declarations; do not edit."
NOT_PUBLIC = ("VIR_DRV_FEATURE_", "REMOTE_AUTH_")
"""Numbers that only the two ends of a connection exchange."""
OLDER_NAMES = {"VIR_DOMAIN_MEMORY_STAT_LAST": "VIR_DOMAIN_MEMORY_STAT_NR"}


def generate() -> dict[str, str]:
    """All files."""
    return {
        f"{ROOT}/libvirt/_calls.py": calls_file(),
        f"{ROOT}/libvirt/_constants.py": constants_file(constants(), "The constants of the C interface."),
        f"{ROOT}/libvirt_qemu/_constants.py": constants_file(
            constants_of("covirt.api.qemu"), "The constants of the C interface for QEMU."
        ),
    }


# Constants


def constants() -> dict[str, int | str]:
    """All constants of the module `libvirt`."""
    apart = {"covirt.api.admin", "covirt.api.qemu", "covirt.api.lxc"}
    found = {
        name: value
        for cls in all_enums()
        if cls.__module__ not in apart
        for name, value in symbols(cls).items()
        if not name.startswith(NOT_PUBLIC)
    }
    return found | {name: found[value] for name, value in OLDER_NAMES.items()} | error_constants()


def constants_of(module: str) -> dict[str, int | str]:
    """The constants that one theme declares."""
    classes = [cls for cls in all_enums() if cls.__module__ == module]
    return {name: value for cls in classes for name, value in symbols(cls).items()}


def error_constants() -> dict[str, int | str]:
    """Levels, codes and domains of errors; a code that is a warning says so itself."""
    levels: dict[str, int | str] = {f"VIR_ERR_{name}": int(value) for name, value in ErrorLevel.__members__.items()}
    codes = {
        f"VIR_{name}" if name.startswith("WAR_") else f"VIR_ERR_{name}": int(value)
        for name, value in ErrorCode.__members__.items()
    }
    domains = {f"VIR_FROM_{name}": int(value) for name, value in ErrorDomain.__members__.items()}
    return levels | codes | domains


def constants_file(values: Mapping[str, int | str], doc: str) -> str:
    """Literals, for they are read at every start of a program."""
    texts = {name: f'"{value}"' if isinstance(value, str) else str(int(value)) for name, value in values.items()}
    lines = [f"{name} = {text}" for name, text in texts.items()]
    return "\n".join([LICENCE, f'"""{doc} {MADE}"""', "", *lines, ""])


# Methods


def calls_file() -> str:
    """One class for each kind of object, with a method for each regular call."""
    names = sorted(f"vir{kind.__name__}" for kind in KINDS if kind is not Connect)
    head = [
        LICENCE,
        f'"""The regular methods of all classes. {MADE}"""',
        "from __future__ import annotations",
        "from typing import TYPE_CHECKING, Any",
        "from libvirt._base import Events, Wrapped",
        "if TYPE_CHECKING:",
        f"    from libvirt import {', '.join(names)}",
        "",
    ]
    calls = wrapped_calls()
    classes = [class_text(kind.__name__, [call for call in calls if call.subject is kind]) for kind in KINDS]
    return "\n".join([*head, *classes, dispatchers_text()])


def class_text(kind: str, calls: list[AnyCall]) -> str:
    """One class."""
    doc = f'    """What `vir{kind}` has of calls that need no more than their declaration."""'
    return "\n\n".join([f"class {kind}Calls(Wrapped):\n{doc}", *(method_text(call) for call in calls), ""])


def method_text(call: AnyCall) -> str:
    """One method."""
    pairs = list(zip(parameters(call), call.parameters, strict=True))
    signature = ["self", *(parameter_text(name, default, declared) for (name, default), declared in pairs)]
    given = [name for (name, _), _ in pairs]
    result = result_text(call.plain_result)
    instead = INSTEAD.get(call.qualified)
    if instead == "None" and "None" not in result:
        result += " | None"
    made = ", ".join([f'"{call.qualified}"', *([instead] if instead else []), *given])
    return "\n".join(
        [
            f"    def {method_name(call)}({', '.join(signature)}) -> {result}:",
            f'        """{call.doc}"""',
            f"        result: {result} = self.{'_try' if instead else '_ask'}({made})",
            "        return result",
        ]
    )


def parameter_text(name: str, default: str | None, declared: Parameter) -> str:
    """One parameter."""
    kind = argument_type(declared.plain)
    if default is None:
        return f"{name}: {kind}"
    return f"{name}: {kind} = {default}" if default != "None" or "None" in kind else f"{name}: {kind} | None = None"


def argument_type(kind: Any) -> str:
    """What a caller gives."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return " | ".join(argument_type(part) for part in get_args(kind))
    if origin is list:
        return f"list[{argument_type(get_args(kind)[0])}]"
    if kind is type(None):
        return "None"
    if is_handle(kind):
        return f"vir{kind.__name__}"
    if kind is TypedParams:
        return "dict[str, Any]"
    if kind is Uuid:
        return "bytes"
    return "int" if issubclass(kind, int) else str(kind.__name__)


def result_text(kind: Any) -> str:
    """What a caller gets."""
    origin = get_origin(kind)
    if origin is list:
        inner = get_args(kind)[0]
        return RESULTS.get(f"list[{inner.__name__}]") or f"list[{result_text(inner)}]"
    if kind is type(None):
        return "int"
    if is_handle(kind) or origin in (Union, types.UnionType):
        return argument_type(kind)
    if kind is TypedParams:
        return "dict[str, Any]"
    if issubclass(kind, (IntEnum, IntFlag, int)):
        return "int"
    return RESULTS.get(kind.__name__) or str(kind.__name__)


# Events


def dispatchers_text() -> str:
    """The methods by which events reach callbacks."""
    parts = ['class Dispatchers(Events):\n    """The ways by which events reach their callbacks."""']
    for stated in DISPATCHERS:
        name, _, rest = stated.removesuffix(")").partition("(")
        names = rest.split(", ")
        arguments = ", ".join(f"{one}: Any" for one in names)
        kind = next(kind for prefix, kind in SUBJECTS.items() if name.startswith(prefix))
        given = "".join(f", {one}" for one in names[1:])
        parts.append(
            f"    def _dispatch{name}Callback(self, {arguments}, cbData: dict[str, Any]) -> int:\n"
            f'        return self._dispatch("{kind}", {names[0]}, cbData{given})'
        )
    return "\n\n".join([*parts, ""])


SUBJECTS = {
    "Domain": "virDomain",
    "Network": "virNetwork",
    "StoragePool": "virStoragePool",
    "NodeDevice": "virNodeDevice",
    "Secret": "virSecret",
}
"""The class of the object that an event is about, by how the event's name begins."""
