# SPDX-License-Identifier: LGPL-2.1-or-later
"""Network cards of the host, and vDPA devices."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.common.link import Link
from covirt.xml import At, Reading


class NetFeature(StrEnum):
    """What a card can do by itself."""

    RX = "rx"
    TX = "tx"
    SG = "sg"
    TSO = "tso"
    GSO = "gso"
    GRO = "gro"
    LRO = "lro"
    RXVLAN = "rxvlan"
    TXVLAN = "txvlan"
    NTUPLE = "ntuple"
    RXHASH = "rxhash"
    RDMA = "rdma"
    TXUDPTNL = "txudptnl"
    SWITCHDEV = "switchdev"


class NetKind(StrEnum):
    """Wired or wireless, by the number of the standard."""

    ETHERNET = "80203"
    WIRELESS = "80211"


@dataclass(slots=True, kw_only=True)
class Feature:
    """One of them."""

    name: Annotated[
        NetFeature,
        At("@name", missing="missing network device feature name", invalid="unknown network device feature '{value}'"),
    ]


@dataclass(slots=True, kw_only=True)
class NetCapability:
    """A network card."""

    OPEN: ClassVar[bool] = True

    type: Literal["net"] = "net"
    interface: Annotated[str, At("interface", missing="no network interface supplied", error=InternalError)]
    address: Annotated[str | None, At("address")] = None
    link: Annotated[Link | None, At("link", omit_empty=True)] = None
    features: Annotated[list[Feature], At("feature")] = field(default_factory=list)
    kind: Annotated[
        NetKind | None,
        At("capability/@type", blank_is_none=True, invalid="invalid network type supplied", error=ConfigUnsupported),
    ] = None

    def after_parse(self, reading: Reading) -> None:
        """Each feature once, in their own order."""
        known = {feature.name for feature in self.features}
        self.features = [Feature(name=name) for name in NetFeature if name in known]


@dataclass(slots=True, kw_only=True)
class VdpaCapability:
    """A card whose data path is virtio's."""

    OPEN: ClassVar[bool] = True

    type: Literal["vdpa"] = "vdpa"
    chardev: Annotated[str | None, At("chardev")] = None
