# SPDX-License-Identifier: LGPL-2.1-or-later
"""Command lines of nbdkit for the network disks of guests."""

from __future__ import annotations

import shlex
from pathlib import Path

from covirt.drivers.qemu.document import completing
from covirt.drivers.qemu.nbdkit import nbdkit_command
from covirt.drivers.qemu.ready.blocks import numbered
from covirt.drivers.qemu.ready.nbdkit import is_served, socket_path
from covirt.model.common.secret import Auth
from covirt.model.common.storage_source import BackingStore
from covirt.model.domain.definition import DomainDefinition
from covirt.testing.corpus.compare import CannotRun, Compared
from covirt.testing.corpus.manifest import Case
from covirt.xml import Context


def run(case: Case) -> object:
    """Carry out one case."""
    if case.kind != "nbdkit-argv":
        raise CannotRun(f"{case.kind} is not there")
    guest = DomainDefinition.parse(case.text(), Context.NONE).value
    for disk in guest.devices.disks:
        disk.complete(guest, completing(Context.NONE, lambda count: bytes(count), "none"))
    options = case.options
    directory = options["statedir"].replace("<name>", guest.name)
    plugins = {name.removeprefix("plugin-") for name in options["nbdkit_caps"]}
    pipes = Pipes(options["first_pipe_fd"])
    texts: dict[str, object] = {}
    for disk_number, disk in enumerate(guest.devices.disks):
        for place, image in enumerate(numbered(disk)):
            source = image.source if isinstance(image, BackingStore) else image
            if source is None or not is_served(source.actual, plugins):
                continue
            name = f"disk{disk_number}-src{place}"
            readonly = disk.readonly or place > 0
            socket, binary = socket_path(directory, name), Path(options["nbdkit_binary"]).name
            command = nbdkit_command(
                binary, socket, source, pipes.give, readonly=readonly, abilities=options["nbdkit_caps"]
            )
            texts[name] = command.arguments
            texts |= {f"{name}.pipe.{number}": text for number, text in pipes.take()}
    expected = {role: _expected(case, role) for role in case.expect["files"]}
    return Compared({role: texts.get(role) for role in expected}, expected)


def _expected(case: Case, role: str) -> object:
    """A command line as words, or what is in a pipe; the files end their lines."""
    text = case.expected(role)
    return text.removesuffix("\n") if ".pipe." in role else shlex.split(text.replace("\\\n", " "))


class Pipes:
    """Pipes with consecutive numbers: first the end that is read, then the one that is written."""

    def __init__(self, first: int) -> None:
        """Number from there."""
        self._next = first
        self._written: list[tuple[int, str]] = []

    def give(self, what: Auth | str) -> int:
        """Write a text, or the value that the secret has here."""
        reading = self._next
        self._next += 2
        self._written.append((reading + 1, what if isinstance(what, str) else _value(what)))
        return reading

    def take(self) -> list[tuple[int, str]]:
        """What was written since the last time."""
        written, self._written = self._written, []
        return written


def _value(auth: Auth) -> str:
    secret = auth.secret
    return f"{secret.type}-{secret.uuid or secret.usage}-secret"
