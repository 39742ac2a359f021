# SPDX-License-Identifier: LGPL-2.1-or-later
"""Settings that are declared once: reading a configuration file, checking it and printing a commented default follow.

@dataclass(frozen=True, kw_only=True)
class WebSettings(Settings):
    '''Settings of the web face.'''

    port: Annotated[int, Setting("Where it listens.", group="Network", low=1, high=65535)] = 8080
"""

from __future__ import annotations

import textwrap
import types
import typing
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

from covirt.errors import ErrorDomain, InternalError
from covirt.runtime.conf import Conf, format_value
from covirt.runtime.log import get

log = get("runtime.settings")

_COMMENT_WIDTH = 90


@dataclass(frozen=True, slots=True)
class Setting:
    """What is to be said about a setting beside its name, type and default."""

    doc: str
    group: str = ""
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    """The only words that it may have; empty: any."""
    example: Any = None
    """Shown in the default file when there is no default."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The base of all declared settings."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Those of a file; all defaults when there is none."""
        return cls.from_conf(Conf.read(path)) if path.exists() else cls()

    @classmethod
    def from_conf(cls, conf: Conf) -> Self:
        """Those that a file sets, and defaults; names that nobody knows are told to the log."""
        declared = _declared(cls)
        for name in conf.names():
            if name not in declared:
                log.warning("unknown setting", file=conf.filename, name=name)
        found = {name: _read(conf, name, kind, setting) for name, (kind, setting) in declared.items()}
        made = cls(**{name: value for name, value in found.items() if value is not None})
        made.check(conf.filename)
        return made

    def check(self, filename: str | None) -> None:
        """Refuse settings that do not fit together; a class with such settings says which."""

    @classmethod
    def default_file(cls) -> str:
        """A file with every setting in a comment, explained, at its default."""
        parts = [_comment((cls.__doc__ or "").strip())]
        group = ""
        defaults = {one.name: one for one in fields(cls)}
        for name, (_, setting) in _declared(cls).items():
            if setting.group != group:
                group = setting.group
                parts.append(f"{'#' * 65}\n#\n# {group}\n#")
            one = defaults[name]
            default = one.default_factory() if one.default_factory is not MISSING else one.default
            parts.append(
                f"{_comment(setting.doc)}\n#\n#{name} = {_shown(setting.example if default is None else default)}"
            )
        return "\n\n".join(parts) + "\n"

    @classmethod
    def documented(cls) -> dict[str, Setting]:
        """All settings with what is said about them."""
        return {name: setting for name, (_, setting) in _declared(cls).items()}


def _declared(cls: type[Settings]) -> dict[str, tuple[Any, Setting]]:
    """The type and declaration of each setting."""
    found = {}
    for name, hint in get_type_hints(cls, include_extras=True).items():
        if get_origin(hint) is not typing.Annotated or not isinstance(get_args(hint)[1], Setting):
            raise TypeError(f"{cls.__name__}.{name} is not declared with a Setting")
        kind, setting = get_args(hint)[:2]
        found[name] = (_without_none(kind), setting)
    return found


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        kinds = [one for one in get_args(kind) if one is not type(None)]
        return kinds[0] if len(kinds) == 1 else tuple(kinds)
    return kind


def _read(conf: Conf, name: str, kind: Any, setting: Setting) -> Any:
    """The value of a setting, of its type and within its limits; None when the file does not have it."""
    if kind is bool:
        return conf.boolean(name)
    if kind is int:
        limits = {key: value for key, value in (("low", setting.low), ("high", setting.high)) if value is not None}
        return conf.integer(name, **limits)
    if get_origin(kind) in (list, tuple):
        values = conf.strings(name, one_will_do=True)
        for one in values or ():
            _check_choice(conf, name, one, setting.choices)
        return None if values is None else get_origin(kind)(values)
    if isinstance(kind, tuple) and isinstance(conf.get(name), int):
        return conf.integer(name)
    value = conf.string(name)
    if value is None:
        return value
    if kind is str or isinstance(kind, tuple):
        _check_choice(conf, name, value, setting.choices)
        return value
    if issubclass(kind, StrEnum):
        _check_choice(conf, name, value, tuple(kind))
    return kind(value)


def _check_choice(conf: Conf, name: str, value: str, choices: tuple[str, ...]) -> None:
    if choices and value not in choices:
        raise InternalError(
            f"{conf.filename}: unknown value '{value}' of '{name}'",
            domain=ErrorDomain.CONF,
            hint=f"one of: {', '.join(choices)}",
        )


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return format_value(list(value))
    return format_value("" if value is None else str(value))


def _comment(text: str) -> str:
    paragraphs = textwrap.dedent(text).split("\n\n")
    lines = [line for text in paragraphs for line in [*textwrap.wrap(" ".join(text.split()), _COMMENT_WIDTH), ""]]
    return "\n".join(f"# {line}".rstrip() for line in lines[:-1])
