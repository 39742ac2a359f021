# SPDX-License-Identifier: LGPL-2.1-or-later
"""Starting, pausing and ending domains."""

from __future__ import annotations

from typing import Annotated

from covirt.api.domain.lifecycle import (
    DomainCreateFlags,
    DomainDestroyFlags,
    DomainRebootFlags,
    DomainShutdownFlags,
)
from covirt.cli.choose import flags, passed_fds, way
from covirt.cli.command import command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.terminal import attach
from covirt.cli.vocabulary import (
    ActiveDomain,
    BypassCache,
    PassFds,
    PausedDomain,
    RunningDomain,
    StartPaused,
    StoppedDomain,
)

Mode = Annotated[
    str | None,
    Say(
        "ways to ask the guest, with commas: acpi, agent, initctl, signal, paravirt",
        positional=True,
        complete="domain-shutdown-mode",
    ),
]


@command()
async def start(
    shell: Shell,
    *,
    domain: StoppedDomain,
    console: Annotated[bool, Say("connect to its console then")] = False,
    paused: StartPaused = False,
    autodestroy: Annotated[bool, Say("end it when this shell goes away")] = False,
    bypass_cache: BypassCache = False,
    force_boot: Annotated[bool, Say("boot anew and forget a saved state")] = False,
    pass_fds: PassFds = None,
    reset_nvram: Annotated[bool, Say("begin with fresh firmware variables")] = False,
) -> None:
    """start a domain that is defined

    Boot the domain, or bring it back from its managed save.
    """
    if domain.id >= 0:
        raise CommandFailed("Domain is already active")
    chosen = flags(
        DomainCreateFlags,
        PAUSED=paused or console,
        AUTODESTROY=autodestroy,
        BYPASS_CACHE=bypass_cache,
        FORCE_BOOT=force_boot,
        RESET_NVRAM=reset_nvram,
    )
    with failing(f"Failed to start domain '{domain.name}'"):
        if pass_fds is None:
            started = await domain.create_with_flags(chosen)
        else:
            started = await domain.create_with_files(chosen, fds=passed_fds(pass_fds))
    shell.output.done(f"Domain '{domain.name}' started")
    if console:
        await attach(shell, started, resume=not paused)


@command()
async def shutdown(shell: Shell, *, domain: ActiveDomain, mode: Mode = None) -> None:
    """ask a domain to shut down

    The guest gets a signal, as from a power button, and decides itself.
    """
    chosen = way(DomainShutdownFlags, mode)
    with failing(f"Failed to shutdown domain '{shell.given['domain']}'"):
        await (domain.shutdown_flags(chosen) if mode else domain.shutdown())
    shell.output.done(f"Domain '{shell.given['domain']}' is being shutdown")


@command()
async def reboot(shell: Shell, *, domain: ActiveDomain, mode: Mode = None) -> None:
    """ask a domain to reboot

    The guest gets a signal and reboots itself.
    """
    chosen = way(DomainRebootFlags, mode)
    with failing(f"Failed to reboot domain '{shell.given['domain']}'"):
        await domain.reboot(chosen)
    shell.output.done(f"Domain '{shell.given['domain']}' is being rebooted")


@command()
async def reset(shell: Shell, *, domain: ActiveDomain) -> None:
    """reset a domain

    As with the reset button: the guest is not asked.
    """
    with failing(f"Failed to reset domain '{shell.given['domain']}'"):
        await domain.reset()
    shell.output.done(f"Domain '{shell.given['domain']}' was reset")


@command()
async def destroy(
    shell: Shell,
    *,
    domain: ActiveDomain,
    graceful: Annotated[bool, Say("give up when the process does not end by itself")] = False,
    remove_logs: Annotated[bool, Say("remove its log files, too")] = False,
) -> None:
    """end a domain at once

    As with the power cord: the guest is not asked. Its definition stays.
    """
    chosen = flags(DomainDestroyFlags, GRACEFUL=graceful, REMOVE_LOGS=remove_logs)
    with failing(f"Failed to destroy domain '{shell.given['domain']}'"):
        await (domain.destroy_flags(chosen) if chosen else domain.destroy())
    shell.output.done(f"Domain '{shell.given['domain']}' destroyed")


@command()
async def suspend(shell: Shell, *, domain: RunningDomain) -> None:
    """pause a domain

    Its processors stop, its memory stays where it is.
    """
    with failing(f"Failed to suspend domain '{shell.given['domain']}'"):
        await domain.suspend()
    shell.output.done(f"Domain '{shell.given['domain']}' suspended")


@command()
async def resume(shell: Shell, *, domain: PausedDomain) -> None:
    """let a paused domain go on"""
    with failing(f"Failed to resume domain '{shell.given['domain']}'"):
        await domain.resume()
    shell.output.done(f"Domain '{shell.given['domain']}' resumed")
