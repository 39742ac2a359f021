# SPDX-License-Identifier: LGPL-2.1-or-later
"""The declared commands compared with what virsh has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from covirt.cli.catalogue import CATALOGUE
from covirt.cli.command import Command, Exclusive, Requires
from covirt.cli.completers import COMPLETERS
from covirt.cli.option import Option

OURS = {"lint", "run"}
"""Commands that go beyond virsh."""


@pytest.fixture(scope="session")
def facts(shared: Path) -> dict[str, Any]:
    groups = json.loads((shared / "facts" / "virsh_commands.json").read_text())["virsh"]["groups"]
    return {
        command["name"]: {**command, "group": group["keyword"]} for group in groups for command in group["commands"]
    }


COMMANDS = [command for group in CATALOGUE.groups for command in CATALOGUE.commands(group)]


NOT_IN_THE_FACTS = {"blkiotune", "vcpucount"}
"""Commands whose rules virsh has, but the facts do not tell."""


def described(option: Option) -> dict[str, object]:
    flags = {"required": option.required, "positional": option.positional, "allow_empty": option.empty}
    flags["unwanted_positional"] = option.unwanted_positional
    return {"name": option.name, "type": option.kind.value, **{name: True for name, given in flags.items() if given}}


def expected(option: dict[str, Any]) -> dict[str, object]:
    kept = ("name", "type", "required", "positional", "allow_empty", "unwanted_positional")
    return {name: option[name] for name in kept if option.get(name)}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_command_is_as_virsh_has_it(command: Command, facts: dict[str, Any]) -> None:
    if command.name in OURS:
        assert command.name not in facts
        return
    fact = facts[command.name]
    options = [option for option in fact["options"] if option["type"] != "alias"]
    assert [described(option) for option in command.options] == [expected(option) for option in options]
    aliases = {option["name"]: option["alias_of"] for option in fact["options"] if option["type"] == "alias"}
    assert {option.name: option.alias_of for option in command.aliases} == aliases
    assert command.connects == fact.get("needs_connection", True)
    assert command.hidden == bool(fact.get("hidden"))
    if command.name not in NOT_IN_THE_FACTS:
        assert rules(command) == sorted(fact.get("option_rules", []), key=lambda rule: "exclusive" in rule)


def rules(command: Command) -> list[dict[str, list[str]]]:
    exclusive = [{"exclusive": [rule.first, rule.second]} for rule in command.rules if isinstance(rule, Exclusive)]
    requires = [{"requires": [rule.option, rule.needed]} for rule in command.rules if isinstance(rule, Requires)]
    return [*requires, *exclusive]


def test_groups_are_virshs(facts: dict[str, Any]) -> None:
    for group in CATALOGUE.groups:
        for name in group.modules:
            assert name in OURS or facts[name]["group"] == group.keyword


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_command_has_words(command: Command) -> None:
    assert command.help
    assert not command.help.endswith(".")
    assert command.find_option("help") is None
    for option in command.options:
        assert option.help


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_completion_has_a_source(command: Command) -> None:
    wanted = {option.complete for option in command.options if option.complete}
    assert wanted - {"path-local-existing"} <= set(COMPLETERS)


def test_optional_positionals_come_last() -> None:
    for command in COMMANDS:
        required = [option.required for option in command.options if option.positional]
        assert required == sorted(required, reverse=True), command.name
