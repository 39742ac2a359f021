# SPDX-License-Identifier: LGPL-2.1-or-later
"""The volumes that go together with a definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from covirt.api.domain.info import DomainXMLFlags
from covirt.api.storage.volume import StorageVolDeleteFlags
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.quoting import split_commas
from covirt.client.objects_generated import Domain, StorageVol
from covirt.errors import Error

if TYPE_CHECKING:
    from covirt.cli.shell import Shell


PATHS = ("file", "dev", "dir", "name", "volume")
"""The attributes of a source that may name it."""


@dataclass(frozen=True)
class ChosenVolume:
    """A volume, and where the domain has it."""

    target: str
    source: str
    volume: StorageVol


async def chosen_volumes(shell: Shell, domain: Domain, wanted: str | None) -> list[ChosenVolume]:
    """The volumes of the domain's disks: those named by target or path, or all; who is not managed is only told of."""
    names = split_commas(wanted) if wanted else None
    document = ElementTree.fromstring(await domain.xml_desc(DomainXMLFlags.INACTIVE))
    chosen = []
    for disk in document.iterfind("devices/disk"):
        target, source = disk.find("target"), disk.find("source")
        place = "" if target is None else target.get("dev", "")
        path = _path(source)
        if source is None or (names is not None and place not in names and path not in names):
            continue
        volume = await _volume(shell, source, path)
        if volume is None:
            shell.output.error(f"Storage volume '{place}'({path}) is not managed by libvirt. Remove it manually.\n")
        else:
            chosen.append(ChosenVolume(place, path, volume))
        names = [name for name in names if name not in (place, path)] if names is not None else None
    if names:
        raise CommandFailed(f"Volume '{names[0]}' was not found in domain's definition.\n")
    return chosen


def _path(source: ElementTree.Element | None) -> str:
    if source is None:
        return ""
    return next((value for name in PATHS if (value := source.get(name))), "")


async def _volume(shell: Shell, source: ElementTree.Element, path: str) -> StorageVol | None:
    try:
        if pool := source.get("pool"):
            return await (await shell.conn.storage_pool_lookup_by_name(pool)).storage_vol_lookup_by_name(path)
        return await shell.conn.storage_vol_lookup_by_path(path)
    except Error:
        return None


async def remove_volumes(shell: Shell, volumes: list[ChosenVolume], *, wipe: bool, snapshots: bool) -> None:
    """Remove volumes one by one; one that cannot be removed does not keep the others."""
    how = StorageVolDeleteFlags.WITH_SNAPSHOTS if snapshots else StorageVolDeleteFlags(0)
    failed = False
    for chosen in volumes:
        name = f"'{chosen.target}'({chosen.source})"
        try:
            if wipe:
                shell.output.say(f"Wiping volume {name} ... ")
                with failing("Failed! Volume not removed."):
                    await chosen.volume.wipe()
                shell.output.say("Done.\n")
            with failing(f"Failed to remove storage volume {name}"):
                await chosen.volume.delete(how)
        except CommandFailed as failure:
            failed = True
            shell.report(failure)
        else:
            shell.output.done(f"Volume {name} removed.")
    if failed:
        raise CommandFailed
