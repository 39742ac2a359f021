# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<domainbackup>`: a copy of a guest's disks, written by us (push) or fetched by a client of our server (pull)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from covirt import xml
from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import without
from covirt.model.common.scalars import Port
from covirt.model.common.storage_network import StorageHost, Transport
from covirt.model.common.storage_source import BlockLocation, FileLocation, StorageFormat, StorageSource
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.disk import Disk
from covirt.xml import At, Choice, Context, Element, Reading, YesNo
from covirt.xml.reader import read


class BackupState(StrEnum):
    """How far the backup of a disk is."""

    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


class BackupMode(StrEnum):
    """All of a disk, or what has changed since a checkpoint."""

    FULL = "full"
    INCREMENTAL = "incremental"


@dataclass(slots=True, kw_only=True)
class BackupPlace(StorageSource):
    """The file or device that is written to."""

    location: Annotated[
        FileLocation | BlockLocation,
        At("."),
        Choice("../@type", default="file", after="@state", invalid="unsupported disk backup type '{value}'"),
    ] = field(default_factory=FileLocation)


@dataclass(slots=True, kw_only=True)
class BackupDisk:
    """What becomes of one disk."""

    name: Annotated[str, At("@name", missing="missing name from disk backup element")]
    backup: Annotated[YesNo, At("@backup")] = True
    state: Annotated[BackupState | None, At("@state")] = None
    """Only in status files."""
    mode: Annotated[BackupMode | None, At("@backupmode")] = None
    incremental: Annotated[str | None, At("@incremental")] = None
    """The checkpoint since which changes are copied."""

    place: BackupPlace | None = None

    def after_parse(self, reading: Reading) -> None:
        """A disk that stays out has nothing else to say."""
        if not reading.context & Context.STATUS:
            self.state = None
        if not self.backup:
            self._forget()

    def for_format(self, context: Context) -> BackupDisk:
        """How far it is, is our own business."""
        return self if context & Context.STATUS else without(self, "state")

    def _forget(self) -> None:
        self.state = self.mode = self.incremental = self.place = None

    def choose_place(self, disk: Disk, suffix: str) -> None:
        """Without a place of its own, the copy stands beside the disk's file."""
        if disk.source.empty:
            raise ConfigUnsupported(f"disk '{self.name}' has no media")
        if self.place is None or self.place.empty:
            if not isinstance(disk.source.actual, FileLocation):
                raise ConfigUnsupported(f"refusing to generate file name for disk '{self.name}'")
            location = FileLocation(path=f"{disk.source.path}.{suffix}")
            self.place = self.place or BackupPlace()
            self.place.location = location

    def choose_mode(self, usual: str | None) -> None:
        """Copy changes when a checkpoint is named for the disk or for all disks."""
        if self.mode is None:
            self.mode = BackupMode.INCREMENTAL if self.incremental or usual else BackupMode.FULL
        if self.mode is BackupMode.INCREMENTAL and self.incremental is None:
            self.incremental = usual


@dataclass(slots=True, kw_only=True)
class PushDisk(BackupDisk):
    """A disk that is copied to a file or device."""

    format: Annotated[StorageFormat | None, At("driver/@type")] = None
    place: Annotated[BackupPlace | None, At("target")] = None


@dataclass(slots=True, kw_only=True)
class PullDisk(BackupDisk):
    """A disk that is shown to a client; a scratch file keeps what the guest overwrites in the meantime."""

    export_name: Annotated[str | None, At("@exportname")] = None
    export_bitmap: Annotated[str | None, At("@exportbitmap")] = None
    index: Annotated[int | None, At("@index", omit=0, when=Context.STATUS)] = None
    format: Annotated[StorageFormat | None, At("driver/@type")] = None
    place: Annotated[BackupPlace | None, At("scratch")] = None

    def _forget(self) -> None:
        BackupDisk._forget(self)
        self.export_name = self.export_bitmap = self.index = self.format = None


@dataclass(slots=True, kw_only=True)
class BackupServer(StorageHost):
    """Where clients fetch the copy."""

    transport: Annotated[Transport, At("@transport")] = Transport.TCP
    tls: Annotated[YesNo | None, At("@tls")] = None
    name: Annotated[str | None, At("@name")] = None
    port: Annotated[Port, At("@port", omit=0)] = 0
    socket: Annotated[str | None, At("@socket")] = None
    fdgroup: Annotated[str | None, At("@fdgroup")] = None

    def after_parse(self, reading: Reading) -> None:
        """A server of our own: a port, a socket, or one that the client has opened."""
        if self.transport is Transport.RDMA:
            raise ConfigUnsupported("transport rdma is not supported for <server>")
        if self.transport is Transport.FD:
            if self.fdgroup is None:
                raise XmlError("missing fdgroup for fd transport")
            self.name, self.port = None, 0
            return
        StorageHost.after_parse(self, reading)
        if self.socket is not None and not self.socket.startswith("/"):
            raise XmlError(f"backup socket path '{self.socket}' must be absolute")


@dataclass(slots=True, kw_only=True)
class PushBackup:
    """A backup that we write."""

    ELEMENT: ClassVar[str] = "domainbackup"

    mode: Annotated[Literal["push"], At("@mode")] = "push"
    incremental: Annotated[str | None, At("incremental")] = None
    disks: Annotated[list[PushDisk], At("disks/disk")] = field(default_factory=list)
    private: Annotated[Element | None, At("privateData", when=Context.STATUS)] = None

    def add_disk(self, name: str, *, backup: bool) -> BackupDisk:
        """Have another disk in it."""
        self.disks.append(PushDisk(name=name, backup=backup))
        return self.disks[-1]


@dataclass(slots=True, kw_only=True)
class PullBackup:
    """A backup that clients fetch."""

    ELEMENT: ClassVar[str] = "domainbackup"

    mode: Annotated[Literal["pull"], At("@mode")] = "pull"
    incremental: Annotated[str | None, At("incremental")] = None
    server: Annotated[BackupServer | None, At("server")] = None
    disks: Annotated[list[PullDisk], At("disks/disk")] = field(default_factory=list)
    private: Annotated[Element | None, At("privateData", when=Context.STATUS)] = None

    def add_disk(self, name: str, *, backup: bool) -> BackupDisk:
        """Have another disk in it."""
        self.disks.append(PullDisk(name=name, backup=backup))
        return self.disks[-1]


Backup = PushBackup | PullBackup


def parse_backup(text: str, context: Context = Context.NONE) -> Backup:
    """Read a document; the mode decides what may stand in it."""
    root, _ = read(text)
    mode = root.attributes.get("mode", "push")
    if mode not in ("push", "pull"):
        raise ConfigUnsupported(f"unknown backup mode '{mode}'")
    if mode == "push" and root.child("server") is not None:
        raise ConfigUnsupported("use of <server> requires pull mode backup")
    if mode == "pull":
        return xml.parse(PullBackup, text, context=context).value
    return xml.parse(PushBackup, text, context=context).value


def complete_backup(backup: Backup, guest: DomainDefinition, suffix: str) -> None:
    """Say for every disk what becomes of it: all that can be written are copied, unless some are named."""
    if not guest.devices.disks:
        raise ConfigUnsupported("domain must have at least one disk to perform backup")
    by_target = {disk.target: disk for disk in guest.devices.disks}
    wishes: Sequence[BackupDisk] = list(backup.disks)
    named: set[str] = set()
    for wish in wishes:
        if wish.name not in by_target:
            raise ConfigUnsupported(f"no disk named '{wish.name}'")
        if wish.name in named:
            raise ConfigUnsupported(f"disk '{wish.name}' specified twice")
        named.add(wish.name)
        _check_mode(wish, backup.incremental)
        if wish.backup:
            wish.choose_place(by_target[wish.name], suffix)
    for disk in guest.devices.disks:
        if disk.target and disk.target not in named:
            copied = not wishes and not disk.source.empty and not disk.readonly
            added = backup.add_disk(disk.target, backup=copied)
            if copied:
                added.choose_place(disk, suffix)
    for wish in backup.disks:
        if wish.backup:
            wish.choose_mode(backup.incremental)


def _check_mode(wish: BackupDisk, usual: str | None) -> None:
    if wish.mode is BackupMode.INCREMENTAL and not (wish.incremental or usual):
        raise ConfigUnsupported(
            f"'incremental' backup mode of disk '{wish.name}' requires setting 'incremental' field for disk or backup"
        )
