# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the host is, and what guests can have on it."""

from __future__ import annotations

from pathlib import Path

from covirt import xml
from covirt.api.binding import CallTable
from covirt.api.connect import host as api
from covirt.api.connect.host import ConnectGetDomainCapabilitiesFlags
from covirt.drivers.common.cpu.host import host_cpu
from covirt.drivers.common.host_capabilities import host_caches, host_topology, memory_bandwidth
from covirt.drivers.qemu import live
from covirt.drivers.qemu.calls.request import Req
from covirt.drivers.qemu.capabilities.domain_caps import HostSupport, domain_capabilities
from covirt.drivers.qemu.capabilities.guest_caps import guest_capabilities
from covirt.drivers.qemu.driver_places import firmware_descriptions
from covirt.drivers.qemu.firmware.search import supported
from covirt.errors import Error, InvalidArg
from covirt.host.processor import Processor
from covirt.host.resctrl import read_resctrl
from covirt.model.capabilities.document import Capabilities, format_capabilities
from covirt.model.capabilities.guest import GuestCapabilities
from covirt.model.capabilities.host import HostCapabilities, MigrationFeatures
from covirt.model.common.arch import ARCHITECTURES
from covirt.runtime.loop import in_thread

calls = CallTable()


@calls.implements(api.get_capabilities)
async def get_capabilities(req: Req) -> str:
    """The host, and the guests that its emulators run."""
    found = await in_thread(_host, req)
    return format_capabilities(Capabilities(host=found, guests=await _guests(req)))


def _host(req: Req) -> HostCapabilities:
    node = req.driver.host.node
    resctrl = read_resctrl(Path("/sys/fs/resctrl"))
    return HostCapabilities(
        uuid=req.driver.host.identity.uuid(),
        cpu=host_cpu(Processor()),
        migration=MigrationFeatures(live=True, transports=["tcp", "rdma"]),
        topology=host_topology(node),
        caches=host_caches(node, resctrl),
        bandwidth=memory_bandwidth(node, resctrl),
    )


async def _guests(req: Req) -> list[GuestCapabilities]:
    """One for each architecture whose emulator is installed."""
    driver, found = req.driver, []
    for arch in ARCHITECTURES:
        try:
            caps = await driver.emulators.get(driver.definitions.find_emulator(arch))
        except Error:
            continue
        if caps.runs_arch(arch):
            found.append(guest_capabilities(caps, arch))
    return found


@calls.implements(api.get_domain_capabilities)
async def get_domain_capabilities(
    req: Req,
    emulatorbin: str | None,
    arch: str | None,
    machine: str | None,
    virttype: str | None,
    flags: ConnectGetDomainCapabilitiesFlags,
) -> str:
    """What guests of an emulator and machine can have."""
    driver = req.driver
    wanted = arch or driver.host.node.arch
    if wanted not in ARCHITECTURES:
        raise InvalidArg(f"unknown architecture: {wanted}")
    caps = await driver.emulators.get(emulatorbin or driver.definitions.find_emulator(wanted))
    if not caps.runs_arch(wanted):
        raise InvalidArg(f"architecture from emulator '{caps.arch}' doesn't match given architecture '{wanted}'")
    kind = virttype or caps.best_type or "qemu"
    if not caps.runs_type(kind):
        raise InvalidArg(f"the emulator '{caps.binary}' does not support virttype '{kind}'")
    name = caps.canonical_machine(kind, machine) if machine else caps.preferred_machine(kind)
    if name is None or caps.machine(kind, name) is None:
        raise InvalidArg(f"the machine '{machine}' is not supported by emulator '{caps.binary}'")
    firmware = supported(await in_thread(firmware_descriptions, driver.privileged), wanted, name)
    support = HostSupport(
        arch=driver.host.node.arch,
        models=live.known_host_models(driver, caps, kind),
        kvm_max_vcpus=driver.host.kvm.state().max_vcpus,
        firmware=firmware,
        loaders=await in_thread(_existing, [code for code, _ in firmware.images]),
        vfio=await in_thread(Path("/dev/vfio/vfio").exists),
    )
    return xml.format(domain_capabilities(caps, arch=wanted, virt_type=kind, machine=name, host=support))


def _existing(paths: list[str]) -> list[str]:
    return [path for path in paths if Path(path).exists()]
