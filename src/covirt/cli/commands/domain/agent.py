# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the agent in a guest tells and does."""

from __future__ import annotations

import json
import time as clock
from datetime import UTC, datetime
from typing import Annotated

from covirt.api.domain.agent import DomainGuestInfoTypes, DomainSetTimeFlags, DomainSetUserPasswordFlags
from covirt.api.domain.info import DomainGetHostnameFlags
from covirt.cli.choose import flags
from covirt.cli.command import Exclusive, command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Kind, Say
from covirt.cli.params import print_params
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.value import long_signed, long_unsigned, signed
from covirt.cli.vocabulary import ActiveDomain

BLOCK, DEFAULT, NOWAIT = -2, -1, 0
"""How long to wait for the agent, where it is not a number of seconds."""

Mountpoints = Annotated[list[str] | None, Say("where they are mounted; all without it", positional=True)]


@command()
async def qemu_agent_command(
    shell: Shell,
    *,
    domain: ActiveDomain,
    timeout: Annotated[int | None, Say("seconds to wait for the answer", convert=signed)] = None,
    async_: Annotated[bool, Say("do not wait for the answer")] = False,
    block: Annotated[bool, Say("wait for the answer without end")] = False,
    pretty: Annotated[bool, Say("indent the answer")] = False,
    cmd: Annotated[list[str], Say("the command", positional=True)],
) -> None:
    """give the agent in a guest a command"""
    if timeout is not None and timeout < 1:
        raise CommandFailed("timeout must be positive")
    if (timeout is not None) + async_ + block > 1:
        raise CommandFailed("timeout, async and block options are exclusive")
    wait = NOWAIT if async_ else BLOCK if block else DEFAULT if timeout is None else timeout
    answer = await domain.qemu_agent_command(" ".join(cmd), wait)
    if answer is not None:
        shell.output.line(indented(answer) if pretty else answer)


def indented(answer: str) -> str:
    """JSON on several lines; what is no JSON stays as it is."""
    try:
        return json.dumps(json.loads(answer), indent=2)
    except json.JSONDecodeError:
        return answer


@command()
async def guest_agent_timeout(
    shell: Shell,
    *,
    domain: ActiveDomain,
    timeout: Annotated[int, Say("seconds; -2 waits without end, -1 as usual, 0 not at all", convert=signed)] = BLOCK,
) -> None:
    """say how long to wait for the agent in a guest"""
    await domain.agent_set_response_timeout(timeout)


@command()
async def guestinfo(
    shell: Shell,
    *,
    domain: ActiveDomain,
    user: Annotated[bool, Say("who is logged in")] = False,
    os: Annotated[bool, Say("its operating system")] = False,
    timezone: Annotated[bool, Say("its time zone")] = False,
    hostname: Annotated[bool, Say("its name")] = False,
    filesystem: Annotated[bool, Say("its file systems")] = False,
    disk: Annotated[bool, Say("its disks")] = False,
    interface: Annotated[bool, Say("its network cards")] = False,
    load: Annotated[bool, Say("how busy it is")] = False,
) -> None:
    """print what the agent in a guest knows"""
    chosen = flags(
        DomainGuestInfoTypes,
        USERS=user,
        OS=os,
        TIMEZONE=timezone,
        HOSTNAME=hostname,
        FILESYSTEM=filesystem,
        DISKS=disk,
        INTERFACES=interface,
        LOAD=load,
    )
    print_params(shell.output, await domain.guest_info(chosen), width=20)


@command()
async def domhostname(
    shell: Shell,
    *,
    domain: ActiveDomain,
    source: Annotated[str | None, Say("who is asked: agent or lease", unwanted_positional=True)] = None,
) -> None:
    """print what a guest calls itself"""
    if source not in (None, "agent", "lease"):
        raise CommandFailed(f"Unknown data source '{source}'")
    with failing("failed to get hostname"):
        name = await domain.hostname(flags(DomainGetHostnameFlags, AGENT=source == "agent", LEASE=source == "lease"))
    shell.output.line(name)


@command(Exclusive("time", "now"), Exclusive("time", "sync"), Exclusive("now", "sync"))
async def domtime(
    shell: Shell,
    *,
    domain: ActiveDomain,
    now: Annotated[bool, Say("set it to that of this computer")] = False,
    pretty: Annotated[bool, Say("print it as people write it")] = False,
    sync: Annotated[bool, Say("set it to the guest's clock")] = False,
    time: Annotated[int | None, Say("set it to these seconds", unwanted_positional=True, convert=long_signed)] = None,
) -> None:
    """print or set the time in a guest"""
    if now or sync or time is not None:
        seconds = int(clock.time()) if now else time or 0
        await domain.set_time(seconds, 0, flags(DomainSetTimeFlags, SYNC=sync))
        return
    there = (await domain.get_time()).seconds
    shell.output.write(f"Time: {datetime.fromtimestamp(there, UTC):%Y-%m-%d %H:%M:%S}" if pretty else f"Time: {there}")


@command()
async def set_user_password(
    shell: Shell,
    *,
    domain: ActiveDomain,
    user: Annotated[str, Say("name of the user", positional=True)],
    password: Annotated[str, Say("the new password", positional=True)],
    encrypted: Annotated[bool, Say("the password is encrypted already")] = False,
) -> None:
    """set the password of a user in a guest"""
    await domain.set_user_password(user, password, flags(DomainSetUserPasswordFlags, ENCRYPTED=encrypted))
    shell.output.say(f"Password set successfully for {user} in {shell.given['domain']}")


# File systems


@command()
async def domfsinfo(shell: Shell, *, domain: ActiveDomain) -> None:
    """list the file systems that a guest has mounted"""
    with failing("Unable to get filesystem information"):
        found = await domain.fs_info()
    if not found:
        shell.output.say("No filesystems are mounted in the domain")
        return
    table = Table("Mountpoint", "Name", "Type", "Target")
    for one in found:
        table.append(one.mountpoint, one.name, one.fstype, ",".join(one.dev_aliases))
    shell.output.table(table)


@command()
async def domfsfreeze(shell: Shell, *, domain: ActiveDomain, mountpoint: Mountpoints = None) -> None:
    """have a guest write out its file systems and change nothing until they are thawed"""
    with failing("Unable to freeze filesystems"):
        count = await domain.fs_freeze(mountpoint or [])
    shell.output.done(f"Froze {count} filesystem(s)")


@command()
async def domfsthaw(shell: Shell, *, domain: ActiveDomain, mountpoint: Mountpoints = None) -> None:
    """let a guest change its file systems again"""
    with failing("Unable to thaw filesystems"):
        count = await domain.fs_thaw(mountpoint or [])
    shell.output.done(f"Thawed {count} filesystem(s)")


@command()
async def domfstrim(
    shell: Shell,
    *,
    domain: ActiveDomain,
    minimum: Annotated[
        int, Say("smallest range in bytes worth it", unwanted_positional=True, kind=Kind.INT, convert=long_unsigned)
    ] = 0,
    mountpoint: Annotated[str | None, Say("where it is mounted; all without it", unwanted_positional=True)] = None,
) -> None:
    """have a guest tell its disks what it does not use"""
    with failing("Unable to invoke fstrim"):
        await domain.fs_trim(mountpoint, minimum)
