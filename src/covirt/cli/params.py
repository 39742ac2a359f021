# SPDX-License-Identifier: LGPL-2.1-or-later
"""Typed parameters as people write and read them."""

from __future__ import annotations

from covirt.api.params import ParamType, TypedParam, TypedParams, Value
from covirt.cli.failure import CommandFailed
from covirt.cli.output import Output

LIMITS: dict[ParamType, tuple[str, int, int]] = {
    ParamType.INT: ("int", -(2**31), 2**31 - 1),
    ParamType.UINT: ("unsigned int", 0, 2**32 - 1),
    ParamType.LLONG: ("long long", -(2**63), 2**63 - 1),
    ParamType.ULLONG: ("unsigned long long", 0, 2**64 - 1),
}


def text_of(param: TypedParam) -> str:
    """The value of a parameter."""
    if isinstance(param.value, bool) or param.type is ParamType.BOOLEAN:
        return "yes" if param.value else "no"
    return f"{param.value:f}" if isinstance(param.value, float) else str(param.value)


def print_params(output: Output, params: TypedParams, width: int = 15) -> None:
    """One parameter a line, as `name : value`."""
    output.fields(((f"{entry.name:<{width}}", text_of(entry)) for entry in params.entries), width=width)


def value_from(name: str, type: ParamType, text: str) -> Value:
    """The value that a text means for a parameter of this type."""
    if type is ParamType.STRING:
        return text
    try:
        if type is ParamType.DOUBLE:
            return float(text)
        number = int(text)
    except ValueError:
        raise _invalid(name, type, text) from None
    if type is ParamType.BOOLEAN:
        if number not in (0, 1):
            raise _invalid(name, type, text)
        return bool(number)
    _, lowest, highest = LIMITS[type]
    if not lowest <= number <= highest:
        raise _invalid(name, type, text)
    return number


def _invalid(name: str, type: ParamType, text: str) -> CommandFailed:
    kind = LIMITS[type][0] if type in LIMITS else {ParamType.DOUBLE: "double"}.get(type, "boolean")
    return CommandFailed(f"invalid argument: Invalid value for field '{name}': expected {kind}")
