# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pretended host: figures, capabilities, processors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt import xml
from covirt.api.binding import CallTable
from covirt.api.connect import cpu, host
from covirt.api.connect import open as connection
from covirt.api.connect.cpu import ConnectBaselineCPUFlags
from covirt.api.connect.host import (
    ConnectGetDomainCapabilitiesFlags,
    CpuMap,
    NodeCpuStatsField,
    NodeInfo,
    NodeStat,
    SecurityModel,
)
from covirt.api.connect.open import DriverFeature
from covirt.api.enums import NoFlags
from covirt.api.handles import Connect
from covirt.api.request import Request
from covirt.drivers.common import cpu as processors
from covirt.drivers.test.host import ARCHITECTURE, SECURITY_MODEL
from covirt.errors import InvalidArg
from covirt.model.capabilities.document import format_capabilities
from covirt.model.common.arch import ARCHITECTURES
from covirt.model.common.cpu import HostCpu
from covirt.model.domain.definition import VirtType
from covirt.model.domain_capabilities.document import DomainCapabilities

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, Connect]

calls = CallTable()

VERSION = 2
MOST_VCPUS = 32

# The connection


@calls.implements(connection.get_version)
async def get_version(req: Req) -> int:
    """The version of libvirt's test driver."""
    return VERSION


@calls.implements(connection.supports_feature)
async def supports_feature(req: Req, feature: DriverFeature) -> bool:
    """Texts in typed parameters, and parameters of network updates in the right order."""
    return feature in (DriverFeature.TYPED_PARAM_STRING, DriverFeature.NETWORK_UPDATE_HAS_CORRECT_ORDER)


# Figures


@calls.implements(host.get_max_vcpus)
async def get_max_vcpus(req: Req, type: str | None) -> int:
    """The same for all guests."""
    return MOST_VCPUS


@calls.implements(host.get_info)
async def get_info(req: Req) -> NodeInfo:
    """Model, memory, processors."""
    return req.driver.host.info


@calls.implements(host.get_cells_free_memory)
async def get_cells_free_memory(req: Req, start_cell: int, maxcells: int) -> list[int]:
    """All memory of the nodes, as libvirt's test driver says."""
    cells = req.driver.host.cells
    if start_cell >= len(cells):
        raise InvalidArg("Range exceeds available cells")
    return [cell.memory for cell in cells[start_cell : start_cell + maxcells]]


@calls.implements(host.get_free_memory)
async def get_free_memory(req: Req) -> int:
    """The free memory of all nodes."""
    return sum(cell.free for cell in req.driver.host.cells)


_CPU_TIMES = {
    NodeCpuStatsField.USER: 9797400000,
    NodeCpuStatsField.KERNEL: 34678723400000,
    NodeCpuStatsField.IDLE: 87264900000,
    NodeCpuStatsField.IOWAIT: 763600000,
}


@calls.implements(host.get_cpu_stats)
async def get_cpu_stats(req: Req, cpu_num: int, flags: NoFlags) -> list[NodeStat]:
    """The same times for every CPU."""
    return [NodeStat(str(name), value) for name, value in _CPU_TIMES.items()]


@calls.implements(host.get_free_pages)
async def get_free_pages(req: Req, pages: list[int], start_cell: int, cell_count: int, flags: NoFlags) -> list[int]:
    """Numbers that differ for every node and size."""
    counts: list[int] = []
    for cell in range(start_cell, start_cell + cell_count):
        count = 6 * cell
        for _ in pages:
            count = 2 * count + 7
            counts.append(count)
    return counts


@calls.implements(host.get_cpu_map)
async def get_cpu_map(req: Req, need_map: bool, need_online: bool, flags: NoFlags) -> CpuMap:
    """Three of eight CPUs are online."""
    online = b"\x15"
    return CpuMap(online if need_map else b"", online[0].bit_count() if need_online else 0, 8)


@calls.implements(host.get_security_model)
async def get_security_model(req: Req) -> SecurityModel:
    """The model of the capabilities."""
    return SecurityModel(SECURITY_MODEL, "")


# Documents


@calls.implements(host.get_capabilities)
async def get_capabilities(req: Req) -> str:
    """What the host is and can run."""
    return format_capabilities(req.driver.host.capabilities)


_SYSINFO = """<sysinfo type='smbios'>
  <bios>
    <entry name='vendor'>LENOVO</entry>
    <entry name='version'>G4ETA1WW (2.61 )</entry>
    <entry name='date'>05/07/2014</entry>
    <entry name='release'>2.61</entry>
  </bios>
</sysinfo>
"""


@calls.implements(host.get_sysinfo)
async def get_sysinfo(req: Req, flags: NoFlags) -> str:
    """The firmware of the laptop on which libvirt's test driver was written."""
    return _SYSINFO


@calls.implements(host.get_domain_capabilities, flags=ConnectGetDomainCapabilitiesFlags(0))
async def get_domain_capabilities(
    req: Req,
    emulatorbin: str | None,
    arch: str | None,
    machine: str | None,
    virttype: str | None,
    flags: ConnectGetDomainCapabilitiesFlags,
) -> str:
    """What was asked for, with nothing in it."""
    if arch is not None and arch not in ARCHITECTURES:
        raise InvalidArg(f"unknown architecture: {arch}")
    if virttype is not None and virttype not in tuple(VirtType):
        raise InvalidArg(f"unknown virttype: {virttype}")
    return xml.format(
        DomainCapabilities(
            path=emulatorbin, domain=virttype or VirtType.TEST, machine=machine, arch=arch or ARCHITECTURE
        )
    )


# Processors


@calls.implements(cpu.baseline_cpu, flags=ConnectBaselineCPUFlags.EXPAND_FEATURES)
async def baseline_cpu(req: Req, xml_cpus: list[str], flags: ConnectBaselineCPUFlags) -> str:
    """What all the given processors can do."""
    given = [xml.parse(HostCpu, text).value for text in xml_cpus]
    best = processors.baseline(None, given)
    if ConnectBaselineCPUFlags.EXPAND_FEATURES in flags:
        processors.expand_features(given[0].arch, best)
    return xml.format(best)


@calls.implements(cpu.get_cpu_model_names)
async def get_cpu_model_names(req: Req, arch: str, flags: NoFlags) -> list[str]:
    """The models that are known for an architecture."""
    if arch not in ARCHITECTURES:
        raise InvalidArg(f"cannot find architecture {arch}")
    return list(processors.architecture(arch).models())
