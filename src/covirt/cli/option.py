# SPDX-License-Identifier: LGPL-2.1-or-later
"""Options of commands: what a parameter's annotation says, and the option that follows from it.

domain: Annotated[str, Say("name, id or UUID of a domain", positional=True, complete="domain-name")]
config: Annotated[bool, Say("change the next boot")] = False
args: Annotated[list[str] | None, Say("words")] = None
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

if TYPE_CHECKING:
    from covirt.cli.shell import Shell

Convert = Callable[[str, str], Any]
"""From an option's name and text to its value; refuses with `CommandFailed`."""

Find = Callable[["Shell", "Option", str], Awaitable[Any]]
"""Like `Convert`, for what has to be asked for."""


class Kind(Enum):
    """What an option takes."""

    BOOL = "bool"
    STRING = "string"
    INT = "int"
    ARGV = "argv"
    ALIAS = "alias"


@dataclass(frozen=True)
class Say:
    """What an annotation adds to the type of a parameter."""

    help: str
    positional: bool = False
    unwanted_positional: bool = False
    """May stand without its name, as old scripts have it; help does not show that."""
    empty: bool = False
    complete: str | None = None
    only: str | None = None
    """The state that objects must have to be offered."""
    convert: Convert | None = None
    find: Find | None = None
    kind: Kind | None = None
    """When it is not what the type says: a number with a unit is a `string` to some commands, an `int` to others."""
    name: str | None = None


@dataclass(frozen=True)
class Option:
    """One option of a command."""

    name: str
    kind: Kind
    parameter: str = ""
    group: str = ""
    """The parameter whose dataclass has this option."""
    help: str = ""
    required: bool = False
    positional: bool = False
    unwanted_positional: bool = False
    empty: bool = False
    complete: str | None = None
    only: str | None = None
    convert: Convert | None = None
    find: Find | None = None
    alias_of: str = ""


def options(parameter: inspect.Parameter, annotation: object) -> Iterator[Option]:
    """The option that a parameter declares, or those of a dataclass, which many commands may share."""
    if is_dataclass(annotation) and isinstance(annotation, type):
        hints = inspect.get_annotations(annotation, eval_str=True)
        for field in fields(annotation):
            required = field.default is MISSING
            yield _option(field.name, hints[field.name], required=required, group=parameter.name)
    else:
        yield _option(parameter.name, annotation, required=parameter.default is parameter.empty)


def _option(name: str, annotation: object, *, required: bool, group: str = "") -> Option:
    if get_origin(annotation) is not Annotated:
        raise TypeError(f"parameter {name} says nothing: {annotation}")
    plain, *extra = get_args(annotation)
    (say,) = [item for item in extra if isinstance(item, Say)]
    kind = say.kind or _kind(plain)
    return Option(
        name=say.name or name.rstrip("_").replace("_", "-"),
        kind=kind,
        parameter=name,
        group=group,
        help=say.help,
        required=required,
        positional=say.positional,
        unwanted_positional=say.unwanted_positional,
        empty=say.empty,
        complete=say.complete,
        only=say.only,
        convert=say.convert or _default_conversion(plain),
        find=say.find,
    )


def alias(name: str, of: str) -> Option:
    """Another spelling of an option, or with `of="mode=value"` a flag that gives the option this value."""
    return Option(name=name, kind=Kind.ALIAS, alias_of=of)


def _kind(plain: object) -> Kind:
    plain = _without_none(plain)
    if plain is bool:
        return Kind.BOOL
    if plain is int:
        return Kind.INT
    if get_origin(plain) is list:
        return Kind.ARGV
    return Kind.STRING


def _default_conversion(plain: object) -> Convert | None:
    from covirt.cli.value import signed

    return signed if _without_none(plain) is int else None


def _without_none(plain: object) -> object:
    if get_origin(plain) in (Union, types.UnionType):
        (plain,) = [item for item in get_args(plain) if item is not type(None)]
    return plain
