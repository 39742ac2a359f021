# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sources of randomness for the guest."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import without
from covirt.model.domain.devices.chardev import Chardev, check_chardev, read_once
from covirt.model.domain.devices.common import Device, DeviceInfo, VirtioOptions, count
from covirt.xml import At, Choice, Context, Reading

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition

DEFAULT_SOURCE = "/dev/random"


class RngModel(StrEnum):
    """Which device the guest sees."""

    VIRTIO = "virtio"
    VIRTIO_TRANSITIONAL = "virtio-transitional"
    VIRTIO_NON_TRANSITIONAL = "virtio-non-transitional"


@dataclass(slots=True, kw_only=True)
class RandomBackend:
    """A device of the host that gives random bytes."""

    model: Literal["random"] = "random"
    path: Annotated[str | None, At(".")] = None


@dataclass(slots=True, kw_only=True)
class EgdBackend:
    """A program that gives random bytes."""

    model: Literal["egd"] = "egd"
    source: Annotated[
        Chardev,
        At("."),
        Choice(
            "@type",
            missing="missing EGD backend type",
            invalid="unknown backend type '{value}' for egd",
            error=ConfigUnsupported,
        ),
    ]

    def after_parse(self, reading: Reading) -> None:
        """Check the source."""
        read_once(reading.element, self.source)


@dataclass(slots=True, kw_only=True)
class BuiltinBackend:
    """The hypervisor's own generator."""

    model: Literal["builtin"] = "builtin"


RngBackend = RandomBackend | EgdBackend | BuiltinBackend


@dataclass(slots=True, kw_only=True)
class Rng(Device):
    """A source of randomness for the guest."""

    ELEMENT: ClassVar[str] = "rng"

    model: Annotated[RngModel, At("@model")]
    rate: Annotated[int, At("rate/@bytes", omit=0, blank_is_none=True, invalid="invalid RNG rate bytes value")] = 0
    period: Annotated[int, At("rate/@period", omit=0, blank_is_none=True, invalid="invalid RNG rate period value")] = 0
    backend: Annotated[RngBackend, At("backend", missing="only one RNG backend is supported"), Choice("@model")]
    driver: Annotated[VirtioOptions, At("driver")] = field(default_factory=VirtioOptions)
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def after_parse(self, reading: Reading) -> None:
        """One back end, no more; a period is part of a rate."""
        if count(reading.element, "backend") > 1:
            raise XmlError("only one RNG backend is supported")
        if not self.rate:
            self.period = 0

    def for_format(self, context: Context) -> Rng:
        """A period is part of a rate."""
        return self if self.rate else without(self, "period")

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """The usual device of the host."""
        if isinstance(self.backend, RandomBackend) and self.backend.path is None:
            self.backend.path = DEFAULT_SOURCE

    def check(self, guest: DomainDefinition) -> None:
        """The source is complete."""
        if isinstance(self.backend, EgdBackend):
            check_chardev(self.backend.source, guest)
