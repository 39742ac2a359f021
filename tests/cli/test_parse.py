# SPDX-License-Identifier: LGPL-2.1-or-later
from collections.abc import Iterator
from typing import Annotated, Any

import pytest

from covirt.cli.command import Command, Exclusive, Requires, command
from covirt.cli.failure import CommandFailed
from covirt.cli.option import Say, alias
from covirt.cli.parse import Parser
from covirt.cli.words import split


@command(
    Exclusive("live", "config"),
    Requires("deep", "live"),
    aliases=(alias("num", "count"), alias("two", "count=2")),
)
async def sample(
    seen: dict[str, Any],
    *,
    name: Annotated[str, Say("a name", positional=True)],
    count: Annotated[int | None, Say("how many", unwanted_positional=True)] = None,
    live: Annotated[bool, Say("now")] = False,
    config: Annotated[bool, Say("later")] = False,
    deep: Annotated[bool, Say("more")] = False,
    words: Annotated[list[str] | None, Say("the rest", positional=True)] = None,
) -> None:
    """a sample

    It shows
    everything.
    """
    seen.update(name=name, count=count, live=live, words=words)


@command(name="help")
async def help_(
    seen: dict[str, Any], *, command: Annotated[str | None, Say("of what", positional=True)] = None
) -> None:
    """help"""
    seen.update(help=command)


class Two:
    def find(self, name: str) -> Command | None:
        return {"sample": sample, "help": help_}.get(name)

    def names(self) -> Iterator[str]:
        yield from ("sample", "help")


async def run(line: str) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for invocation in Parser(Two()).parse(split(line)):
        await invocation.command.run(seen, invocation.given)
    return seen


@pytest.mark.parametrize(
    "line",
    [
        "sample a 2",
        "sample a --count 2",
        "sample --count=2 a",
        "sample --name a --count 2",
        "sample a --num 2",
        "sample a --two",
    ],
)
async def test_ways_to_say_the_same(line: str) -> None:
    assert await run(line) == {"name": "a", "count": 2, "live": False, "words": None}


async def test_words_are_collected() -> None:
    assert (await run("sample a 2 x --words y --live -- --z"))["words"] == ["x", "y", "--z"]


async def test_option_takes_what_looks_like_an_option() -> None:
    assert (await run("sample --name --live"))["name"] == "--live"


async def test_help_option_asks_for_help() -> None:
    assert await run("sample --help") == {"help": "sample"}


async def test_help_ignores_what_it_does_not_know() -> None:
    assert await run("help sample --deep more") == {"help": "sample"}


async def test_comment_is_no_command() -> None:
    assert await run("'#sample' a; sample b") == {"name": "b", "count": None, "live": False, "words": None}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("other", "unknown command: 'other'"),
        ("sample", "command 'sample' requires <name> option"),
        ("sample a --bogus", "command 'sample' doesn't support option --bogus"),
        ("sample a --live --live", "option --live already seen"),
        ("sample a --live=x", "invalid '=' after option --live"),
        ("sample a --two=3", "invalid '=' after option --two"),
        ("sample a --count", "expected syntax: --count <number>"),
        ("sample --name", "expected syntax: --name <string>"),
        ("sample a --live --config", "Options --live and --config are mutually exclusive"),
        ("sample a --deep", "Option --live is required by option --deep"),
        ("sample ''", "Failed to get option 'name': Option argument is empty"),
        ("sample a x", "Numeric value 'x' for <count> option is malformed or out of range"),
    ],
)
async def test_refusals(line: str, message: str) -> None:
    with pytest.raises(CommandFailed) as failure:
        await run(line)
    assert failure.value.message == message


async def test_nothing_runs_before_all_is_understood() -> None:
    seen: list[str] = []
    with pytest.raises(CommandFailed):
        seen.extend(one.command.name for one in list(Parser(Two()).parse(split("sample a; other"))))
    assert seen == []


def test_declaration_gives_help() -> None:
    from covirt.cli.help import command_help

    assert command_help(sample) == (
        "  NAME\n    sample - a sample\n"
        "\n  SYNOPSIS\n    sample <name> [--count <number>] [--live] [--config] [--deep] [<words>]...\n"
        "\n  DESCRIPTION\n    It shows everything.\n"
        "\n  OPTIONS\n"
        "    [--name] <string>  a name\n"
        "    --count <number>  how many\n"
        "    --live           now\n"
        "    --config         later\n"
        "    --deep           more\n"
        "    [--words] <string>...  the rest\n"
    )
