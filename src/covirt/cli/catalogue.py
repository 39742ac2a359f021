# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which commands there are, in the groups and the order that help shows.

A command lives in a module of `commands/`; modules are imported when one of their commands is first needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from covirt.cli.command import Command
from covirt.cli.commands import GROUPS


@dataclass(frozen=True)
class Group:
    """Commands about one thing: module by command name."""

    keyword: str
    title: str
    modules: dict[str, str]


class Catalogue:
    """All commands, by name and by group."""

    def __init__(self, groups: tuple[Group, ...]) -> None:
        """Take the groups as they are to be shown."""
        self.groups = groups
        self._modules = {name: module for group in groups for name, module in group.modules.items()}

    def names(self) -> Iterator[str]:
        """All names that can be typed."""
        yield from self._modules

    def find(self, name: str) -> Command | None:
        """The command of this name; the function has an underscore behind it where Python or a reader needs that."""
        module = self._modules.get(name)
        if module is None:
            return None
        contents = vars(import_module(f"covirt.cli.commands.{module}"))
        python_name = name.replace("-", "_")
        found = contents.get(python_name) or contents[f"{python_name}_"]
        assert isinstance(found, Command), name
        return found

    def commands(self, group: Group) -> Iterator[Command]:
        """The commands of a group."""
        for name in group.modules:
            found = self.find(name)
            assert found is not None
            yield found

    def find_group(self, name: str) -> Group | None:
        """A group by its title or keyword."""
        return next((group for group in self.groups if name in (group.title, group.keyword)), None)


CATALOGUE = Catalogue(tuple(Group(keyword, title, modules) for keyword, title, modules in GROUPS))
