# SPDX-License-Identifier: LGPL-2.1-or-later
"""The processor of the machine we run on, described by the models that we know."""

from __future__ import annotations

from typing import Any

from covirt.drivers.common.cpu.architecture import SupportedModels
from covirt.drivers.common.cpu.arm import Arm, ArmData
from covirt.drivers.common.cpu.operations import architecture
from covirt.drivers.common.cpu.ppc64 import Power
from covirt.drivers.common.cpu.x86 import X86
from covirt.drivers.common.cpu.x86_data import X86Data, read_cpuid
from covirt.drivers.common.cpu.x86_table import x86_table
from covirt.errors import Error, NoSupport
from covirt.host.processor import Processor
from covirt.model.common.cpu import AddressMode, CpuTopology, GuestCpu, HostCpu, MaxPhysAddr, TscCounter


def host_cpu(processor: Processor, topology: CpuTopology | None = None) -> HostCpu:
    """The processor for the host's capabilities; one that we do not know has a topology only."""
    try:
        data = processor_data(processor)
        host = architecture(processor.arch).decode_host(data)
    except Error:
        if topology is None:
            raise
        return HostCpu(arch=processor.arch, topology=topology)
    host.topology = topology
    if isinstance(data, X86Data):
        _add_x86_details(host, data, processor)
    return host


def guest_cpu(processor: Processor, models: SupportedModels | None = None) -> GuestCpu:
    """The processor as a guest would ask for it, by the models of a hypervisor."""
    cpu = GuestCpu()
    architecture(processor.arch).decode_guest(cpu, processor_data(processor), models)
    return cpu


def processor_data(processor: Processor) -> Any:
    """What the processor tells, in the form that its family understands."""
    if processor.arch in X86.names:
        return x86_data(processor)
    if processor.arch in Power.names and (version := processor.power_version()) is not None:
        return version
    if processor.arch in Arm.names and (identification := processor.arm_identification()) is not None:
        return ArmData(identification, processor.hardware_capabilities())
    raise NoSupport(f"cannot detect host CPU model for {processor.arch} architecture")


def x86_data(processor: Processor) -> X86Data:
    """All of CPUID, and the registers that tell features as far as we may read them."""
    data = read_cpuid(processor.cpuid)
    for index in x86_table().msr_indexes():
        value = processor.msr(index)
        if value is not None:
            data.add_msr(index, value)
    return data


def _add_x86_details(host: HostCpu, data: X86Data, processor: Processor) -> None:
    host.microcode = processor.microcode()
    if x86_table().shown_by(data) & x86_table().features["invtsc"].member:
        counter = processor.time_stamp_counter()
        host.tsc = TscCounter(frequency=counter.hertz, scaling=counter.scaling) if counter else None
    bits = processor.address_bits()
    if bits is not None:
        host.address = MaxPhysAddr(mode=AddressMode.EMULATE, bits=bits)
