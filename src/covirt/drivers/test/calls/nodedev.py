# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pretended devices of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt import xml as documents
from covirt.api import nodedev as api
from covirt.api.binding import CallTable
from covirt.api.enums import NoFlags
from covirt.api.handles import NodeDevice
from covirt.api.nodedev import ConnectListAllNodeDeviceFlags, NodeDeviceCreateXMLFlags, NodeDeviceXMLFlags
from covirt.api.request import Request
from covirt.drivers.common.device_lists import matches
from covirt.drivers.test.adapters import check_parent, fibre_of, find_device, make_adapter, remove_adapter
from covirt.drivers.test.objects import PretendedDevice
from covirt.errors import InternalError, OperationInvalid
from covirt.model.nodedev.definition import NewNodeDevice
from covirt.xml import Context

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedDevice]

calls = CallTable()

# Finding


@calls.implements(api.list_all_devices)
async def list_all_devices(req: Req, flags: ConnectListAllNodeDeviceFlags) -> list[NodeDevice]:
    """Those that match the flags."""
    return [
        device.handle
        for device in req.driver.devices.values()
        if matches(device.definition, flags, active=True, persistent=device.persistent)
    ]


async def _with(req: Req, cap: str | None) -> list[NodeDevice]:
    found = [one for one in req.driver.devices.values() if cap is None or cap in one.definition.abilities]
    return await req.visible([device.handle for device in found])


@calls.implements(api.num_of_devices)
async def num_of_devices(req: Req, cap: str | None, flags: NoFlags) -> int:
    """How many have a capability."""
    return len(await _with(req, cap))


@calls.implements(api.list_devices)
async def list_devices(req: Req, cap: str | None, flags: NoFlags) -> list[str]:
    """The names of those that have a capability."""
    return [handle.name for handle in await _with(req, cap)]


@calls.implements(api.node_device_lookup_by_name)
async def node_device_lookup_by_name(req: Req, name: str) -> NodeDevice:
    """The one of that name."""
    return find_device(req.driver, name).handle


# What is told


@calls.implements(api.xml_desc)
async def xml_desc(req: Req, flags: NodeDeviceXMLFlags) -> str:
    """The description."""
    inactive = NodeDeviceXMLFlags.INACTIVE in flags
    if inactive and not req.found.persistent:
        raise OperationInvalid(f"node device '{req.found.name}' is not persistent")
    return documents.format(req.found.definition, context=Context.INACTIVE if inactive else Context.NONE)


@calls.implements(api.parent)
async def parent(req: Req) -> str | None:
    """The device that it hangs on."""
    name = req.found.definition.parent_name
    if name is None:
        raise InternalError("no parent for this device")
    return name


@calls.implements(api.num_of_caps)
async def num_of_caps(req: Req) -> int:
    """How many capabilities it has."""
    return len(req.found.definition.capabilities)


@calls.implements(api.list_caps)
async def list_caps(req: Req) -> list[str]:
    """Its capabilities."""
    return [capability.type for capability in req.found.definition.capabilities]


@calls.implements(api.is_active)
async def is_active(req: Req) -> bool:
    """All of them are there."""
    return True


@calls.implements(api.is_persistent)
async def is_persistent(req: Req) -> bool:
    """Those that were there from the beginning."""
    return req.found.persistent


# Virtual adapters


@calls.implements(api.node_device_create_xml)
async def node_device_create_xml(req: Req, xml_desc: str, flags: NodeDeviceCreateXMLFlags) -> NodeDevice:
    """Make a virtual adapter."""
    validate = NodeDeviceCreateXMLFlags.VALIDATE in flags
    wanted = documents.parse(NewNodeDevice, xml_desc, validate=validate).value
    fibre = fibre_of(wanted)
    for name in ("wwnn", "wwpn"):
        if getattr(fibre, name) is None:
            raise InternalError(f"no {name.upper()} supplied for '{wanted.name}', and auto-generation failed")
    check_parent(req.driver, wanted.parent)
    await req.authorize(NodeDevice(wanted.name))
    return make_adapter(req.driver, fibre.wwnn, fibre.wwpn).handle


@calls.implements(api.destroy)
async def destroy(req: Req) -> None:
    """Take a virtual adapter away."""
    fibre_of(req.found.definition)
    name = req.found.definition.parent_name
    if name not in req.driver.devices:
        raise InternalError(f"cannot find parent '{name}' definition")
    remove_adapter(req.driver, req.found)
