# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices that encrypt for the guest."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt.errors import XmlError
from covirt.model.domain.devices.common import Device, DeviceInfo, VirtioOptions, count
from covirt.xml import At, Reading


class CryptoModel(StrEnum):
    """Which device the guest sees."""

    VIRTIO = "virtio"


class CryptoType(StrEnum):
    """Who plays it."""

    QEMU = "qemu"


class CryptoBackendModel(StrEnum):
    """What encrypts: the hypervisor, or the host's kernel."""

    BUILTIN = "builtin"
    LKCF = "lkcf"


@dataclass(slots=True, kw_only=True)
class CryptoBackend:
    """What encrypts."""

    model: Annotated[CryptoBackendModel, At("@model")]
    queues: Annotated[int, At("@queues", omit=0)] = 0


@dataclass(slots=True, kw_only=True)
class Crypto(Device):
    """A crypto device of the guest."""

    ELEMENT: ClassVar[str] = "crypto"

    model: Annotated[CryptoModel, At("@model")]
    type: Annotated[CryptoType, At("@type")]
    backend: Annotated[CryptoBackend, At("backend", missing="only one crypto backend is supported")]
    driver: Annotated[VirtioOptions, At("driver")] = field(default_factory=VirtioOptions)
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def after_parse(self, reading: Reading) -> None:
        """One back end, no more."""
        if count(reading.element, "backend") > 1:
            raise XmlError("only one crypto backend is supported")
