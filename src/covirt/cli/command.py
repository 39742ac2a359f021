# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commands: a typed function each, from which name, options and help follow.

@command(exclusive("live", "config"))
async def suspend(shell: Shell, *, domain: TheDomain) -> None:
    \"\"\"pause a domain

    Its processors stop; its memory stays where it is.
    \"\"\"
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, is_dataclass
from functools import cached_property
from typing import Any, Protocol

from covirt.cli.failure import CommandFailed
from covirt.cli.option import Kind, Option, options

Handler = Callable[..., Awaitable[None]]


class Rule(Protocol):
    """What must hold between the options that are given."""

    def check(self, given: Collection[str]) -> None:
        """Refuse options that do not go together."""


@dataclass(frozen=True)
class Exclusive:
    """Two options of which at most one may be given."""

    first: str
    second: str

    def check(self, given: Collection[str]) -> None:
        """Refuse both."""
        if self.first in given and self.second in given:
            raise CommandFailed(f"Options --{self.first} and --{self.second} are mutually exclusive")


@dataclass(frozen=True)
class Requires:
    """An option that makes no sense without another."""

    option: str
    needed: str

    def check(self, given: Collection[str]) -> None:
        """Refuse one without the other."""
        if self.option in given and self.needed not in given:
            raise CommandFailed(f"Option --{self.needed} is required by option --{self.option}")


IMPACT = (Exclusive("current", "live"), Exclusive("current", "config"))
"""Which definition a change is about: one cannot say "the current one" and name one at once."""


@dataclass(frozen=True)
class Command:
    """A command of the shell."""

    name: str
    handler: Handler
    rules: tuple[Rule, ...] = ()
    aliases: tuple[Option, ...] = ()
    connects: bool = True
    """Needs a connection before it runs."""
    hidden: bool = False

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """What the handler's signature declares, in its order."""
        annotations = inspect.get_annotations(self.handler, eval_str=True)
        _shell, *parameters = inspect.signature(self.handler).parameters.values()
        found = (options(parameter, annotations[parameter.name]) for parameter in parameters)
        return tuple(option for group in found for option in group)

    @cached_property
    def _groups(self) -> dict[str, type]:
        """Parameters that are dataclasses of options."""
        annotations = inspect.get_annotations(self.handler, eval_str=True)
        return {name: kind for name, kind in annotations.items() if isinstance(kind, type) and is_dataclass(kind)}

    @property
    def help(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.handler) or "").partition("\n")[0]

    @property
    def description(self) -> str:
        """The rest of the docstring, as one paragraph."""
        return " ".join((inspect.getdoc(self.handler) or "").partition("\n")[2].split())

    def find_option(self, name: str) -> Option | None:
        """The option or alias of this name."""
        return next((option for option in (*self.aliases, *self.options) if option.name == name), None)

    def positionals(self) -> tuple[Option, ...]:
        """Options that may stand without their name, in order."""
        return tuple(option for option in self.options if option.positional or option.unwanted_positional)

    async def run(self, shell: Any, given: dict[str, Any]) -> None:
        """Check the options that were given, turn them into values, and do it."""
        for rule in self.rules:
            rule.check(given)
        arguments: dict[str, Any] = {}
        for option in self.options:
            if option.name in given:
                place = arguments.setdefault(option.group, {}) if option.group else arguments
                place[option.parameter] = await self._value(shell, option, given)
        for parameter, kind in self._groups.items():
            arguments[parameter] = kind(**arguments.get(parameter, {}))
        await self.handler(shell, **arguments)

    async def _value(self, shell: Any, option: Option, given: dict[str, Any]) -> Any:
        text = given[option.name]
        if option.kind in (Kind.BOOL, Kind.ARGV):
            return text
        if text == "" and not option.empty:
            raise CommandFailed(f"Failed to get option '{option.name}': Option argument is empty")
        if option.find is not None:
            return await option.find(shell, option, text)
        return text if option.convert is None else option.convert(option.name, text)


def command(
    *rules: Rule | tuple[Rule, ...],
    name: str | None = None,
    aliases: tuple[Option, ...] = (),
    connects: bool = True,
    hidden: bool = False,
) -> Callable[[Handler], Command]:
    """Declare a command; its name is the function's, with dashes."""

    def declare(handler: Handler) -> Command:
        spelled = name or handler.__name__.rstrip("_").replace("_", "-")
        flat = [one for rule in rules for one in (rule if isinstance(rule, tuple) else (rule,))]
        return Command(spelled, handler, tuple(flat), aliases, connects, hidden)

    return declare
