# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<cpu>` of domain capabilities: the modes that a guest's processor can have, and the models there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from covirt.model.common.cpu import CpuFallback, CpuFeature, CpuMode, GuestCpu, MaxPhysAddr
from covirt.model.domain_capabilities.enums import CapsEnum
from covirt.xml import At, Choice, Context, Element, YesNo


@dataclass(slots=True, kw_only=True)
class PassthroughMode:
    """Whether a guest can have all that the host, or the hypervisor, has."""

    name: Literal["host-passthrough", "maximum"]
    supported: Annotated[YesNo, At("@supported")] = False
    migratable: Annotated[CapsEnum | None, At("enum")] = None


@dataclass(slots=True, kw_only=True)
class HostModelMode:
    """The model that stands for the host."""

    name: Literal["host-model"] = "host-model"
    supported: Annotated[YesNo, At("@supported")] = False
    fallback: Annotated[CpuFallback | None, At("model/@fallback")] = None
    model: Annotated[str | None, At("model")] = None
    vendor: Annotated[str | None, At("vendor")] = None
    address: Annotated[MaxPhysAddr | None, At("maxphysaddr")] = None
    features: Annotated[list[CpuFeature], At("feature")] = field(default_factory=list)

    @classmethod
    def of(cls, cpu: GuestCpu | None, address: MaxPhysAddr | None = None) -> HostModelMode:
        """The mode with this model, or without one."""
        if cpu is None:
            return cls()
        return cls(
            supported=True,
            fallback=cpu.fallback,
            model=cpu.model,
            vendor=cpu.vendor,
            address=address,
            features=cpu.features,
        )


@dataclass(slots=True, kw_only=True)
class CustomModel:
    """A model by name, and the features that this host lacks for it."""

    name: str
    usable: str = "unknown"
    deprecated: bool = False
    vendor: str | None = None
    canonical: str | None = None
    blockers: tuple[str, ...] = ()

    def elements(self) -> list[Element]:
        """The model, and beside it what blocks it."""
        attributes = {"usable": self.usable}
        if self.deprecated:
            attributes["deprecated"] = "yes"
        attributes["vendor"] = self.vendor or "unknown"
        if self.canonical:
            attributes["canonical"] = self.canonical
        elements = [Element("model", attributes, text=self.name)]
        if self.blockers:
            features = [Element("feature", {"name": name}) for name in self.blockers]
            elements.append(Element("blockers", {"model": self.name}, features))
        return elements


@dataclass(slots=True, kw_only=True)
class CustomMode:
    """The models that can be asked for; each is followed by its blockers, so it is written by hand."""

    name: Literal["custom"] = "custom"
    models: list[CustomModel] = field(default_factory=list)

    def to_element(self, name: str, context: Context) -> Element:
        """The mode with all models."""
        attributes = {"name": str(CpuMode.CUSTOM), "supported": "yes" if self.models else "no"}
        return Element(name, attributes, [element for model in self.models for element in model.elements()])


@dataclass(slots=True, kw_only=True)
class CpuModes:
    """All modes, in their usual order."""

    passthrough: PassthroughMode = field(default_factory=lambda: PassthroughMode(name="host-passthrough"))
    maximum: PassthroughMode = field(default_factory=lambda: PassthroughMode(name="maximum"))
    host_model: HostModelMode = field(default_factory=HostModelMode)
    custom: CustomMode = field(default_factory=CustomMode)
    modes: Annotated[list[PassthroughMode | HostModelMode | CustomMode], At("mode"), Choice("@name")] = field(
        default_factory=list
    )

    def for_format(self, context: Context) -> CpuModes:
        """As a list."""
        return CpuModes(modes=[self.passthrough, self.maximum, self.host_model, self.custom])
