# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<domainsnapshot>`: a kept state of a guest."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt import xml
from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.model.common.storage_source import FileLocation, Location, StorageFormat, StorageSource
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_parts import SnapshotLocation
from covirt.values import Uuid
from covirt.xml import At, Choice, Context, Element, Foreign, Int, Long, Present, Size
from covirt.xml.reader import Source, read


class SnapshotState(StrEnum):
    """What the guest did when the snapshot was taken."""

    NOSTATE = "nostate"
    RUNNING = "running"
    BLOCKED = "blocked"
    PAUSED = "paused"
    SHUTDOWN = "shutdown"
    SHUTOFF = "shutoff"
    CRASHED = "crashed"
    PMSUSPENDED = "pmsuspended"
    DISK = "disk-snapshot"

    @property
    def offline(self) -> bool:
        """Is there no memory to be kept?"""
        return self in (SnapshotState.SHUTOFF, SnapshotState.DISK)

    @property
    def online(self) -> bool:
        """Did it run, or was it paused?"""
        return self in (SnapshotState.RUNNING, SnapshotState.PAUSED)


@dataclass(slots=True, kw_only=True)
class SnapshotSource(StorageSource):
    """The image that is written from then on."""

    location: Annotated[Location, At("."), Choice("../@type", default="file", after="@snapshot")] = field(
        default_factory=FileLocation
    )


@dataclass(slots=True, kw_only=True)
class SnapshotDisk:
    """What is done with one disk."""

    name: Annotated[str, At("@name", missing="missing name from disk snapshot element", error=InternalError)]
    snapshot: Annotated[SnapshotLocation | None, At("@snapshot")] = None
    deleting: Annotated[Present, At("snapshotDeleteInProgress")] = False
    format: Annotated[
        StorageFormat | None,
        At(
            "driver/@type",
            blank_is_none=True,
            invalid="unknown disk snapshot driver '{value}'",
            error=ConfigUnsupported,
        ),
    ] = None
    cache_size: Annotated[int, At("driver/metadata_cache/max_size", omit=0), Size("bytes")] = 0
    source: Annotated[SnapshotSource | None, At("source", omit_empty=True)] = field(default_factory=SnapshotSource)

    @property
    def path(self) -> str | None:
        """Where the image is."""
        return self.source.path if self.source else None

    def after_parse(self, reading: xml.Reading) -> None:
        """An image of its own makes the snapshot external."""
        source = self.source or SnapshotSource()
        if source.type in ("volume", "dir"):
            raise XmlError(f"unsupported disk snapshot type '{source.type}'")
        if source.local and source.path and not source.path.startswith("/"):
            raise XmlError(f"disk snapshot image path '{source.path}' must be absolute")
        if self.snapshot is None and (source.path or self.format):
            self.snapshot = SnapshotLocation.EXTERNAL

    def for_format(self, context: Context) -> SnapshotDisk:
        """The type is told only with an image."""
        if self.path or self.format:
            return self
        return SnapshotDisk(name=self.name, snapshot=self.snapshot, deleting=self.deleting, source=None)


@dataclass(slots=True, kw_only=True)
class SnapshotDefinition:
    """A snapshot, with the guest as it was."""

    ELEMENT: ClassVar[str] = "domainsnapshot"

    name: Annotated[str | None, At("name")] = None
    description: Annotated[str | None, At("description")] = None
    state: Annotated[
        SnapshotState | None,
        At("state", invalid="Invalid state '{value}' in domain snapshot XML", error=ConfigUnsupported),
    ] = None
    parent: Annotated[str | None, At("parent/name")] = None
    created: Annotated[
        Long | None,
        At("creationTime", omit=0, invalid="missing creationTime from existing snapshot", error=InternalError),
    ] = None
    memory: Annotated[SnapshotLocation | None, At("memory/@snapshot")] = None
    memory_file: Annotated[str | None, At("memory/@file")] = None
    disks: Annotated[list[SnapshotDisk], At("disks/disk")] = field(default_factory=list)
    revert_disks: Annotated[list[SnapshotDisk], At("revertDisks/disk")] = field(default_factory=list)
    domain: Annotated[DomainDefinition | None, At("domain")] = None
    inactive_domain: Annotated[DomainDefinition | None, At("inactiveDomain")] = None
    cookie: Annotated[Foreign | None, At("cookie")] = None
    """What the driver has to know to go on from there."""
    active: Annotated[Int | None, At("active")] = None
    """In stored files: is it the one that the guest stands on?"""

    @property
    def known_name(self) -> str:
        """The name, which a snapshot that was made always has."""
        assert self.name is not None, "a snapshot gets a name when it is made"
        return self.name

    @property
    def external(self) -> bool:
        """Is anything of it in a file of its own?"""
        return self.memory is SnapshotLocation.EXTERNAL or any(
            disk.snapshot is SnapshotLocation.EXTERNAL for disk in self.disks
        )

    def format(self, context: Context = Context.NONE) -> str:
        """Write it; the guest as it would be defined."""
        return xml.format(self, context=context | Context.INACTIVE)

    def settle(self, *, existing: bool, disk_only: bool = False) -> None:
        """Check what belongs together, and fill in where the memory is."""
        if existing and self.name is None:
            raise XmlError("a redefined snapshot must have a name")
        if existing and self.created is None:
            raise InternalError("missing creationTime from existing snapshot")
        if existing and self.state is None:
            raise XmlError("missing state from existing snapshot")
        offline = disk_only if self.state is None else self.state.offline
        self._settle_memory(existing, offline)

    def _settle_memory(self, existing: bool, offline: bool) -> None:
        external = SnapshotLocation.EXTERNAL
        if self.memory is SnapshotLocation.MANUAL:
            raise XmlError("'manual' memory snapshot mode not supported")
        if self.memory is None and self.memory_file is not None:
            self.memory = external
        elif self.memory is None and existing:
            self.memory = SnapshotLocation.NO if offline else SnapshotLocation.INTERNAL
        if self.memory_file is not None and self.memory is not external:
            raise XmlError(f"memory filename '{self.memory_file}' requires external snapshot")
        if self.memory_file is None and self.memory is external:
            raise XmlError("external memory snapshots require a filename")
        if offline and self.memory not in (None, SnapshotLocation.NO):
            raise XmlError("memory state cannot be saved with offline or disk-only snapshot")
        if self.memory_file is not None and not self.memory_file.startswith("/"):
            raise XmlError(f"memory snapshot file path ({self.memory_file}) must be absolute")

    # Disks

    def align_disks(self, guest: DomainDefinition, usual: SnapshotLocation, *, uniform: bool = True) -> None:
        """Say for every disk of the guest what is done with it; `uniform` allows no mixture with internal ones."""
        disks = guest.devices.disks
        if len(self.disks) > len(disks):
            raise ConfigUnsupported("too many disk snapshot requests for domain")
        matching = uniform and usual is SnapshotLocation.INTERNAL
        told: dict[str, SnapshotDisk] = {}
        for wish in self.disks:
            disk = _disk_of(disks, wish.name)
            target = disk.target or ""
            if target in told:
                raise ConfigUnsupported(f"disk '{wish.name}' specified twice")
            _settle_wish(wish, disk, usual, matching=matching)
            wish.name = target
            told[target] = wish
        self.disks = [told.get(disk.target or "") or _usual_wish(disk, usual) for disk in disks]


def _disk_of(disks: list[Disk], name: str) -> Disk:
    found = [disk for disk in disks if (disk.source.path if name.startswith("/") else disk.target) == name]
    if len(found) != 1:
        raise ConfigUnsupported(f"no disk named '{name}'")
    return found[0]


def _settle_wish(wish: SnapshotDisk, disk: Disk, usual: SnapshotLocation, *, matching: bool) -> None:
    no = SnapshotLocation.NO
    if wish.snapshot is None:
        own = disk.snapshot if disk.snapshot is not None and (not matching or disk.snapshot is no) else None
        wish.snapshot = own or usual
    elif matching and wish.snapshot is not usual and not (wish.snapshot is no and disk.snapshot is no):
        raise ConfigUnsupported(f"disk '{wish.name}' must use snapshot mode '{usual}'")
    if wish.path and wish.snapshot is not SnapshotLocation.EXTERNAL:
        raise ConfigUnsupported(f"file '{wish.path}' for disk '{wish.name}' requires use of external snapshot mode")


def _usual_wish(disk: Disk, usual: SnapshotLocation) -> SnapshotDisk:
    location = SnapshotLocation.NO if disk.source.empty else disk.snapshot or usual
    return SnapshotDisk(name=disk.target or "", snapshot=location)


@dataclass(slots=True, kw_only=True)
class OldSnapshot(SnapshotDefinition):
    """A snapshot of the time when only the guest's uuid was kept."""

    domain: DomainDefinition | None = None
    uuid: Annotated[Uuid | None, At("domain/uuid")] = None
    inactive_domain: Annotated[DomainDefinition | None, At("inactiveDomain")] = None
    cookie: Annotated[Foreign | None, At("cookie")] = None
    active: Annotated[Int | None, At("active")] = None


def parse_snapshot(
    text: str, *, existing: bool = False, disk_only: bool = False, validate: bool = False
) -> SnapshotDefinition:
    """Read a snapshot: one to be made, or one that exists; the guest in it is still to be completed."""
    if existing:
        root, _ = read(text, name="(domain_snapshot)")
        found = xml.parse(_kind(root), text, context=KEPT, validate=validate, check=False).value
    else:
        found = _new(xml.parse(OldSnapshot, text, context=KEPT, validate=validate, check=False).value)
    found.settle(existing=existing, disk_only=disk_only)
    return found


def _new(wish: SnapshotDefinition) -> SnapshotDefinition:
    """A snapshot to be made: what only an existing one has does not count."""
    for disk in wish.disks:
        disk.deleting = False
    return SnapshotDefinition(
        name=wish.name,
        description=wish.description,
        memory=wish.memory,
        memory_file=wish.memory_file,
        disks=wish.disks,
    )


def snapshot_in(element: Element, source: Source) -> SnapshotDefinition:
    """A snapshot that exists, in another document."""
    found = xml.parse_element(_kind(element), element, context=KEPT, source=source)
    found.settle(existing=True)
    return found


KEPT = Context.INACTIVE | Context.SKIP_VALIDATE
"""How the guest in a snapshot is read."""


def _kind(element: Element) -> type[SnapshotDefinition]:
    guest = element.child("domain")
    return SnapshotDefinition if guest is not None and "type" in guest.attributes else OldSnapshot
