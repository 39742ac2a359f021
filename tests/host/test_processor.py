# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

import platform
from pathlib import Path

import pytest

from covirt.drivers.common.cpu.host import guest_cpu, host_cpu
from covirt.errors import NoSupport
from covirt.host.fake.processor import FakeProcessor
from covirt.host.processor import Processor, TimeStampCounter
from covirt.model.common.cpu import CpuTopology

INTEL = (0x16, 0x756E6547, 0x6C65746E, 0x49656E69)
SKYLAKE = (0x506E3, 0, 0x7FFAFBBF, 0xBFEBFBFF)


def skylake() -> FakeProcessor:
    leaves = {(0, 0): INTEL, (1, 0): SKYLAKE, (0x80000000, 0): (0x80000008, 0, 0, 0)}
    leaves[0x80000007, 0] = (0, 0, 0, 0x100)
    leaves[0x80000001, 0] = (0, 0, 0x121, 0x2C100800)
    counter = TimeStampCounter(2_000_000_000, scaling=True)
    return FakeProcessor(leaves=leaves, counter=counter, physical_bits=39, microcode_version=7)


def test_x86_host_is_described_with_its_details() -> None:
    host = host_cpu(skylake(), CpuTopology(sockets=1, cores=4, threads=2))
    assert host.vendor == "Intel"
    assert host.signature is not None
    assert (host.signature.family, host.signature.model, host.signature.stepping) == (6, 94, 3)
    assert host.tsc is not None
    assert (host.tsc.frequency, host.tsc.scaling) == (2_000_000_000, True)
    assert host.address is not None
    assert (host.microcode, host.address.bits) == (7, 39)


def test_guest_is_described_by_the_models_of_the_hypervisor() -> None:
    assert guest_cpu(skylake(), {"Nehalem": (), "Penryn": ()}).model == "Nehalem"


def test_power_host_is_told_by_its_version() -> None:
    assert host_cpu(FakeProcessor(arch="ppc64le", version=0x004E0200)).model == "POWER9"


def test_unknown_host_keeps_its_topology() -> None:
    topology = CpuTopology(sockets=1, cores=1, threads=1)
    assert host_cpu(FakeProcessor(arch="sparc64"), topology).topology is topology
    with pytest.raises(NoSupport):
        host_cpu(FakeProcessor(arch="sparc64"))


def test_kernel_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text(
        "microcode\t: 0x2006e05\naddress sizes\t: 46 bits physical, 48 bits virtual\n"
    )
    processor = Processor(tmp_path)
    assert processor.microcode() == 0x2006E05
    assert processor.address_bits() == 46
    assert processor.power_version() is None
    assert processor.msr(0x10A) is None
    assert processor.time_stamp_counter() is None


@pytest.mark.skipif(platform.machine() != "x86_64", reason="CPUID is an instruction of x86 processors")
def test_instruction_is_executed() -> None:
    highest, *vendor = Processor().cpuid(0)
    assert highest > 0
    assert any(vendor)
