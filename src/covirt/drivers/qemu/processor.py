# SPDX-License-Identifier: LGPL-2.1-or-later
"""The processor of a guest that is about to start: what refers to the host is made definite."""

from __future__ import annotations

from covirt.drivers.common.cpu import SupportedModels, translate, update
from covirt.drivers.common.cpu.host import guest_cpu
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.host_model import host_models, supported_models
from covirt.errors import ConfigUnsupported
from covirt.host.processor import Processor
from covirt.model.common.cpu import Cpu, CpuFallback, CpuMode
from covirt.model.domain.cpu import GuestCpu
from covirt.model.domain.definition import DomainDefinition


def read_host(models: SupportedModels | None) -> Cpu:
    """The processor of this machine by the models of a hypervisor."""
    return guest_cpu(Processor(), models)


def resolved_model(caps: EmulatorCapabilities, definition: DomainDefinition, host_arch: str) -> GuestCpu | None:
    """The guest's processor as a named model; those that simply are the host's, or all that there is, stay so."""
    if definition.cpu is None or definition.os.arch is None:
        return definition.cpu
    cpu: GuestCpu = definition.cpu.copy()
    if cpu.mode in (CpuMode.HOST_PASSTHROUGH, CpuMode.MAXIMUM) or (cpu.mode is CpuMode.CUSTOM and not cpu.model):
        return cpu
    host = None
    if cpu.mode is CpuMode.HOST_MODEL:
        models = host_models(caps, definition.type, host_arch, read_host)
        if models is None:
            raise ConfigUnsupported(
                f"CPU mode '{cpu.mode}' for {definition.os.arch} {definition.type} domain on {host_arch} host "
                "is not supported by hypervisor"
            )
        host = models.migratable
    update(definition.os.arch, cpu, host)
    translate(definition.os.arch, cpu, supported_models(caps, definition.type))
    if cpu.mode is CpuMode.CUSTOM:
        cpu.fallback = CpuFallback.FORBID
    return cpu
