# SPDX-License-Identifier: LGPL-2.1-or-later
"""The place of a PCI device, on the host or in a guest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from covirt.errors import XmlError
from covirt.xml import At, Hex, Reading

PCI_FUNCTION_FORM = Hex()
"""A function has one digit."""


@dataclass(slots=True, kw_only=True)
class PciSlot:
    """Domain, bus, slot and function of a PCI device of the host."""

    domain: Annotated[int, At("@domain"), Hex(4)] = 0
    bus: Annotated[int, At("@bus"), Hex(2)] = 0
    slot: Annotated[int, At("@slot"), Hex(2)] = 0
    function: Annotated[int, At("@function"), Hex()] = 0

    def after_parse(self, reading: Reading) -> None:
        """The numbers must be possible ones."""
        check_pci_numbers(self.domain, self.bus, self.slot, self.function)

    def __str__(self) -> str:
        """The form that the kernel uses."""
        return f"{self.domain:04x}:{self.bus:02x}:{self.slot:02x}.{self.function:x}"


def check_pci_numbers(domain: int, bus: int, slot: int, function: int) -> None:
    """Refuse numbers that no PCI device can have; no number at all is a wish for any place."""
    if not (domain or bus or slot):
        return
    if bus > 0xFF:
        raise XmlError(f"Invalid PCI address bus='0x{bus:x}', must be <= 0xFF")
    if slot > 0x1F:
        raise XmlError(f"Invalid PCI address slot='0x{slot:x}', must be <= 0x1F")
    if function > 7:
        raise XmlError(f"Invalid PCI address function=0x{function:x}, must be <= 7")
