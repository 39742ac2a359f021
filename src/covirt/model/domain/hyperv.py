# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<hyperv>`: what the guest is offered of Microsoft's hypervisor interface."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.scalars import AnyBase
from covirt.xml import At, OnOff, Reading
from covirt.xml.spec import fields_of

SPINLOCK_MINIMUM = 4095
VENDOR_ID_LIMIT = 12


class HypervMode(StrEnum):
    """Is it as listed, or as the host can do?"""

    CUSTOM = "custom"
    PASSTHROUGH = "passthrough"


def _state(name: str) -> Any:
    return At(f"{name}/@state")


@dataclass(slots=True, kw_only=True)
class Hyperv:
    """The enlightenments; what is None is not said."""

    OPEN: ClassVar[bool] = True

    mode: Annotated[HypervMode, At("@mode")] = HypervMode.CUSTOM
    relaxed: Annotated[OnOff | None, _state("relaxed")] = None
    vapic: Annotated[OnOff | None, _state("vapic")] = None
    spinlocks: Annotated[OnOff | None, _state("spinlocks")] = None
    spinlock_retries: Annotated[AnyBase | None, At("spinlocks/@retries")] = None
    vpindex: Annotated[OnOff | None, _state("vpindex")] = None
    runtime: Annotated[OnOff | None, _state("runtime")] = None
    synic: Annotated[OnOff | None, _state("synic")] = None
    stimer: Annotated[OnOff | None, _state("stimer")] = None
    stimer_direct: Annotated[OnOff | None, _state("stimer/direct")] = None
    reset: Annotated[OnOff | None, _state("reset")] = None
    vendor_id: Annotated[OnOff | None, _state("vendor_id")] = None
    vendor_id_value: Annotated[str | None, At("vendor_id/@value")] = None
    frequencies: Annotated[OnOff | None, _state("frequencies")] = None
    reenlightenment: Annotated[OnOff | None, _state("reenlightenment")] = None
    tlbflush: Annotated[OnOff | None, _state("tlbflush")] = None
    tlbflush_direct: Annotated[OnOff | None, _state("tlbflush/direct")] = None
    tlbflush_extended: Annotated[OnOff | None, _state("tlbflush/extended")] = None
    ipi: Annotated[OnOff | None, _state("ipi")] = None
    evmcs: Annotated[OnOff | None, _state("evmcs")] = None
    avic: Annotated[OnOff | None, _state("avic")] = None
    emsr_bitmap: Annotated[OnOff | None, _state("emsr_bitmap")] = None
    xmm_input: Annotated[OnOff | None, _state("xmm_input")] = None

    def after_parse(self, reading: Reading) -> None:
        """Refuse what is unknown or has no state, and drop details of what is off."""
        if self.mode is HypervMode.PASSTHROUGH:
            for spec in fields_of(Hyperv)[1:]:
                setattr(self, spec.name, None)
            return
        check_states(reading, ENLIGHTENMENTS, "unsupported HyperV Enlightenment feature: {}")
        self.spinlock_retries = self.spinlock_retries if self.spinlocks else None
        self.stimer_direct = (self.stimer and self.stimer_direct) or None
        self.tlbflush_direct = (self.tlbflush and self.tlbflush_direct) or None
        self.tlbflush_extended = (self.tlbflush and self.tlbflush_extended) or None
        self._check_spinlocks()
        self._check_vendor_id()

    def _check_spinlocks(self) -> None:
        if not self.spinlocks:
            return
        if self.spinlock_retries is None:
            raise XmlError("Missing required attribute 'retries' in element 'spinlocks'")
        if self.spinlock_retries < SPINLOCK_MINIMUM:
            raise XmlError(f"HyperV spinlock retry count must be at least {SPINLOCK_MINIMUM}")

    def _check_vendor_id(self) -> None:
        if not self.vendor_id:
            self.vendor_id_value = None
            return
        if self.vendor_id_value is None:
            raise XmlError("missing 'value' attribute for HyperV feature 'vendor_id'")
        if len(self.vendor_id_value.encode()) > VENDOR_ID_LIMIT:
            raise XmlError(f"HyperV vendor_id value must not be more than {VENDOR_ID_LIMIT} characters.")
        if "," in self.vendor_id_value:
            raise XmlError("HyperV vendor_id value is invalid")

    @property
    def states(self) -> dict[str, bool]:
        """What is on or off, by name, in order."""
        found = {name: getattr(self, name) for name in ENLIGHTENMENTS}
        return {name: state for name, state in found.items() if state is not None}


ENLIGHTENMENTS = tuple(
    spec.name for spec in fields_of(Hyperv) if spec.at.path.endswith("/@state") and spec.at.path.count("/") == 1
)


def check_states(reading: Reading, known: tuple[str, ...], unknown: str) -> None:
    """Refuse child elements that are not known, or have no state."""
    for child in reading.element.children:
        if child.name not in known:
            raise ConfigUnsupported(unknown.format(child.name))
        if "state" not in child.attributes:
            raise XmlError(f"Missing required attribute 'state' in element '{child.name}'")
