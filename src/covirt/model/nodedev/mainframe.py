# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices of IBM Z: channels, channel-attached devices and their groups, adjunct processors."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from covirt.errors import ConfigUnsupported
from covirt.model.nodedev.mdev import MdevTypes
from covirt.xml import At, Choice, Hex, Reading


class CcwState(StrEnum):
    """Whether it is in use."""

    OFFLINE = "offline"
    ONLINE = "online"


def _number(name: str) -> At:
    return At(
        name, missing=f"missing {name} value", invalid=f"invalid {name} value '{{value}}'", error=ConfigUnsupported
    )


@dataclass(slots=True, kw_only=True)
class CcwNumbers:
    """Where a device is."""

    cssid: Annotated[int, _number("cssid"), Hex()]
    ssid: Annotated[int, _number("ssid"), Hex()]
    devno: Annotated[int, _number("devno"), Hex(4, base=16)]


def _state() -> At:
    return At("state", invalid="unknown state '{value}'", error=ConfigUnsupported)


@dataclass(slots=True, kw_only=True)
class CcwCapability:
    """A device on a channel."""

    OPEN: ClassVar[bool] = True

    type: Literal["ccw"] = "ccw"
    state: Annotated[CcwState | None, _state()] = None
    address: Annotated[CcwNumbers, At(".")]
    group: Annotated[str | None, At("capability[@type='ccwgroup_member']/group_device")] = None


@dataclass(slots=True, kw_only=True)
class CssCapability:
    """A channel."""

    OPEN: ClassVar[bool] = True

    type: Literal["css"] = "css"
    address: Annotated[CcwNumbers, At(".")]
    device: Annotated[CcwNumbers | None, At("channel_dev_addr")] = None
    parts: Annotated[list[MdevTypes], At("capability"), Choice("@type", missing="Missing capability type")] = field(
        default_factory=list
    )


@dataclass(slots=True, kw_only=True)
class GroupMember:
    """A device of a group, by the name that the group has for it."""

    ref: Annotated[str, At("@ref")]
    device: Annotated[str, At(".")]


class GroupKind(StrEnum):
    """What a group makes."""

    GENERIC = "qeth_generic"
    LAYER2 = "qeth_layer2"
    LAYER3 = "qeth_layer3"


@dataclass(slots=True, kw_only=True)
class GroupPart:
    """A network card made of three devices."""

    kind: Annotated[GroupKind, At("@type")]
    card_type: Annotated[str | None, At("card_type")] = None
    chpid: Annotated[str | None, At("chpid")] = None


@dataclass(slots=True, kw_only=True)
class CcwGroupCapability:
    """A group of devices."""

    OPEN: ClassVar[bool] = True

    type: Literal["ccwgroup"] = "ccwgroup"
    state: Annotated[CcwState | None, _state()] = None
    address: Annotated[CcwNumbers, At(".")]
    members: Annotated[list[GroupMember], At("members/ccw_device")] = field(default_factory=list)
    part: Annotated[GroupPart | None, At("capability")] = None


@dataclass(slots=True, kw_only=True)
class ApCardCapability:
    """A crypto card."""

    OPEN: ClassVar[bool] = True

    type: Literal["ap_card"] = "ap_card"
    adapter: Annotated[int, _number("ap-adapter"), Hex(2)]


@dataclass(slots=True, kw_only=True)
class ApQueueCapability:
    """A queue of a crypto card."""

    OPEN: ClassVar[bool] = True

    type: Literal["ap_queue"] = "ap_queue"
    adapter: Annotated[int, _number("ap-adapter"), Hex(2)]
    domain: Annotated[int, _number("ap-domain"), Hex(4)]

    def after_parse(self, reading: Reading) -> None:
        """Domains have a byte."""
        if self.domain > 255:
            raise ConfigUnsupported(f"ap-domain value '{self.domain}' is out of range")


@dataclass(slots=True, kw_only=True)
class ApMatrixCapability:
    """All crypto cards together, as they are given to guests."""

    OPEN: ClassVar[bool] = True

    type: Literal["ap_matrix"] = "ap_matrix"
    parts: Annotated[list[MdevTypes], At("capability"), Choice("@type", missing="Missing capability type")] = field(
        default_factory=list
    )
