# SPDX-License-Identifier: LGPL-2.1-or-later
"""The document of a secret: what it is for, not its value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from covirt.errors import XmlError
from covirt.values import Uuid
from covirt.xml import At, Choice, YesNo


@dataclass(slots=True, kw_only=True)
class VolumeUsage:
    """Opens an encrypted volume."""

    type: Literal["volume"] = "volume"
    id: Annotated[str, At("volume", missing="volume usage specified, but volume path is missing")]


@dataclass(slots=True, kw_only=True)
class CephUsage:
    """Authenticates to a Ceph cluster."""

    type: Literal["ceph"] = "ceph"
    id: Annotated[str, At("name", missing="Ceph usage specified, but name is missing")]


@dataclass(slots=True, kw_only=True)
class IscsiUsage:
    """Authenticates to an iSCSI target."""

    type: Literal["iscsi"] = "iscsi"
    id: Annotated[str, At("target", missing="iSCSI usage specified, but target is missing")]


@dataclass(slots=True, kw_only=True)
class TlsUsage:
    """Opens a TLS key."""

    type: Literal["tls"] = "tls"
    id: Annotated[str, At("name", missing="TLS usage specified, but name is missing")]


@dataclass(slots=True, kw_only=True)
class VtpmUsage:
    """Opens the state of a software TPM."""

    type: Literal["vtpm"] = "vtpm"
    id: Annotated[str, At("name", missing="vTPM usage specified, but name is missing")]


Usage = VolumeUsage | CephUsage | IscsiUsage | TlsUsage | VtpmUsage


@dataclass(slots=True, kw_only=True)
class SecretDefinition:
    """A secret: who uses it, and how it is kept."""

    ELEMENT: ClassVar[str] = "secret"

    ephemeral: Annotated[YesNo, At("@ephemeral", invalid="invalid value of 'ephemeral'")] = False
    private: Annotated[YesNo, At("@private", invalid="invalid value of 'private'")] = False
    uuid: Annotated[Uuid, At("uuid", invalid="malformed uuid element")] = field(default_factory=Uuid.random)
    description: Annotated[str | None, At("description")] = None
    usage: Annotated[
        Usage | None,
        At("usage"),
        Choice(
            "@type",
            missing="unknown secret usage type",
            invalid="unknown secret usage type {value}",
            error=XmlError,
        ),
    ] = None
