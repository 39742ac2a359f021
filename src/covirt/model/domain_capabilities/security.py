# SPDX-License-Identifier: LGPL-2.1-or-later
"""Confidential computing in domain capabilities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from covirt.xml import At, Size, UInt, ULong, YesNo


@dataclass(slots=True, kw_only=True)
class SevSupport:
    """AMD's encrypted guests."""

    supported: Annotated[YesNo, At("@supported")] = False
    cbitpos: Annotated[UInt | None, At("cbitpos")] = None
    reduced_phys_bits: Annotated[UInt | None, At("reducedPhysBits")] = None
    max_guests: Annotated[UInt | None, At("maxGuests")] = None
    max_es_guests: Annotated[UInt | None, At("maxESGuests")] = None
    cpu0_id: Annotated[str | None, At("cpu0Id")] = None


@dataclass(slots=True, kw_only=True)
class SgxSectionSize:
    """Memory for enclaves on one node of the host."""

    node: Annotated[UInt, At("@node")]
    size: Annotated[ULong, At("@size")]
    unit: Annotated[str, At("@unit")] = "KiB"


@dataclass(slots=True, kw_only=True)
class SgxSupport:
    """Intel's enclaves."""

    supported: Annotated[YesNo, At("@supported")] = False
    flc: Annotated[YesNo | None, At("flc")] = None
    sgx1: Annotated[YesNo | None, At("sgx1")] = None
    sgx2: Annotated[YesNo | None, At("sgx2")] = None
    section_size: Annotated[int | None, At("section_size"), Size("KiB")] = None
    sections: Annotated[list[SgxSectionSize], At("sections/section")] = field(default_factory=list)
