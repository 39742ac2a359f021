# SPDX-License-Identifier: LGPL-2.1-or-later
"""A processor in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from covirt.host.processor import Processor, TimeStampCounter, Values


@dataclass(slots=True, kw_only=True)
class FakeProcessor(Processor):
    """Tells what it was made with."""

    arch: str = "x86_64"
    leaves: dict[tuple[int, int], Values] = field(default_factory=dict)
    msrs: dict[int, int] = field(default_factory=dict)
    counter: TimeStampCounter | None = None
    microcode_version: int = 0
    physical_bits: int | None = None
    version: int | None = None
    identification: int | None = None
    capabilities: int = 0

    def cpuid(self, leaf: int, subleaf: int = 0) -> Values:
        """The registers of a leaf; zero where nothing was given."""
        return self.leaves.get((leaf, subleaf), (0, 0, 0, 0))

    def msr(self, index: int) -> int | None:
        """A register that was given."""
        return self.msrs.get(index)

    def time_stamp_counter(self) -> TimeStampCounter | None:
        """The counter that was given."""
        return self.counter

    def microcode(self) -> int:
        """The version that was given."""
        return self.microcode_version

    def address_bits(self) -> int | None:
        """The size that was given."""
        return self.physical_bits

    def power_version(self) -> int | None:
        """The register that was given."""
        return self.version

    def arm_identification(self) -> int | None:
        """The register that was given."""
        return self.identification

    def hardware_capabilities(self) -> int:
        """The bits that were given."""
        return self.capabilities
