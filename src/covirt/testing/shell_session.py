# SPDX-License-Identifier: LGPL-2.1-or-later
"""A shell that speaks to a scripted hypervisor, for tests of commands."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from covirt.api.call import Call
from covirt.api.connect import open as opening
from covirt.api.domain import lookup
from covirt.api.event import Event
from covirt.api.handles import Domain, Handle
from covirt.api.stream import StreamEnd
from covirt.cli.catalogue import CATALOGUE
from covirt.cli.output import JsonOutput, Output
from covirt.cli.settings import Settings
from covirt.cli.shell import Shell
from covirt.client.channel import Reply
from covirt.client.objects_generated import Connection
from covirt.errors import NoSuchDomain, NoSupport
from covirt.values import Uuid

Answer = Callable[..., Any]

GUEST = Domain("test", Uuid.parse("6695eb01-f6a4-8304-79aa-97f2502e193f"), 1)


class ScriptedChannel:
    """Answers calls from a script, and remembers those that came."""

    uri = "test:///scripted"
    read_only = False
    alive = True
    encrypted = False
    secure = True

    def __init__(self) -> None:
        self.calls: list[tuple[str, Handle, tuple[Any, ...]]] = []
        self.happenings: list[Event] = []
        self.answers: dict[Any, Answer] = {
            lookup.lookup_by_name: self._by_name,
            lookup.lookup_by_id: self._by_id,
            lookup.list_all_domains: lambda *_: [GUEST],
            opening.get_uri: lambda *_: self.uri,
        }

    def _by_name(self, subject: Handle, name: str) -> Domain:
        if name != GUEST.name:
            raise NoSuchDomain(f"no domain with matching name '{name}'")
        return GUEST

    def _by_id(self, subject: Handle, number: int) -> Domain:
        if number != GUEST.id:
            raise NoSuchDomain(f"no domain with matching id {number}")
        return GUEST

    async def perform(
        self,
        call: Call[Any, ..., Any],
        subject: Handle,
        args: tuple[Any, ...],
        *,
        stream: StreamEnd | None = None,
        fds: Sequence[int] = (),
    ) -> Reply:
        self.calls.append((call.name, subject, args))
        answer = self.answers.get(call)
        if answer is None:
            raise NoSupport(call.spelled)
        return Reply(answer(subject, *args))

    def events(self, kind: type[Any], subject: Handle | None) -> AbstractAsyncContextManager[AsyncIterator[Any]]:
        @asynccontextmanager
        async def listening() -> AsyncIterator[AsyncIterator[Any]]:
            async def happenings() -> AsyncIterator[Any]:
                for event in self.happenings:
                    if isinstance(event, kind):
                        yield event

            yield happenings()

        return listening()

    async def close(self) -> None:
        self.alive = False


class Session:
    """Types lines and gives what was printed."""

    def __init__(self, *, json: bool = False) -> None:
        self.channel = ScriptedChannel()
        self.text = io.StringIO()
        output = JsonOutput(self.text, self.text) if json else Output(self.text, self.text)

        async def opened(uri: str | None, *, read_only: bool) -> Connection:
            return Connection(self.channel)

        self.shell = Shell(CATALOGUE, Settings(), output, opened)

    def answer(self, call: object, value: object) -> None:
        """Give this value for a call; an exception is raised."""

        def answered(*_: object) -> object:
            if isinstance(value, Exception):
                raise value
            return value

        self.channel.answers[call] = answered

    async def type(self, line: str) -> str:
        """Run a line and give what was printed."""
        self.text.seek(0)
        self.text.truncate()
        self.succeeded = await self.shell.run_line(line)
        return self.text.getvalue()

    def called(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of all calls of this name."""
        return [args for called, _, args in self.channel.calls if called == name]
