# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<domaincheckpoint>`: a point in time from which a guest's disks remember what was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt import xml
from covirt.errors import ConfigUnsupported, InternalError, XmlError, XmlInvalidSchema
from covirt.model.common.copying import changed
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.disk import Disk
from covirt.xml import At, Context, Long, Reading, ULong


class CheckpointKind(StrEnum):
    """Whether a disk remembers."""

    NO = "no"
    BITMAP = "bitmap"


@dataclass(slots=True, kw_only=True)
class CheckpointDisk:
    """One disk, and the name of its memory."""

    name: Annotated[str, At("@name")]
    checkpoint: Annotated[CheckpointKind | None, At("@checkpoint")] = None
    bitmap: Annotated[str | None, At("@bitmap")] = None
    size: Annotated[ULong | None, At("@size")] = None
    """How many bytes were written since, when somebody asks."""

    def after_parse(self, reading: Reading) -> None:
        """A disk that is named remembers; how much was written is not read."""
        self.checkpoint = self.checkpoint or CheckpointKind.BITMAP
        self.size = None


@dataclass(slots=True, kw_only=True)
class CheckpointDefinition:
    """A checkpoint, with the guest as it was."""

    ELEMENT: ClassVar[str] = "domaincheckpoint"

    name: Annotated[str | None, At("name")] = None
    description: Annotated[str | None, At("description")] = None
    parent: Annotated[str | None, At("parent/name")] = None
    created: Annotated[
        Long | None,
        At("creationTime", omit=0, invalid="missing creationTime from existing checkpoint", error=InternalError),
    ] = None
    disks: Annotated[list[CheckpointDisk], At("disks/disk")] = field(default_factory=list)
    domain: Annotated[DomainDefinition | None, At("domain")] = None

    @property
    def known_name(self) -> str:
        """The name, which a checkpoint that was made always has."""
        assert self.name is not None, "a checkpoint gets a name when it is made"
        return self.name

    def format(self, context: Context = Context.NONE, *, with_domain: bool = True) -> str:
        """Write it; the guest as it would be defined, or not at all."""
        shown = self if with_domain else changed(self, domain=None)
        return xml.format(shown, context=context | Context.INACTIVE)

    def settle(self, *, existing: bool) -> None:
        """Check what an existing one must have; a new one has no history."""
        if not existing:
            self.parent = self.created = self.domain = None
            return
        if self.name is None:
            raise XmlError("a redefined checkpoint must have a name")
        if self.created is None:
            raise InternalError("missing creationTime from existing checkpoint")

    # Disks

    def align_disks(self, guest: DomainDefinition) -> None:
        """Say for every disk whether it remembers: all that can be written, unless some are named."""
        disks = guest.devices.disks
        if len(self.disks) > len(disks):
            raise ConfigUnsupported("too many disk checkpoint requests for domain")
        if not disks:
            raise ConfigUnsupported("domain must have at least one disk to perform checkpoints")
        usual = CheckpointKind.NO if self.disks else CheckpointKind.BITMAP
        told: dict[str, CheckpointDisk] = {}
        for wish in self.disks:
            disk = _disk_of(disks, wish.name)
            target = disk.target or ""
            if target in told:
                raise ConfigUnsupported(f"disk '{wish.name}' specified twice")
            if _constant(disk) and wish.checkpoint is not CheckpointKind.NO:
                raise ConfigUnsupported(f"disk '{wish.name}' is empty or readonly")
            wish.name = target
            told[target] = wish
        self.disks = [told.get(disk.target or "") or _usual_wish(disk, usual) for disk in disks]
        self.name_bitmaps()

    def name_bitmaps(self) -> None:
        """The memory of a disk is called like the checkpoint, unless it has a name."""
        for disk in self.disks:
            if disk.checkpoint is CheckpointKind.BITMAP and disk.bitmap is None:
                disk.bitmap = self.name


def _constant(disk: Disk) -> bool:
    return disk.source.empty or disk.readonly


def _usual_wish(disk: Disk, usual: CheckpointKind) -> CheckpointDisk:
    return CheckpointDisk(name=disk.target or "", checkpoint=CheckpointKind.NO if _constant(disk) else usual)


def _disk_of(disks: list[Disk], name: str) -> Disk:
    found = [disk for disk in disks if (disk.source.path if name.startswith("/") else disk.target) == name]
    if len(found) != 1:
        raise ConfigUnsupported(f"no disk named '{name}'")
    return found[0]


def parse_checkpoint(text: str, *, existing: bool = False, validate: bool = False) -> CheckpointDefinition:
    """Read a checkpoint: one to be made, or one that exists; the guest in it is still to be completed."""
    context = Context.INACTIVE | Context.SKIP_VALIDATE
    found = xml.parse(CheckpointDefinition, text, context=context, validate=validate, check=False).value
    if validate and "/" in (found.name or ""):
        raise XmlInvalidSchema("checkpoint names must be usable as file names", path="/domaincheckpoint/name")
    found.settle(existing=existing)
    return found
