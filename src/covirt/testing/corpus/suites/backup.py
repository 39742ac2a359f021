# SPDX-License-Identifier: LGPL-2.1-or-later
"""Backups of guests, read, completed and written back."""

from __future__ import annotations

from covirt.model.common.storage_source import FileLocation
from covirt.model.domain.backup import complete_backup, parse_backup
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_parts import DiskSource
from covirt.testing.corpus.compare import CannotRun
from covirt.testing.corpus.manifest import Case
from covirt.testing.starting import define
from covirt.xml import Context, format


def run(case: Case) -> object:
    """Carry out one case."""
    if case.kind != "backup-xml2xml":
        raise CannotRun(f"{case.kind} is not there")
    context = Context.STATUS if case.options["internal"] else Context.NONE
    backup = parse_backup(case.text(), context)
    names = [disk.name for disk in backup.disks]
    complete_backup(backup, _guest([*names, case.options["extra_disk"]]), case.options["suffix"])
    return format(backup, context | Context.SECURE)


def _guest(targets: list[str]) -> DomainDefinition:
    guest = define()
    guest.devices.disks = [_disk(target) for target in targets]
    return guest


def _disk(target: str) -> Disk:
    source = DiskSource(location=FileLocation(path=f"/fake/{target}.qcow2"))
    return Disk(source=source, target=target)
