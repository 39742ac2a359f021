# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an x86 processor says of itself: the results of CPUID and model-specific registers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from covirt.xml import At, Number

BASIC = 0x0
EXTENDED = 0x80000000
SIGNATURE_MASK = 0x0FFF3FFF
"""The bits of leaf 1, register eax, that are not reserved."""
REGISTERS = ("eax", "ebx", "ecx", "edx")

Cpuid = Callable[[int, int], tuple[int, int, int, int]]
"""Leaf and sub-leaf to eax, ebx, ecx, edx."""

Register = Annotated[int, Number(base=0, form="0x{:08x}")]


@dataclass(slots=True, kw_only=True)
class CpuidLeaf:
    """What CPUID gives for one leaf and sub-leaf."""

    eax_in: Annotated[Register, At("@eax_in")]
    ecx_in: Annotated[Register, At("@ecx_in")] = 0
    eax: Annotated[Register, At("@eax")] = 0
    ebx: Annotated[Register, At("@ebx")] = 0
    ecx: Annotated[Register, At("@ecx")] = 0
    edx: Annotated[Register, At("@edx")] = 0


@dataclass(slots=True, kw_only=True)
class MsrValue:
    """The two halves of a model-specific register."""

    index: Annotated[int, At("@index"), Number(base=0, form="0x{:x}")]
    eax: Annotated[Register, At("@eax")]
    edx: Annotated[Register, At("@edx")]


@dataclass(slots=True, kw_only=True)
class X86Data:
    """Leaves and registers in order; as a document, `<cpudata arch='x86'>`."""

    ELEMENT: ClassVar[str] = "cpudata"

    arch: Annotated[Literal["x86"], At("@arch")] = "x86"
    leaves: Annotated[list[CpuidLeaf], At("cpuid")] = field(default_factory=list)
    msrs: Annotated[list[MsrValue], At("msr")] = field(default_factory=list)

    def register(self, leaf: int, subleaf: int, name: str, *, msr: bool = False) -> int:
        """One register; what is not there is zero."""
        item = self._item(leaf, subleaf, msr)
        return 0 if item is None else int(getattr(item, name))

    def set_bits(self, leaf: int, subleaf: int, name: str, bits: int, *, msr: bool = False) -> None:
        """Add bits to one register."""
        item = self._item(leaf, subleaf, msr)
        if item is None:
            item = self._add_item(leaf, subleaf, msr)
        setattr(item, name, getattr(item, name) | bits)

    def add(self, leaf: int, subleaf: int, values: tuple[int, int, int, int]) -> None:
        """Add all registers of a leaf."""
        for name, value in zip(REGISTERS, values, strict=True):
            self.set_bits(leaf, subleaf, name, value)

    def add_msr(self, index: int, value: int) -> None:
        """Add the value of a model-specific register."""
        self.set_bits(index, 0, "eax", value & 0xFFFFFFFF, msr=True)
        self.set_bits(index, 0, "edx", value >> 32, msr=True)

    def without_zeros(self) -> X86Data:
        """Only what says something."""
        leaves = [leaf for leaf in self.leaves if leaf.eax or leaf.ebx or leaf.ecx or leaf.edx]
        return X86Data(leaves=leaves, msrs=[msr for msr in self.msrs if msr.eax or msr.edx])

    @property
    def vendor(self) -> str:
        """The twelve characters that name the vendor."""
        words = (self.register(BASIC, 0, name) for name in ("ebx", "edx", "ecx"))
        return b"".join(word.to_bytes(4, "little") for word in words).decode("latin-1")

    @vendor.setter
    def vendor(self, text: str) -> None:
        for number, name in enumerate(("ebx", "edx", "ecx")):
            part = text[number * 4 : number * 4 + 4].encode("latin-1")
            self.set_bits(BASIC, 0, name, int.from_bytes(part, "little"))

    @property
    def signature(self) -> int:
        """Family, model and stepping as the processor packs them."""
        return self.register(1, 0, "eax") & SIGNATURE_MASK

    def _item(self, leaf: int, subleaf: int, msr: bool) -> CpuidLeaf | MsrValue | None:
        if msr:
            return next((item for item in self.msrs if item.index == leaf), None)
        return next((item for item in self.leaves if (item.eax_in, item.ecx_in) == (leaf, subleaf)), None)

    def _add_item(self, leaf: int, subleaf: int, msr: bool) -> CpuidLeaf | MsrValue:
        if msr:
            register = MsrValue(index=leaf, eax=0, edx=0)
            self.msrs.append(register)
            self.msrs.sort(key=lambda item: item.index)
            return register
        item = CpuidLeaf(eax_in=leaf, ecx_in=subleaf)
        self.leaves.append(item)
        self.leaves.sort(key=lambda item: (item.eax_in, item.ecx_in))
        return item


# Signatures


def unpack_signature(signature: int) -> tuple[int, int, int]:
    """Family, model and stepping of a packed signature."""
    family = (signature >> 20 & 0xFF) + (signature >> 8 & 0xF)
    model = (signature >> 12 & 0xF0) + (signature >> 4 & 0xF)
    return family, model, signature & 0xF


def pack_signature(family: int, model: int, stepping: int) -> int:
    """Family, model and stepping as the processor packs them in leaf 1, register eax."""
    extended = max(family - 0xF, 0)
    return extended << 20 | (model >> 4) << 16 | (family - extended) << 8 | (model & 0xF) << 4 | stepping & 0xF


# Asking a processor


def read_cpuid(cpuid: Cpuid) -> X86Data:
    """All valid leaves and sub-leaves of a processor."""
    data = X86Data()
    for base in (BASIC, EXTENDED):
        for leaf in range(base, cpuid(base, 0)[0] + 1):
            _read_leaf(data, cpuid, leaf)
    return data


def _read_leaf(data: X86Data, cpuid: Cpuid, leaf: int) -> None:
    """One leaf with the sub-leaves that it declares valid."""
    first = cpuid(leaf, 0)
    eax, ebx, _, edx = first
    if leaf == 0x4:
        data.add(leaf, 0, first)
        _read_while(data, cpuid, leaf, 1, previous=first, more=lambda last, _: bool(last[0] & 0x1F))
    elif leaf == 0x7:
        _read_each(data, cpuid, leaf, first, range(1, eax + 1))
    elif leaf == 0xB:
        _read_while(data, cpuid, leaf, 0, previous=first, more=lambda _, this: bool(this[2] & 0xFF00))
    elif leaf == 0xD:
        state = cpuid(leaf, 1)
        valid = (first[0] | state[2]) | (first[3] | state[3]) << 32
        _read_each(data, cpuid, leaf, first, [1, *(sub for sub in range(2, 64) if valid >> sub & 1)])
    elif leaf in (0xF, 0x10):
        resources = edx if leaf == 0xF else ebx
        _read_each(data, cpuid, leaf, first, [sub for sub in range(1, 32) if resources >> sub & 1])
    elif leaf == 0x12:
        if data.register(0x7, 0, "ebx") & 1 << 2:
            _read_each(data, cpuid, leaf, first, [1])
            _read_while(data, cpuid, leaf, 2, previous=first, more=lambda _, this: bool(this[0] & 0xF))
    elif leaf == 0x14 or (leaf == 0x17 and eax >= 3):
        _read_each(data, cpuid, leaf, first, range(1, eax + 1))
    elif leaf != 0x17:
        data.add(leaf, 0, first)


_Values = tuple[int, int, int, int]


def _read_each(data: X86Data, cpuid: Cpuid, leaf: int, first: _Values, subleaves: range | list[int]) -> None:
    data.add(leaf, 0, first)
    for subleaf in subleaves:
        data.add(leaf, subleaf, cpuid(leaf, subleaf))


def _read_while(
    data: X86Data,
    cpuid: Cpuid,
    leaf: int,
    start: int,
    *,
    previous: _Values,
    more: Callable[[_Values, _Values], bool],
) -> None:
    """Sub-leaves as long as the previous one or this one says that it is valid."""
    subleaf = start
    this = cpuid(leaf, subleaf)
    while more(previous, this):
        data.add(leaf, subleaf, this)
        subleaf += 1
        previous, this = this, cpuid(leaf, subleaf)
