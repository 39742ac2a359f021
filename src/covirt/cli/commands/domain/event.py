# SPDX-License-Identifier: LGPL-2.1-or-later
"""Listening to what happens to domains."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Annotated

from covirt.cli.command import Exclusive, command
from covirt.cli.event_texts import TEXTS, describe, name_of
from covirt.cli.failure import CommandFailed
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.value import timeout_seconds
from covirt.cli.vocabulary import DOMAIN_HELP, find_domain
from covirt.client.objects_generated import Domain


@command(Exclusive("all", "event"), Exclusive("list", "all"), Exclusive("list", "event"))
async def event(
    shell: Shell,
    *,
    domain: Annotated[
        Domain | None, Say(DOMAIN_HELP, unwanted_positional=True, complete="domain-name", find=find_domain)
    ] = None,
    event: Annotated[
        str | None, Say("which event to wait for", unwanted_positional=True, complete="domain-event-name")
    ] = None,
    all: Annotated[bool, Say("wait for all events")] = False,
    loop: Annotated[bool, Say("go on after the first, until interrupted or out of time")] = False,
    timeout: Annotated[int | None, Say("seconds to wait", unwanted_positional=True, convert=timeout_seconds)] = None,
    list: Annotated[bool, Say("print which events there are")] = False,
    timestamp: Annotated[bool, Say("print when each event came")] = False,
) -> None:
    """print what happens to domains"""
    names = {name_of(kind): kind for kind in TEXTS}
    if list:
        for name in names:
            shell.output.line(name)
        return
    if event is not None and event not in names:
        raise CommandFailed(f"unknown event type {event}")
    if event is None and not all:
        raise CommandFailed("one of --list, --all, or --event <type> is required")
    kinds = [names[event]] if event is not None else [*names.values()]
    seen: asyncio.Queue[str] = asyncio.Queue()
    async with AsyncExitStack() as stack:
        for kind in kinds:
            events = await stack.enter_async_context(shell.conn.events(kind, domain))
            task = asyncio.create_task(_forward(events, seen), name=f"events {name_of(kind)}")
            stack.push_async_callback(_stop, task)
        count = await _print(shell, seen, once=not loop, timeout=timeout, timestamp=timestamp)
    shell.output.line(f"events received: {count}")
    if not count:
        raise CommandFailed


async def _forward(events: object, seen: asyncio.Queue[str]) -> None:
    async for happened in events:  # type: ignore[attr-defined]
        await seen.put(describe(happened))


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _print(shell: Shell, seen: asyncio.Queue[str], *, once: bool, timeout: int | None, timestamp: bool) -> int:
    """Print events as they come, and how the waiting ended; the number of events."""
    count = 0
    try:
        async with asyncio.timeout(timeout):
            while not (once and count):
                text = await seen.get()
                shell.output.write(f"{_now()}: {text}" if timestamp else text)
                shell.output.out.flush()
                count += 1
    except TimeoutError:
        shell.output.line("event loop timed out")
    except asyncio.CancelledError:
        shell.output.line("event loop interrupted")
    return count


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + "+0000"
