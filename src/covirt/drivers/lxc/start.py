# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a container starts; each step is taken back when a later one fails."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from covirt.api.domain.events import DomainEventStartedDetailType, DomainEventType
from covirt.api.domain.states import DomainPausedReason, DomainRunningReason, DomainShutoffReason, DomainState
from covirt.drivers.lxc import limits, planning, stop
from covirt.drivers.lxc.controller.plan import LinkPlan, NodePlan
from covirt.drivers.lxc.guest import LxcGuest, Run
from covirt.errors import ConfigUnsupported, InternalError
from covirt.host.cgroups import Group
from covirt.host.ptys import Pty
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.chardev import PtyChardev
from covirt.model.domain.devices.connections import BridgeConnection, EthernetConnection
from covirt.model.domain.devices.hostdev_sources import NetCapability
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.resource import Resource
from covirt.runtime.files import make_directory
from covirt.runtime.loop import in_thread
from covirt.runtime.roots import short_name
from covirt.runtime.undo import Undo

if TYPE_CHECKING:
    from covirt.drivers.lxc.driver import LxcDriver

PARTITION = "/machine"
"""Where containers are that name no other place."""

PATIENCE = 30.0
"""Seconds that a controller has to set its container up."""


async def start_guest(
    driver: LxcDriver, guest: LxcGuest, detail: DomainEventStartedDetailType = DomainEventStartedDetailType.BOOTED
) -> None:
    """Run a container."""
    planning.check_possible(guest.definition)
    async with Undo(f"start {guest.name}") as undo:
        guest.begin(driver.guests.new_id())
        undo.push("state", guest.end, DomainShutoffReason.FAILED)
        guest.set_state(DomainState.PAUSED, DomainPausedReason.STARTING_UP)
        _name_partition(guest.definition)
        guest.run = run = Run(socket=socket_path(driver, guest), staging=staging_path(driver, guest))
        undo.push("run", setattr, guest, "run", None)
        run.links = _choose_names(driver, guest.definition)
        undo.push("status", driver.keeper.forget_status, guest)
        await driver.keeper.keep_status(guest)
        undo.push("host", in_thread, stop.clean_host, driver, run)
        undo.push("processes", stop.end_processes, driver, run)
        undo.push("monitor", stop.hang_up, run)
        await _start(driver, guest, run)
        guest.set_state(DomainState.RUNNING, DomainRunningReason.BOOTED)
        await driver.keeper.keep_status(guest)
        undo.keep()
    stop.watch(driver, guest)
    driver.publish_lifecycle(guest.handle, DomainEventType.STARTED, detail)


async def _start(driver: LxcDriver, guest: LxcGuest, run: Run) -> None:
    definition = guest.definition
    nodes = await in_thread(planning.host_nodes, definition)
    links = await in_thread(_prepare, driver, guest, run, nodes)
    directories = run.group.directories() if run.group else []
    plan = planning.make_plan(definition, staging=run.staging, groups=directories, links=links, nodes=nodes)
    ptys = _open_consoles(driver, definition)
    log = os.open(driver.roots.lxc.log / f"{guest.name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        with _listening(run.socket) as listening:
            run.controller = await driver.nursery.start(plan, listening, log, [pty.master for pty in ptys])
        run.process = await driver.supervisor.adopt(run.controller, name=f"lxc {guest.name}")
        run.controller_start = run.process.start_time
    finally:
        os.close(log)
        for pty in ptys:
            pty.close()
    found = await connect(run)
    if found.get("event") != "running":
        raise InternalError(f"guest failed to start: {found.get('reason', 'its controller has ended')}")
    run.init, run.init_start = found["pid"], found["start"]


def socket_path(driver: LxcDriver, guest: LxcGuest) -> Path:
    """Where the controller listens."""
    return driver.roots.lxc.state / f"{guest.name}.sock"


def staging_path(driver: LxcDriver, guest: LxcGuest) -> Path:
    """The empty directory on which only the container sees something."""
    return driver.roots.lxc.state / f"{guest.name}.root"


async def connect(run: Run) -> dict[str, Any]:
    """Listen to the controller; gives what it says first."""
    async with asyncio.timeout(PATIENCE):
        reader, run.monitor = await asyncio.open_unix_connection(run.socket)
        run.events = reader
        found: dict[str, Any] = json.loads(await reader.readline() or b"{}")
        return found


def _listening(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    try:
        listening.bind(str(path))
        path.chmod(0o600)
        listening.listen()
    except BaseException:
        listening.close()
        raise
    return listening


# What is made on the host


def _prepare(driver: LxcDriver, guest: LxcGuest, run: Run, nodes: list[NodePlan]) -> list[LinkPlan]:
    make_directory(driver.roots.lxc.log)
    make_directory(run.staging, 0o700)
    if guest.definition.idmap:
        _let_pass(run.staging)
    run.group = group = make_group(driver, guest)
    limits.limit(group, guest.definition, nodes)
    cards = guest.definition.devices.interfaces
    links = [
        _make_link(driver, card, name, f"eth{at}") for at, (card, name) in enumerate(zip(cards, run.links, strict=True))
    ]
    for hostdev in guest.definition.devices.hostdevs:
        if isinstance(source := hostdev.source, NetCapability) and source.interface:
            links.append(planning.link_plan(source.interface, None, source.ips, source.routes, up=True))
    return links


def _name_partition(definition: DomainDefinition) -> None:
    """A running container tells where its control group is."""
    if definition.resource is None:
        definition.resource = Resource()
    definition.resource.partition = definition.resource.partition or PARTITION


def make_group(driver: LxcDriver, guest: LxcGuest) -> Group:
    """The container's control group."""
    resource = guest.definition.resource
    partition = (resource.partition if resource else None) or PARTITION
    return driver.host.cgroups.guest("lxc", short_name(guest.id, guest.name), partition=partition)


def _let_pass(staging: Path) -> None:
    """The container's root, another user on the host, has to reach its mount."""
    staging.chmod(0o711)
    staging.parent.chmod(staging.parent.stat().st_mode | 0o011)


def _choose_names(driver: LxcDriver, definition: DomainDefinition) -> list[str]:
    """Names of our ends of all interfaces, kept before they are made so that a killed daemon leaves none behind."""
    taken = set(driver.host.links.names())
    taken.update(name for guest in driver.guests if guest.run is not None for name in guest.run.links)
    chosen = []
    for card in definition.devices.interfaces:
        free = (f"vnet{number}" for number in count() if f"vnet{number}" not in taken)
        wanted = card.target if card.target and not card.target.startswith("vnet") else next(free)
        taken.add(wanted)
        chosen.append(wanted)
    return chosen


def _make_link(driver: LxcDriver, card: Interface, name: str, guest_name: str) -> LinkPlan:
    """A pair of interfaces: ours on the bridge, the container's to be moved into it."""
    links = driver.host.links
    connection = card.connection
    if not isinstance(connection, BridgeConnection | EthernetConnection):
        raise ConfigUnsupported(f"network interfaces of type {connection.type} are not supported for containers")
    peer = f"{name[:13]}.c"
    settings = {"address": str(card.mac)} if card.mac else {}
    links.make(name, "veth", peer={"ifname": peer, **settings})
    card.target = name
    if isinstance(connection, BridgeConnection):
        links.attach(name, connection.bridge or "")
    links.set_up(name)
    return planning.link_plan(peer, card.guest_name or guest_name, card.ips, card.routes, up=card.link != "down")


def _open_consoles(driver: LxcDriver, definition: DomainDefinition) -> list[Pty]:
    ptys = []
    for number, console in enumerate(definition.devices.consoles):
        pty = driver.host.ptys.open()
        ptys.append(pty)
        if not isinstance(console.source, PtyChardev):
            raise ConfigUnsupported("only PTY console types are supported")
        console.source.path = str(pty.device)
        console.info.alias = f"console{number}"
    return ptys
