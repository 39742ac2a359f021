# SPDX-License-Identifier: LGPL-2.1-or-later
"""From words to commands with their options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Protocol

from covirt.cli.command import Command
from covirt.cli.failure import CommandFailed
from covirt.cli.option import Kind, Option
from covirt.cli.words import Mark, Token


class Commands(Protocol):
    """Where commands are looked up."""

    def find(self, name: str) -> Command | None:
        """The command of this name, or of this other name for it."""

    def names(self) -> Iterator[str]:
        """All names that can be typed."""


@dataclass
class Invocation:
    """A command as somebody typed it: texts by option name, lists for options that collect words."""

    command: Command
    given: dict[str, Any] = field(default_factory=dict)
    wants_help: bool = False
    last: Option | None = None
    """The option that was filled last, for completion."""
    trace: list[str] = field(default_factory=list)
    """What was understood, for debugging."""

    def assign(self, option: Option, text: str | None) -> None:
        """Fill an option."""
        self.last = option
        name = f"{self.command.name}: {option.name}"
        if option.kind is Kind.BOOL:
            self.given[option.name] = True
            self.trace.append(f"{name}(bool)")
        elif option.kind is Kind.ARGV:
            words = self.given.setdefault(option.name, [])
            self.trace.append(f"{name}(argv: {len(words)}): {text}")
            words.append(text)
        else:
            self.given[option.name] = text
            self.trace.append(f"{name}(optdata): {text}")

    def text(self, option: Option) -> str:
        """The last text that an option was given."""
        found = self.given[option.name]
        return str(found[-1] if isinstance(found, list) else found)

    def assign_positional(self, text: str) -> None:
        """Fill the next option that may stand without its name."""
        for option in self.command.positionals():
            if option.name not in self.given or option.kind is Kind.ARGV:
                self.assign(option, text)
                return
        if not self.lenient:
            raise CommandFailed(f"unexpected data '{text}'")

    def check_required(self) -> None:
        """Refuse a command without what it needs."""
        for option in self.command.options:
            if option.required and option.name not in self.given:
                shown = f"<{option.name}>" if option.positional else f"--{option.name}"
                raise CommandFailed(f"command '{self.command.name}' requires {shown} option")

    @property
    def lenient(self) -> bool:
        """`help` ignores what it does not know."""
        return self.command.name == "help"


class State(Enum):
    """Where in a command the parser stands."""

    START = auto()
    COMMENT = auto()
    OPTIONS = auto()
    POSITIONAL_ONLY = auto()


class Parser:
    """Takes words and gives commands; nothing is run before all of a line is understood."""

    def __init__(self, commands: Commands) -> None:
        """Look commands up in a catalogue."""
        self.commands = commands
        self.current: Invocation | None = None
        self._state = State.START
        self._waiting: Option | None = None

    def parse(self, tokens: Iterable[Token]) -> Iterator[Invocation]:
        """The commands of a line."""
        for token in tokens:
            if isinstance(token, Mark):
                yield from self._end()
            else:
                self.feed(token)
        yield from self._end()

    def feed(self, word: str) -> None:
        """Take one word."""
        if self._state is State.COMMENT:
            return
        if self.current is None:
            self._begin(word)
        elif self._waiting is not None:
            self.current.assign(self._waiting, word)
            self._waiting = None
        elif self._state is State.POSITIONAL_ONLY or not word.startswith("--"):
            self.current.assign_positional(word)
        elif word == "--":
            self._state = State.POSITIONAL_ONLY
        else:
            self._named(self.current, word[2:])

    def drop(self) -> Invocation | None:
        """End the current command without asking whether it is complete."""
        invocation, self.current, self._waiting = self.current, None, None
        self._state = State.START
        return invocation

    def fill_waiting(self) -> bool:
        """Take the end of the line for the value of an option that still waits for one; true when there is one."""
        if self.current is None or self._waiting is None:
            return False
        self.current.assign(self._waiting, "")
        self._waiting = None
        return True

    def _begin(self, word: str) -> None:
        if word.startswith("#"):
            self._state = State.COMMENT
            return
        found = self.commands.find(word)
        if found is None:
            raise CommandFailed(f"unknown command: '{word}'")
        self.current = Invocation(found)
        self._state = State.OPTIONS

    def _named(self, invocation: Invocation, word: str) -> None:
        name, equals, rest = word.partition("=")
        text = rest if equals else None
        if name == "help":
            invocation.wants_help = True
            return
        option, text = self._resolve(invocation, name, text)
        if option is None:
            return
        if option.kind is Kind.BOOL:
            if text is not None:
                raise CommandFailed(f"invalid '=' after option --{option.name}")
            invocation.assign(option, None)
        elif text is not None:
            invocation.assign(option, text)
        else:
            self._waiting = option

    def _resolve(self, invocation: Invocation, name: str, text: str | None) -> tuple[Option | None, str | None]:
        """The option behind a name, with the value that an alias brings along."""
        option = invocation.command.find_option(name)
        if option is not None and option.kind is Kind.ALIAS:
            target, equals, value = option.alias_of.partition("=")
            if equals and text is not None:
                raise CommandFailed(f"invalid '=' after option --{name}")
            return self._resolve(invocation, target, value if equals else text)
        if option is None:
            if invocation.lenient:
                return None, None
            raise CommandFailed(f"command '{invocation.command.name}' doesn't support option --{name}")
        if option.name in invocation.given and option.kind is not Kind.ARGV:
            raise CommandFailed(f"option --{name} already seen")
        return option, text

    def _end(self) -> Iterator[Invocation]:
        """Give what was collected, if it is complete."""
        if self._waiting is not None:
            form = "number" if self._waiting.kind is Kind.INT else "string"
            raise CommandFailed(f"expected syntax: --{self._waiting.name} <{form}>")
        if self.current is not None:
            invocation, self.current = self.current, None
            if invocation.wants_help:
                invocation = self._help_for(invocation.command)
            invocation.check_required()
            yield invocation
        self._state = State.START

    def _help_for(self, command: Command) -> Invocation:
        help_command = self.commands.find("help")
        assert help_command is not None
        return Invocation(help_command, {"command": command.name})
