# SPDX-License-Identifier: LGPL-2.1-or-later
"""Boot a small Linux guest with covirt, from a domain XML, without a daemon and without root.

The guest runs under a directory of its own (`qemu:///embed?root=DIR`) and is gone when this program ends.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from xml.etree import ElementTree

import covirt
from covirt.api.domain.lifecycle import DomainCreateFlags
from covirt.api.stream import Hole, StreamEnd
from covirt.cli.catalogue import CATALOGUE
from covirt.cli.output import Output
from covirt.cli.settings import Settings
from covirt.cli.shell import Opener, Shell
from covirt.cli.terminal import attach
from covirt.client.objects_generated import Connection, Domain
from covirt.errors import Error
from covirt.testing.guests.linux import PROMPT, PackageUnavailable, linux_guest

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "linux.xml"
PATIENCE = 120.0
"""Seconds until the prompt must be there, on a slow and busy machine."""


class Trouble(Exception):
    """The quick start cannot go on."""


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(prog="./quickstart", description=__doc__)
    parser.add_argument("--batch", action="store_true", help="no questions, no terminal: boot, list, destroy")
    parser.add_argument("--kvm", action="store_true", help="use KVM; without it QEMU emulates the processor")
    options = parser.parse_args()
    try:
        asyncio.run(quickstart(batch=options.batch, kind="kvm" if options.kvm else "qemu"))
    except (Trouble, PackageUnavailable) as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        return 1
    except Error as error:
        print(f"error: {error.explain()}", file=sys.stderr)
        return 1
    return 0


async def quickstart(*, batch: bool, kind: str) -> None:
    """Make the guest, boot it, show it, end it."""
    say("making a small Linux guest (kept for the next time)")
    description = describe_guest(kind)
    with tempfile.TemporaryDirectory(prefix="covirt-") as root:
        uri = f"qemu:///embed?root={root}"
        say(f"connecting to {uri}")
        async with await covirt.open(uri) as connection:
            session = in_terminal if not batch and sys.stdin.isatty() else in_batch
            await with_guest(connection, description, session)
    say("done: nothing of the guest is left")


def describe_guest(kind: str) -> str:
    """The example with the guest's files filled in."""
    guest = linux_guest()
    document = ElementTree.parse(EXAMPLE)
    root = document.getroot()
    root.set("type", kind)
    for name, text in (("kernel", guest.kernel), ("initrd", guest.initramfs), ("cmdline", guest.command_line)):
        element = root.find(f"os/{name}")
        assert element is not None, name
        element.text = str(text)
    return ElementTree.tostring(root, encoding="unicode")


Session = Callable[[Shell, Domain], Awaitable[None]]


async def with_guest(connection: Connection, description: str, session: Session) -> None:
    """Start the guest, paused, so that its first word is not missed; whatever happens, it ends."""
    say(f"starting the guest of {EXAMPLE.relative_to(EXAMPLE.parent.parent)}")
    shell = Shell(CATALOGUE, Settings(), Output(), reuse(connection))
    guest = await connection.create_xml(description, DomainCreateFlags.PAUSED)
    try:
        await session(shell, guest)
    finally:
        say(f"covirt destroy {guest.name}")
        await guest.destroy()
    await list_domains(shell, expected=None)


def reuse(connection: Connection) -> Opener:
    """A shell's way to connect that gives the connection there is."""

    async def opened(uri: str | None, *, read_only: bool) -> Connection:
        return connection

    return opened


async def in_terminal(shell: Shell, guest: Domain) -> None:
    """Give the guest's console to the person."""
    await list_domains(shell, expected=guest.name)
    say("the guest's console is yours; Ctrl + ] leaves it")
    await attach(shell, guest, resume=True)


async def in_batch(shell: Shell, guest: Domain) -> None:
    """Show the guest's console up to the prompt of its shell, and the list of domains."""
    begun = time.monotonic()
    async with console_of(guest) as stream:
        await guest.resume()
        await show_until(stream, PROMPT.encode())
    print(f"\n[{time.monotonic() - begun:.1f} s to the guest's prompt]")
    await list_domains(shell, expected=guest.name)


@asynccontextmanager
async def console_of(guest: Domain) -> AsyncIterator[StreamEnd]:
    """The guest's console as long as the context lasts."""
    stream = await guest.open_console(None)
    try:
        yield stream
    finally:
        await stream.abort()


async def show_until(stream: StreamEnd, end: bytes) -> None:
    """Print what the guest says until it has said this."""
    said = b""
    try:
        async with asyncio.timeout(PATIENCE):
            while end not in said:
                octets = await stream.receive()
                if not octets:
                    raise Trouble("the guest's console ended before the prompt came")
                if not isinstance(octets, Hole):
                    said += octets
                    sys.stdout.write(octets.decode(errors="replace").replace("\r", ""))
                    sys.stdout.flush()
    except TimeoutError:
        raise Trouble(f"no prompt on the guest's console within {PATIENCE:.0f} s") from None


async def list_domains(shell: Shell, *, expected: str | None) -> None:
    """Show `covirt list`, and make sure that it says the truth."""
    say("covirt list")
    if not await shell.run_line("list"):
        raise Trouble("the list of domains failed")
    running = [domain.name for domain in await shell.conn.list_all_domains()]
    if running != ([] if expected is None else [expected]):
        raise Trouble(f"unexpected domains: {running}")


def say(what: str) -> None:
    """Tell which step is going on."""
    print(f"\n=> {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
