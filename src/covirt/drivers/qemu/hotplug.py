# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices that come and go while a guest runs: the options of the command line, given to the monitor instead."""

from __future__ import annotations

import asyncio
import copy
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from covirt import xml
from covirt.api.domain.events import DeviceAdded
from covirt.drivers.qemu import addresses, live
from covirt.drivers.qemu.command.build import new_build
from covirt.drivers.qemu.command.context import Build, Prepared
from covirt.drivers.qemu.devices import aliases, disk, interface
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.machine import machine_of
from covirt.drivers.qemu.monitor import CommandFailed, QmpEvent
from covirt.drivers.qemu.monitor.commands import qom
from covirt.drivers.qemu.ready import blocks
from covirt.errors import ConfigUnsupported, DeviceMissing, OperationFailed, OperationUnsupported, XmlError
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.interface import Interface
from covirt.xml import Context
from covirt.xml.reader import read

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver

__all__ = ["add_to", "attach", "detach", "find", "read_device", "remove_from"]

Pluggable = Disk | Interface
_KINDS: dict[str, type[Disk] | type[Interface]] = {"disk": Disk, "interface": Interface}
_COMMANDS = {"-blockdev": "blockdev-add", "-netdev": "netdev_add", "-object": "object-add", "-device": "device_add"}
UNPLUG_SECONDS = 5.0
"""How long the guest has to let a device go before the call returns without it, as in libvirt."""


def read_device(text: str) -> Pluggable:
    """The device of a document."""
    root, _ = read(text, name="(device_definition)")
    kind = _KINDS.get(root.name)
    if kind is None:
        known = "filesystem input sound hostdev video controller graphics hub rng memballoon shmem tpm panic memory"
        if root.name in known.split():
            raise OperationUnsupported(f"live attach of device '{root.name}' is not supported")
        raise XmlError(f"unknown device type '{root.name}'")
    return xml.parse(kind, text, context=Context.INACTIVE, check=False).value


def _devices(definition: DomainDefinition, device: Pluggable) -> list[Any]:
    return definition.devices.disks if isinstance(device, Disk) else definition.devices.interfaces


# In a definition


async def add_to(driver: QemuDriver, definition: DomainDefinition, device: Pluggable, *, new: bool = True) -> None:
    """Complete a device, give it a place, and put it into a definition."""
    for other in _devices(definition, device):
        if isinstance(device, Disk) and other.target == device.target:
            raise OperationFailed(f"target {device.target} already exists")
    await driver.definitions.complete_device(device, definition)
    _devices(definition, device).append(device)
    caps = await driver.definitions.capabilities(definition)
    addresses.assign(definition, caps, machine_of(definition), driver.definitions.pci, new=new)


def find(definition: DomainDefinition, device: Pluggable) -> Pluggable:
    """The device of a definition that a document means: by target, or by address of the card."""
    for other in _devices(definition, device):
        if isinstance(device, Disk) and other.target == device.target:
            return other  # type: ignore[no-any-return]
        if isinstance(device, Interface) and other.mac == device.mac:
            return other  # type: ignore[no-any-return]
    if isinstance(device, Disk):
        raise DeviceMissing(f"disk {device.target} not found")
    raise DeviceMissing(f"no device matching MAC address {device.mac} found")


def remove_from(definition: DomainDefinition, device: Pluggable) -> None:
    """Take the device that a document means out of a definition."""
    _devices(definition, device).remove(find(definition, device))


# In a running guest


async def attach(driver: QemuDriver, guest: QemuGuest, device: Pluggable) -> None:
    """Plug a device in; when a step fails, those before it are taken back."""
    run = guest.running
    changed = copy.deepcopy(guest.definition)
    await add_to(driver, changed, device, new=False)
    if isinstance(device, Interface) and device.actual_type != "user":
        raise ConfigUnsupported(f"network device type '{device.actual_type}' cannot be plugged in by this driver yet")
    aliases.assign(changed)
    ports = live.TakenPorts(driver.ports, driver.websocket_ports)
    surroundings = live.starting(driver, changed, run, ports, new=False)
    if isinstance(device, Disk):
        blocks.number_disk(device, surroundings)
    run.node_index = surroundings.numbers.last
    prepared = Prepared(directory=str(run.directory), memory_directory="", now=datetime.now(UTC))
    build = new_build(changed, run.caps, driver.settings, prepared, driver.host.node.arch)
    disk.build(device, build) if isinstance(device, Disk) else interface.build(device, build)
    await _execute(guest, build)
    _devices(guest.definition, device).append(device)
    driver.bus.publish(DeviceAdded(guest.handle, device.info.alias or ""))


async def _execute(guest: QemuGuest, build: Build) -> None:
    """Give each option to the monitor."""
    words = build.argv.arguments
    done: list[tuple[str, dict[str, Any]]] = []
    for option, text in zip(words[::2], words[1::2], strict=True):
        if option not in _COMMANDS or not text.startswith("{"):
            raise OperationUnsupported(f"option {option} cannot be given to a running guest")
        arguments = json.loads(text)
        try:
            await guest.monitor.execute(_COMMANDS[option], arguments)
        except BaseException:
            for earlier, given in reversed(done):
                await _take_back(guest, earlier, given)
            raise
        done.append((option, arguments))


async def _take_back(guest: QemuGuest, option: str, given: dict[str, Any]) -> None:
    command, arguments = {
        "-blockdev": ("blockdev-del", {"node-name": given.get("node-name")}),
        "-netdev": ("netdev_del", {"id": given.get("id")}),
        "-object": ("object-del", {"id": given.get("id")}),
        "-device": ("device_del", {"id": given.get("id")}),
    }[option]
    try:
        await guest.monitor.execute(command, arguments)
    except CommandFailed as error:
        error.add_note(f"while taking back {option} of {guest.name}")


async def detach(guest: QemuGuest, device: Pluggable) -> bool:
    """Ask the guest to let a device go; tells whether it did in time."""
    known = find(guest.definition, device)
    alias = known.info.alias or ""
    monitor = guest.monitor
    with monitor.events.subscribe(
        QmpEvent, lambda event: event.name == "DEVICE_DELETED" and event.data.get("device") == alias
    ) as gone:
        await qom.remove_device(monitor, alias)
        try:
            async with asyncio.timeout(UNPLUG_SECONDS):
                await anext(aiter(gone))
        except TimeoutError:
            return False
    await _remove_backend(guest, known)
    _devices(guest.definition, known).remove(known)
    return True


async def _remove_backend(guest: QemuGuest, device: Pluggable) -> None:
    """What was behind the device, the uppermost first."""
    if isinstance(device, Interface):
        await _take_back(guest, "-netdev", {"id": f"host{device.info.alias}"})
        return
    for source in live.chain(device):
        for kind in ("format", "storage"):
            await _take_back(guest, "-blockdev", {"node-name": f"libvirt-{source.index}-{kind}"})
