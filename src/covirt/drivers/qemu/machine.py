# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a QEMU machine type is: the questions that defaults, addresses and devices ask about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition

X86 = frozenset({"i686", "x86_64"})
ARM = frozenset({"armv6l", "armv7b", "armv7l", "aarch64", "aarch64_be"})
PPC64 = frozenset({"ppc64", "ppc64le"})
PPC = PPC64 | {"ppc", "ppcle", "ppcemb"}
S390 = frozenset({"s390", "s390x"})
RISCV = frozenset({"riscv32", "riscv64"})
MIPS64 = frozenset({"mips64", "mips64el"})
MIPS = MIPS64 | {"mips", "mipsel"}

_I440FX_PREFIXES = ("pc-0.", "pc-1.", "pc-i440fx-", "rhel")


class Machine(NamedTuple):
    """An architecture and a machine type of QEMU on it."""

    arch: str
    type: str

    @property
    def x86(self) -> bool:
        return self.arch in X86

    @property
    def q35(self) -> bool:
        return self.x86 and (self.type == "q35" or self.type.startswith("pc-q35-"))

    @property
    def i440fx(self) -> bool:
        return self.x86 and (self.type == "pc" or self.type.startswith(_I440FX_PREFIXES))

    @property
    def xenfv(self) -> bool:
        return self.x86 and (self.type == "xenfv" or self.type.startswith("xenfv-"))

    @property
    def s390_ccw(self) -> bool:
        return self.arch in S390 and self.type.startswith("s390-ccw")

    @property
    def pseries(self) -> bool:
        return self.arch in PPC64 and (self.type == "pseries" or self.type.startswith("pseries-"))

    @property
    def arm_virt(self) -> bool:
        return self.arch in ("armv6l", "armv7l", "aarch64") and self._virt

    @property
    def riscv_virt(self) -> bool:
        return self.arch in RISCV and self._virt

    @property
    def loongarch_virt(self) -> bool:
        return self.arch == "loongarch64" and self._virt

    @property
    def mips_malta(self) -> bool:
        return self.arch in MIPS and self.type == "malta"

    @property
    def builtin_ide(self) -> bool:
        """The machine comes with an IDE controller that no option takes away."""
        return self.i440fx or self.type in ("malta", "sun4u", "g3beige")

    @property
    def builtin_esp(self) -> bool:
        """The machine comes with an NCR 53C90 SCSI controller."""
        return (
            self.arch == "sparc"
            or (self.arch in MIPS64 and self.type in ("magnum", "pica61"))
            or (self.arch == "m68k" and self.type == "q800")
        )

    @property
    def explicit_fdc(self) -> bool:
        """A floppy disk needs a controller of its own here."""
        return self.q35

    @property
    def pci(self) -> bool:
        """The machine has a PCI bus."""
        if self.arch in ARM:
            return self.arm_virt or self.type == "versatilepb"
        return self.riscv_virt if self.arch in RISCV else True

    @property
    def pci_multibus(self) -> bool:
        """QEMU names the machine's root bus pci.0, as where there can be several, not pci."""
        return self.arch in X86 | PPC | S390 or self.arm_virt or self.loongarch_virt or self.riscv_virt

    @property
    def virtio_mmio(self) -> bool:
        """The machine has slots for virtio devices that are on no bus."""
        return (
            self.arm_virt
            or self.riscv_virt
            or (self.arch in ("armv6l", "armv7l", "aarch64") and (self.type.startswith("vexpress-")))
        )

    @property
    def _virt(self) -> bool:
        return self.type == "virt" or self.type.startswith("virt-")


def machine_of(guest: DomainDefinition) -> Machine:
    """The machine of a guest."""
    return Machine(guest.os.arch or "", guest.os.machine or "")
