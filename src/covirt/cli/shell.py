# SPDX-License-Identifier: LGPL-2.1-or-later
"""The shell: a connection, somewhere to write, and commands to run one after the other."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from covirt.cli.command import Command
from covirt.cli.failure import CommandFailed
from covirt.cli.output import Output
from covirt.cli.parse import Commands, Invocation, Parser
from covirt.cli.settings import Level, Settings
from covirt.cli.words import Token, given, split
from covirt.client.objects_generated import Connection
from covirt.errors import Error


class Opener(Protocol):
    """How connections are made."""

    async def __call__(self, uri: str | None, *, read_only: bool) -> Connection:
        """Connect."""


class Shell:
    """What a command has to work with."""

    def __init__(self, commands: Commands, settings: Settings, output: Output, opener: Opener) -> None:
        """Nothing is connected yet."""
        self.commands = commands
        self.settings = settings
        self.output = output
        self.interactive = False
        self.leaving = False
        self.running = ""
        """The name of the command that runs."""
        self.given: Mapping[str, Any] = {}
        """What its options were given as text; many messages repeat an object's name as it was typed."""
        self.uri = settings.uri
        self.readonly = settings.readonly
        self._open = opener
        self._connection: Connection | None = None

    # Running commands

    async def run_line(self, text: str) -> bool:
        """Run the commands of a text; false when the last one failed."""
        return await self._run(split(text))

    async def run_words(self, words: Iterable[str]) -> bool:
        """Run the one command that these words are."""
        return await self._run(given(words))

    async def _run(self, tokens: Iterable[Token]) -> bool:
        try:
            invocations = list(Parser(self.commands).parse(tokens))
        except CommandFailed as failure:
            self.output.error(failure.message)
            return False
        succeeded = True
        for invocation in invocations:
            self.debug("".join(f"{line}\n" for line in invocation.trace))
        for invocation in invocations:
            succeeded = await self._run_one(invocation)
            if self.leaving:
                break
        return succeeded

    async def _run_one(self, invocation: Invocation) -> bool:
        self.output.begin()
        self.running = invocation.command.name
        self.given = invocation.given
        before = time.monotonic()
        try:
            await self._perform(invocation)
        except CommandFailed as failure:
            self.report(failure)
            succeeded = False
        except Error as error:
            self.output.error(error.message)
            succeeded = False
        else:
            succeeded = True
        if not self.leaving:
            self._finish(time.monotonic() - before, succeeded)
        return succeeded

    async def _perform(self, invocation: Invocation) -> None:
        if invocation.command.connects:
            await self.connection()
        await invocation.command.run(self, invocation.given)

    def _finish(self, seconds: float, succeeded: bool) -> None:
        if self.settings.timing:
            self.output.write(f"\n(Time: {seconds * 1000:.3f} ms)\n\n")
        else:
            self.output.end(succeeded=succeeded)

    def report(self, failure: CommandFailed) -> None:
        """Say why a command failed."""
        if failure.message:
            self.output.error(failure.message)
        if failure.cause is not None:
            self.output.error(failure.cause.message)

    def debug(self, text: str, level: Level = Level.INFO) -> None:
        """What happens inside, for who asked for it."""
        if level >= self.settings.debug:
            self.output.write(text)

    def explain(self, text: str, level: Level = Level.INFO) -> None:
        """What the running command does, for who asked for it."""
        self.debug(f"{self.running}: {text}\n", level)

    # The connection

    @property
    def conn(self) -> Connection:
        """The connection that a command runs with."""
        if self._connection is None:
            raise CommandFailed("no valid connection")
        return self._connection

    async def connection(self) -> Connection:
        """The connection, made when it is not there."""
        if self._connection is None or not self._connection.alive:
            await self.connect(None, readonly=self.readonly)
        return self.conn

    async def connect(self, uri: str | None, *, readonly: bool) -> None:
        """Connect, to where we were before when no URI is given."""
        again = self._connection is not None
        await self.close()
        wanted = uri if uri is not None else self.uri
        try:
            self._connection = await self._open(wanted, read_only=readonly)
        except Error as error:
            verb = "reconnect" if again else "connect"
            raise CommandFailed(f"failed to {verb} to the hypervisor", error) from error
        self.uri, self.readonly = wanted, readonly

    async def close(self) -> None:
        """End the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    # Help for commands

    def command(self, name: str) -> Command | None:
        """A command by its name."""
        return self.commands.find(name)

    @property
    def terminal(self) -> bool:
        """Is there a person?"""
        return os.isatty(0)
