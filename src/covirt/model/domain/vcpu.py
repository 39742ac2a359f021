# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<vcpu>` and `<vcpus>`: how many processors a guest has and can get."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Self

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import changed
from covirt.model.domain.sizes import CPU_NUMBERS, Cpus
from covirt.values import CpuSet
from covirt.xml import At, Context, Reading, YesNo

INDIVIDUAL_LIMIT = 65536
"""More processors than these are not told apart; keeps a wrong number from filling the memory."""


class Placement(StrEnum):
    """Who chooses the host's CPUs."""

    STATIC = "static"
    AUTO = "auto"


@dataclass(slots=True, kw_only=True)
class Vcpu:
    """One virtual processor."""

    id: Annotated[int, At("@id")]
    enabled: Annotated[YesNo, At("@enabled")]
    hotpluggable: Annotated[YesNo | None, At("@hotpluggable")] = None
    order: Annotated[int, At("@order", omit=0)] = 0
    """In which order processors are plugged in; 0 when it is not said."""


@dataclass(slots=True, kw_only=True)
class Vcpus:
    """The processors of a guest."""

    placement: Annotated[Placement, At("vcpu/@placement")] = Placement.STATIC
    cpuset: Annotated[Cpus | None, At("vcpu/@cpuset")] = None
    """The host's CPUs on which the processors run."""
    current: Annotated[int | None, At("vcpu/@current")] = None
    """How many are there at the start; None when all are."""
    maximum: Annotated[int, At("vcpu", blank_is_none=False, invalid="maximum vcpus count must be an integer")] = 1
    individual: Annotated[list[Vcpu], At("vcpus/vcpu")] = field(default_factory=list)
    """Each one, when they are told apart."""

    @property
    def count(self) -> int:
        """How many are enabled."""
        if self.individual:
            return sum(vcpu.enabled for vcpu in self.individual)
        return self.maximum if self.current is None else self.current

    def enabled(self, number: int) -> bool:
        """Is the processor there at the start?"""
        return self.individual[number].enabled if self.individual else number < self.count

    def single(self) -> list[Vcpu]:
        """Each one, whether or not they are told apart."""
        if self.individual:
            return self.individual
        return [Vcpu(id=number, enabled=number < self.count) for number in range(self.maximum)]

    def set_count(self, count: int) -> None:
        """Enable that many, the first ones."""
        if count > self.maximum:
            raise ConfigUnsupported("maximum vCPU count must not be less than current vCPU count")
        self.current = None if self.individual else count
        for vcpu in self.individual:
            vcpu.enabled = vcpu.id < count

    def set_maximum(self, maximum: int) -> None:
        """Have that many; new ones are not enabled."""
        count = self.count
        if self.individual:
            new = range(self.maximum, maximum)
            self.individual = self.individual[:maximum] + [Vcpu(id=number, enabled=False) for number in new]
        else:
            self.current = min(count, maximum)
        self.maximum = maximum

    def after_parse(self, reading: Reading) -> None:
        """What is said of single processors counts; the rest of them is not enabled."""
        if self.placement is Placement.AUTO:
            self.cpuset = None
        if not self.individual:
            if self.current is not None and self.current > self.maximum:
                raise ConfigUnsupported("maximum vCPU count must not be less than current vCPU count")
            return
        if self.maximum > INDIVIDUAL_LIMIT:
            raise XmlError(f"more than {INDIVIDUAL_LIMIT} vCPUs cannot be told apart")
        for vcpu in self.individual:
            if vcpu.id >= self.maximum:
                raise XmlError(f"vcpu id '{vcpu.id}' is out of range of maximum vcpu count")
        known = {vcpu.id: vcpu for vcpu in self.individual}
        self.individual = [known.get(number) or Vcpu(id=number, enabled=False) for number in range(self.maximum)]
        self.current = None

    def for_format(self, context: Context) -> Self:
        """The number enabled is written when it is not the maximum."""
        current = self.count if self.count < self.maximum else None
        cpuset = None if self.cpuset == _ALL else self.cpuset
        return changed(self, current=current, cpuset=cpuset)


_ALL = CpuSet(range(CPU_NUMBERS))
