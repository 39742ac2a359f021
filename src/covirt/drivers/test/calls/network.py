# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pretended networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from covirt.api import network as api
from covirt.api.binding import CallTable
from covirt.api.handles import Network
from covirt.api.network import (
    ConnectListAllNetworksFlags,
    NetworkCreateFlags,
    NetworkDefineFlags,
    NetworkEventLifecycleType,
    NetworkLifecycle,
    NetworkMetadataChange,
    NetworkMetadataType,
    NetworkUpdateCommand,
    NetworkUpdateFlags,
    NetworkUpdateSection,
    NetworkXMLFlags,
)
from covirt.api.request import Request
from covirt.drivers.common.kept import matching
from covirt.drivers.common.metadata import check_metadata, get_metadata, set_metadata
from covirt.drivers.test.objects import PretendedNetwork
from covirt.errors import InternalError, NoSuchNetworkMetadata, OperationInvalid
from covirt.model.network.definition import NetworkDefinition
from covirt.model.network.update import update
from covirt.values import Uuid
from covirt.xml import Context

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedNetwork]

calls = CallTable()

# Finding

_List = ConnectListAllNetworksFlags
_GROUPS: Any = (
    {_List.ACTIVE: lambda net: net.active, _List.INACTIVE: lambda net: not net.active},
    {_List.PERSISTENT: lambda net: net.persistent, _List.TRANSIENT: lambda net: not net.persistent},
    {_List.AUTOSTART: lambda net: net.autostart, _List.NO_AUTOSTART: lambda net: not net.autostart},
)


@calls.implements(api.list_all_networks)
async def list_all_networks(req: Req, flags: ConnectListAllNetworksFlags) -> list[Network]:
    """Those that match the flags."""
    return [net.handle for net in matching(req.driver.networks, flags, _GROUPS)]


@calls.implements(api.network_lookup_by_name)
async def network_lookup_by_name(req: Req, name: str) -> Network:
    """The one of that name."""
    return req.driver.networks.by_name(name).handle


@calls.implements(api.network_lookup_by_uuid)
async def network_lookup_by_uuid(req: Req, uuid: Uuid) -> Network:
    """The one of that uuid."""
    return req.driver.networks.by_uuid(uuid).handle


async def _visible(req: Req, *, active: bool) -> list[Network]:
    return await req.visible([net.handle for net in req.driver.networks if net.active is active])


@calls.implements(api.num_of_networks)
async def num_of_networks(req: Req) -> int:
    """How many are up."""
    return len(await _visible(req, active=True))


@calls.implements(api.list_networks)
async def list_networks(req: Req) -> list[str]:
    """The names of those that are up."""
    return [handle.name for handle in await _visible(req, active=True)]


@calls.implements(api.num_of_defined_networks)
async def num_of_defined_networks(req: Req) -> int:
    """How many are down."""
    return len(await _visible(req, active=False))


@calls.implements(api.list_defined_networks)
async def list_defined_networks(req: Req) -> list[str]:
    """The names of those that are down."""
    return [handle.name for handle in await _visible(req, active=False)]


# Definitions


@calls.implements(api.network_define_xml)
async def network_define_xml(req: Req, xml: str) -> Network:
    """Keep a definition."""
    return await _define(req, xml)


@calls.implements(api.network_define_xml_flags)
async def network_define_xml_flags(req: Req, xml: str, flags: NetworkDefineFlags) -> Network:
    """Keep a definition, perhaps with the schema's checks."""
    return await _define(req, xml, validate=NetworkDefineFlags.VALIDATE in flags)


async def _define(req: Req, text: str, *, validate: bool = False) -> Network:
    definition = NetworkDefinition.parse(text, validate=validate)
    await req.authorize(Network(definition.name, definition.uuid))
    net = req.driver.networks.check(definition)
    if net is None:
        net = req.driver.networks.add(PretendedNetwork(definition, persistent=True))
    elif net.active:
        net.next = definition
    else:
        net.definition = definition
    _tell(req, net, NetworkEventLifecycleType.DEFINED)
    return net.handle


def _tell(req: Req, net: PretendedNetwork, event: NetworkEventLifecycleType) -> None:
    req.driver.bus.publish(NetworkLifecycle(net.handle, event, 0))


@calls.implements(api.undefine)
async def undefine(req: Req) -> None:
    """Forget a network that is down."""
    net = req.found
    if net.active:
        raise OperationInvalid(f"Network '{net.name}' is still running")
    req.driver.networks.remove(net)
    _tell(req, net, NetworkEventLifecycleType.UNDEFINED)


@calls.implements(api.xml_desc, flags=NetworkXMLFlags(0))
async def xml_desc(req: Req, flags: NetworkXMLFlags) -> str:
    """The definition."""
    return req.found.definition.format()


@calls.implements(api.is_persistent)
async def is_persistent(req: Req) -> bool:
    """Whether it has a definition of its own."""
    return req.found.persistent


@calls.implements(api.autostart)
async def autostart(req: Req) -> bool:
    """Whether it would start with the host."""
    return req.found.autostart


@calls.implements(api.set_autostart)
async def set_autostart(req: Req, autostart: bool) -> None:
    """Any network can be marked."""
    req.found.autostart = autostart


@calls.implements(api.bridge_name)
async def bridge_name(req: Req) -> str:
    """The bridge of the definition."""
    name = req.found.definition.bridge.name
    if name is None:
        raise InternalError(f"network '{req.found.name}' does not have a bridge name.")
    return name


# Runs


@calls.implements(api.network_create_xml)
async def network_create_xml(req: Req, xml: str) -> Network:
    """Start a network without definition."""
    return await _create(req, xml)


@calls.implements(api.network_create_xml_flags)
async def network_create_xml_flags(req: Req, xml: str, flags: NetworkCreateFlags) -> Network:
    """Start a network without definition, perhaps with the schema's checks."""
    return await _create(req, xml, validate=NetworkCreateFlags.VALIDATE in flags)


async def _create(req: Req, text: str, *, validate: bool = False) -> Network:
    definition = NetworkDefinition.parse(text, validate=validate)
    await req.authorize(Network(definition.name, definition.uuid))
    net = req.driver.networks.check(definition, to_start=True)
    if net is None:
        net = req.driver.networks.add(PretendedNetwork(definition, persistent=False))
    else:
        net.next, net.definition = net.definition, definition
    net.active = True
    _tell(req, net, NetworkEventLifecycleType.STARTED)
    return net.handle


@calls.implements(api.create)
async def create(req: Req) -> None:
    """Start a defined network."""
    net = req.found
    if net.active:
        raise OperationInvalid(f"Network '{net.name}' is already running")
    net.active = True
    _tell(req, net, NetworkEventLifecycleType.STARTED)


@calls.implements(api.destroy)
async def destroy(req: Req) -> None:
    """Stop it; a transient one is gone."""
    net = req.found
    net.stop()
    _tell(req, net, NetworkEventLifecycleType.STOPPED)
    req.driver.networks.remove_if_transient(net)


@calls.implements(api.is_active)
async def is_active(req: Req) -> bool:
    """Whether it is up."""
    return req.found.active


# Changes


def _chosen(net: PretendedNetwork, flags: NetworkUpdateFlags) -> tuple[bool, bool]:
    """Whether a change is for the run, and whether for the definition."""
    live, config = NetworkUpdateFlags.LIVE in flags, NetworkUpdateFlags.CONFIG in flags
    if not live and not config:
        live, config = net.active, not net.active
    if live and not net.active:
        raise OperationInvalid("network is not running")
    if config and not net.persistent:
        raise OperationInvalid("cannot change persistent config of a transient network")
    return live, config


@calls.implements(api.update)
async def change(
    req: Req,
    command: NetworkUpdateCommand,
    section: NetworkUpdateSection,
    parent_index: int,
    xml: str,
    flags: NetworkUpdateFlags,
) -> None:
    """Change one part, all or nothing."""
    net = req.found
    live, config = _chosen(net, flags)

    def changed(definition: NetworkDefinition, context: Context) -> NetworkDefinition:
        copy = definition.copy(context)
        update(copy, int(command), int(section), parent_index, xml)
        return copy.copy(context)

    run = changed(net.definition, Context.NONE) if live else None
    kept = changed(net.persistent_definition, Context.INACTIVE) if config else None
    if kept is not None:
        if net.active:
            net.next = kept
        else:
            net.definition = kept
    if run is not None:
        net.next = net.next or (net.definition if net.persistent else None)
        net.definition = run


@calls.implements(api.metadata)
async def metadata(req: Req, type: NetworkMetadataType, uri: str | None, flags: NetworkUpdateFlags) -> str:
    """One piece of metadata."""
    live, _ = _chosen(req.found, flags)
    definition = req.found.definition if live else req.found.persistent_definition
    found = get_metadata(definition, int(type), uri)
    if found is None:
        raise NoSuchNetworkMetadata("Requested metadata element is not present")
    return found


@calls.implements(api.set_metadata)
async def change_metadata(
    req: Req,
    type: NetworkMetadataType,
    metadata: str | None,
    key: str | None,
    uri: str | None,
    flags: NetworkUpdateFlags,
) -> None:
    """Change or remove one piece of metadata, of the run, the definition, or both."""
    check_metadata("virNetworkSetMetadata", int(type), metadata, key, uri)
    net = req.found
    live, config = _chosen(net, flags)
    if live and net.next is None and net.persistent:
        net.next = net.definition.copy()
    for definition, wanted in ((net.definition, live), (net.persistent_definition, config)):
        if wanted:
            set_metadata(definition, int(type), metadata, key, uri)
    req.driver.bus.publish(NetworkMetadataChange(net.handle, type, uri))
