# SPDX-License-Identifier: LGPL-2.1-or-later
"""Definitions that come, go and change their name."""

from __future__ import annotations

from typing import Annotated

from covirt.api.domain.define import DomainDefineFlags, DomainUndefineFlags
from covirt.api.domain.lifecycle import DomainCreateFlags
from covirt.cli.choose import flags, passed_fds
from covirt.cli.command import Exclusive, Requires, command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Say, alias
from covirt.cli.shell import Shell
from covirt.cli.terminal import attach
from covirt.cli.undefine_storage import chosen_volumes, remove_volumes
from covirt.cli.vocabulary import File, InactiveDomain, PassFds, PersistentDomain, StartPaused, read_file


@command()
async def define(
    shell: Shell,
    *,
    file: File,
    validate: Annotated[bool, Say("refuse what the schema does not know")] = False,
) -> None:
    """define a domain, without starting it

    A definition of the same name and UUID is replaced.
    """
    text = read_file("file", file)
    with failing(f"Failed to define domain from {file}"):
        if validate:
            domain = await shell.conn.define_xml_flags(text, DomainDefineFlags.VALIDATE)
        else:
            domain = await shell.conn.define_xml(text)
    shell.output.done(f"Domain '{domain.name}' defined from {file}")


@command()
async def create(
    shell: Shell,
    *,
    file: File,
    console: Annotated[bool, Say("connect to its console then")] = False,
    paused: StartPaused = False,
    autodestroy: Annotated[bool, Say("end it when this shell goes away")] = False,
    pass_fds: PassFds = None,
    validate: Annotated[bool, Say("refuse what the schema does not know")] = False,
    reset_nvram: Annotated[bool, Say("begin with fresh firmware variables")] = False,
) -> None:
    """start a domain from a file

    Unless it is defined, the domain is forgotten when it ends.
    """
    text = read_file("file", file)
    chosen = flags(
        DomainCreateFlags,
        PAUSED=paused or console,
        AUTODESTROY=autodestroy,
        VALIDATE=validate,
        RESET_NVRAM=reset_nvram,
    )
    with failing(f"Failed to create domain from {file}"):
        if pass_fds is None:
            domain = await shell.conn.create_xml(text, chosen)
        else:
            domain = await shell.conn.create_xml_with_files(text, chosen, fds=passed_fds(pass_fds))
    shell.output.done(f"Domain '{domain.name}' created from {file}")
    if console:
        await attach(shell, domain, resume=not paused)


@command()
async def autostart(
    shell: Shell,
    *,
    domain: PersistentDomain,
    disable: Annotated[bool, Say("do not start it any more")] = False,
    once: Annotated[bool, Say("only the next time")] = False,
) -> None:
    """start a domain when the host starts"""
    marked = "unmark" if disable else "mark"
    when = "autostarted on next boot" if once else "autostarted"
    with failing(f"Failed to {marked} domain '{shell.given['domain']}' as {when}"):
        await (domain.set_autostart_once(not disable) if once else domain.set_autostart(not disable))
    shell.output.done(f"Domain '{shell.given['domain']}' {marked}ed as {when}")


@command()
async def domrename(
    shell: Shell, *, domain: InactiveDomain, new_name: Annotated[str, Say("its new name", positional=True)]
) -> None:
    """give a domain another name

    The domain must not run.
    """
    await domain.rename(new_name)
    shell.output.done("Domain successfully renamed")


@command(
    Requires("delete-storage-volume-snapshots", "remove-all-storage"),
    Exclusive("nvram", "keep-nvram"),
    Exclusive("tpm", "keep-tpm"),
    aliases=(alias("delete-snapshots", "delete-storage-volume-snapshots"),),
)
async def undefine(
    shell: Shell,
    *,
    domain: PersistentDomain,
    managed_save: Annotated[bool, Say("remove its managed save, too")] = False,
    storage: Annotated[
        str | None,
        Say("volumes to remove, too, with commas", unwanted_positional=True, complete="domain-undefine-storage-disks"),
    ] = None,
    remove_all_storage: Annotated[bool, Say("remove all its volumes, too; there is no way back")] = False,
    delete_storage_volume_snapshots: Annotated[bool, Say("remove snapshots of the volumes, too")] = False,
    wipe_storage: Annotated[bool, Say("overwrite the volumes first")] = False,
    snapshots_metadata: Annotated[bool, Say("forget its snapshots, too")] = False,
    checkpoints_metadata: Annotated[bool, Say("forget its checkpoints, too")] = False,
    nvram: Annotated[bool, Say("remove its firmware variables, too")] = False,
    keep_nvram: Annotated[bool, Say("keep its firmware variables")] = False,
    tpm: Annotated[bool, Say("remove the state of its TPM, too")] = False,
    keep_tpm: Annotated[bool, Say("keep the state of its TPM")] = False,
) -> None:
    """forget the definition of a domain

    A domain that runs goes on without one.
    """
    if wipe_storage and not (storage or remove_all_storage):
        raise CommandFailed("'--wipe-storage' requires '--storage <string>' or '--remove-all-storage'")
    if storage and remove_all_storage:
        raise CommandFailed("Specified both --storage and --remove-all-storage")
    if (storage or remove_all_storage) and domain.id >= 0:
        raise CommandFailed("Storage volume deletion is supported only on stopped domains")
    volumes = await chosen_volumes(shell, domain, storage) if storage or remove_all_storage else []
    chosen = flags(
        DomainUndefineFlags,
        MANAGED_SAVE=managed_save,
        SNAPSHOTS_METADATA=snapshots_metadata,
        CHECKPOINTS_METADATA=checkpoints_metadata,
        NVRAM=nvram,
        KEEP_NVRAM=keep_nvram,
        TPM=tpm,
        KEEP_TPM=keep_tpm,
    )
    with failing(f"Failed to undefine domain '{shell.given['domain']}'"):
        await (domain.undefine_flags(chosen) if chosen else domain.undefine())
    shell.output.done(f"Domain '{shell.given['domain']}' has been undefined")
    await remove_volumes(shell, volumes, wipe=wipe_storage, snapshots=delete_storage_volume_snapshots)
