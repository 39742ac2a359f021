# SPDX-License-Identifier: LGPL-2.1-or-later
"""SCSI adapters, targets and units."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from covirt.errors import InternalError
from covirt.xml import At, Choice, Int, Reading


def _number(name: str, word: str) -> At:
    return At(
        name, missing=f"no SCSI {word} ID supplied", invalid=f"invalid SCSI {word} ID supplied", error=InternalError
    )


@dataclass(slots=True, kw_only=True)
class FibreHost:
    """The names of an adapter on a fibre channel network."""

    OPEN: ClassVar[bool] = True

    type: Literal["fc_host"] = "fc_host"
    wwnn: Annotated[str | None, At("wwnn")] = None
    wwpn: Annotated[str | None, At("wwpn")] = None
    fabric_wwn: Annotated[str | None, At("fabric_wwn")] = None


@dataclass(slots=True, kw_only=True)
class VirtualPorts:
    """How many virtual adapters there can be, and are; only the host knows, so it is never read."""

    type: Literal["vport_ops"] = "vport_ops"
    maximum: Annotated[Int, At("max_vports")] = 0
    count: Annotated[Int, At("vports")] = 0

    def after_parse(self, reading: Reading) -> None:
        """What a document says does not count."""
        self.maximum = self.count = 0


@dataclass(slots=True, kw_only=True)
class ScsiHostCapability:
    """An adapter; the number of one that is to be made is not known yet."""

    OPEN: ClassVar[bool] = True

    type: Literal["scsi_host"] = "scsi_host"
    host: Annotated[int | None, At("host", invalid="invalid SCSI host ID supplied", error=InternalError)] = None
    unique_id: Annotated[Int | None, At("unique_id", invalid="invalid unique_id supplied", error=InternalError)] = None
    parts: Annotated[
        list[FibreHost | VirtualPorts],
        At("capability"),
        Choice(
            "@type",
            missing="missing SCSI host capability type",
            invalid="unknown SCSI host capability type '{value}'",
            error=InternalError,
        ),
    ] = field(default_factory=list)

    @property
    def fibre(self) -> FibreHost | None:
        """Its names on a fibre channel network."""
        return next((part for part in self.parts if isinstance(part, FibreHost)), None)

    @property
    def virtual_ports(self) -> VirtualPorts | None:
        """Its virtual adapters."""
        return next((part for part in self.parts if isinstance(part, VirtualPorts)), None)

    def after_parse(self, reading: Reading) -> None:
        """The names stand first; a number below zero is none."""
        self.parts = [part for part in (self.fibre, self.virtual_ports) if part is not None]
        if self.unique_id is not None and self.unique_id < 0:
            self.unique_id = None


@dataclass(slots=True, kw_only=True)
class RemotePort:
    """The far end on a fibre channel network."""

    type: Literal["fc_remote_port"] = "fc_remote_port"
    rport: Annotated[str, At("rport", missing="missing rport name", error=InternalError)]
    wwpn: Annotated[str, At("wwpn", missing="missing wwpn identifier", error=InternalError)]


@dataclass(slots=True, kw_only=True)
class ScsiTargetCapability:
    """A target."""

    OPEN: ClassVar[bool] = True

    type: Literal["scsi_target"] = "scsi_target"
    target: Annotated[str, At("target", missing="no target name supplied", error=InternalError)]
    parts: Annotated[
        list[RemotePort],
        At("capability"),
        Choice(
            "@type",
            missing="missing type for SCSI target capability",
            invalid="unknown SCSI target capability type '{value}'",
            error=InternalError,
        ),
    ] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class ScsiCapability:
    """A unit."""

    OPEN: ClassVar[bool] = True

    type: Literal["scsi"] = "scsi"
    host: Annotated[int, _number("host", "host")]
    bus: Annotated[int, _number("bus", "bus")]
    target: Annotated[int, _number("target", "target")]
    lun: Annotated[int, _number("lun", "LUN")]
    kind: Annotated[str | None, At("type")] = None


@dataclass(slots=True, kw_only=True)
class ScsiGenericCapability:
    """The character device of a unit."""

    OPEN: ClassVar[bool] = True

    type: Literal["scsi_generic"] = "scsi_generic"
    char: Annotated[str, At("char", missing="no character device path supplied", error=InternalError)]
