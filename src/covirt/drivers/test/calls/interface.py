# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pretended interfaces of the host."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from covirt import xml as documents
from covirt.api import interface as api
from covirt.api.binding import CallTable
from covirt.api.enums import NoFlags
from covirt.api.handles import Interface
from covirt.api.interface import ConnectListAllInterfacesFlags, InterfaceDefineFlags, InterfaceXMLFlags
from covirt.api.request import Request
from covirt.drivers.test.objects import PretendedInterface
from covirt.errors import MultipleInterfaces, NoSuchInterface, OperationInvalid
from covirt.model.interface import HostInterface

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedInterface]

calls = CallTable()

# Finding


@calls.implements(api.list_all_interfaces)
async def list_all_interfaces(req: Req, flags: ConnectListAllInterfacesFlags) -> list[Interface]:
    """Those that match the flags."""
    wanted = {
        active
        for flag, active in (
            (ConnectListAllInterfacesFlags.ACTIVE, True),
            (ConnectListAllInterfacesFlags.INACTIVE, False),
        )
        if flag in flags
    }
    return [one.handle for one in req.driver.interfaces.values() if not wanted or one.active in wanted]


async def _visible(req: Req, *, active: bool) -> list[Interface]:
    return await req.visible([one.handle for one in req.driver.interfaces.values() if one.active is active])


@calls.implements(api.num_of_interfaces)
async def num_of_interfaces(req: Req) -> int:
    """How many are up."""
    return len(await _visible(req, active=True))


@calls.implements(api.list_interfaces)
async def list_interfaces(req: Req) -> list[str]:
    """The names of those that are up."""
    return [handle.name for handle in await _visible(req, active=True)]


@calls.implements(api.num_of_defined_interfaces)
async def num_of_defined_interfaces(req: Req) -> int:
    """How many are down."""
    return len(await _visible(req, active=False))


@calls.implements(api.list_defined_interfaces)
async def list_defined_interfaces(req: Req) -> list[str]:
    """The names of those that are down."""
    return [handle.name for handle in await _visible(req, active=False)]


@calls.implements(api.interface_lookup_by_name)
async def interface_lookup_by_name(req: Req, name: str) -> Interface:
    """The one of that name."""
    return req.driver.find_interface(name).handle


@calls.implements(api.interface_lookup_by_mac_string)
async def interface_lookup_by_mac_string(req: Req, mac: str) -> Interface:
    """The one of that address, however it is spelled."""
    found = [one for one in req.driver.interfaces.values() if (one.definition.mac or "").lower() == mac.lower()]
    if not found:
        raise NoSuchInterface(f"no interface with matching mac '{mac}'")
    if len(found) > 1:
        raise MultipleInterfaces()
    return Interface(found[0].name, mac)


# Definitions


@calls.implements(api.xml_desc, flags=InterfaceXMLFlags(0))
async def xml_desc(req: Req, flags: InterfaceXMLFlags) -> str:
    """The definition."""
    return documents.format(req.found.definition)


@calls.implements(api.interface_define_xml)
async def interface_define_xml(req: Req, xml: str, flags: InterfaceDefineFlags) -> Interface:
    """Keep a definition."""
    definition = documents.parse(HostInterface, xml, validate=InterfaceDefineFlags.VALIDATE in flags).value
    await req.authorize(Interface(definition.name, definition.mac or ""))
    there = req.driver.interfaces.get(definition.name)
    if there is None:
        there = req.driver.interfaces[definition.name] = PretendedInterface(definition)
    else:
        there.definition = definition
    return there.handle


@calls.implements(api.undefine)
async def undefine(req: Req) -> None:
    """Forget it, up or down."""
    del req.driver.interfaces[req.found.name]


# Life


@calls.implements(api.create)
async def create(req: Req, flags: NoFlags) -> None:
    """Bring it up."""
    if req.found.active:
        raise OperationInvalid()
    req.found.active = True


@calls.implements(api.destroy)
async def destroy(req: Req, flags: NoFlags) -> None:
    """Take it down."""
    if not req.found.active:
        raise OperationInvalid()
    req.found.active = False


@calls.implements(api.is_active)
async def is_active(req: Req) -> bool:
    """Whether it is up."""
    return req.found.active


# Transactions


@calls.implements(api.change_begin)
async def change_begin(req: Req, flags: NoFlags) -> None:
    """Remember all interfaces as they are."""
    if req.driver.interfaces_before is not None:
        raise OperationInvalid("there is another transaction running.")
    req.driver.interfaces_before = copy.deepcopy(req.driver.interfaces)


@calls.implements(api.change_commit)
async def change_commit(req: Req, flags: NoFlags) -> None:
    """Keep them as they are now."""
    if req.driver.interfaces_before is None:
        raise OperationInvalid("no transaction running, nothing to be committed.")
    req.driver.interfaces_before = None


@calls.implements(api.change_rollback)
async def change_rollback(req: Req, flags: NoFlags) -> None:
    """Have them as they were."""
    before = req.driver.interfaces_before
    if before is None:
        raise OperationInvalid("no transaction running, nothing to rollback.")
    req.driver.interfaces, req.driver.interfaces_before = before, None
