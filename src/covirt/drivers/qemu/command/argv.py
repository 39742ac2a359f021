# SPDX-License-Identifier: LGPL-2.1-or-later
"""A command line under construction: environment, arguments, and the descriptors that the program inherits."""

from __future__ import annotations

from dataclasses import dataclass, field

from covirt.drivers.qemu.command.props import Props, as_json, inline


@dataclass(slots=True)
class Argv:
    """QEMU's command line.

    `json_devices` and its like say which options this QEMU takes as JSON.
    """

    program: str
    json_devices: bool = True
    json_netdevs: bool = True
    json_chardevs: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    overrides: dict[str, Props] = field(default_factory=dict)
    """Device id to properties that the user insists on; None takes a property away."""

    def add(self, *words: str) -> None:
        """Append an option, usually with its value."""
        self.arguments += words

    def object(self, properties: Props) -> None:
        """-object, for user-creatable objects: back ends, secrets, I/O threads."""
        self.add("-object", as_json(properties))

    def blockdev(self, properties: Props) -> None:
        """-blockdev, for one node of a block graph."""
        self.add("-blockdev", as_json(properties))

    def netdev(self, properties: Props) -> None:
        """-netdev, for the host side of a network interface."""
        self.add("-netdev", as_json(properties) if self.json_netdevs else inline(properties, "type"))

    def device(self, properties: Props) -> None:
        """-device, for what the guest sees."""
        changed = dict(properties)
        for name, value in self.overrides.get(str(properties.get("id")), {}).items():
            changed.pop(name, None)
            if value is not None:
                changed[name] = value
        self.add("-device", as_json(changed) if self.json_devices else inline(changed, "driver"))

    @property
    def words(self) -> list[str]:
        """The program and its arguments, as the kernel gets them."""
        return [self.program, *self.arguments]

    def __str__(self) -> str:
        """The command as a person would type it, one option a line."""
        lines = [*self._assignments, self.program]
        for word in self.arguments:
            if word.startswith("-") or not lines[-1].startswith("-"):
                lines.append(quoted(word))
            else:
                lines[-1] += f" {quoted(word)}"
        return " \\\n".join(lines) + "\n"

    @property
    def line(self) -> str:
        """The command in one line, as a shell reads it."""
        return " ".join([*self._assignments, *map(quoted, self.words)])

    @property
    def _assignments(self) -> list[str]:
        return [f"{name}={quoted(value)}" for name, value in self.environment.items()]


_UNSAFE = frozenset("\r\t\n !\"#$&'()*;<>?[\\]^`{|}~")


def quoted(word: str) -> str:
    """The word as a shell reads it back, quoted where libvirt quotes."""
    if word and _UNSAFE.isdisjoint(word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"
