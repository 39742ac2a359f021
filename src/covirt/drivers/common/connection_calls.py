# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every driver says of a connection to it."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.connect import open as api
from covirt.api.handles import Handle
from covirt.api.request import Request
from covirt.drivers.driver import Driver
from covirt.host.identity import Identity
from covirt.runtime.loop import in_thread
from covirt.version import LIBVIRT_VERSION

Req = Request[Driver, Handle]
calls = CallTable()


@calls.implements(api.get_type)
async def get_type(req: Req) -> str:
    """The driver's name."""
    return req.driver.name


@calls.implements(api.get_uri)
async def get_uri(req: Req) -> str:
    """What the connection is to."""
    return str(req.session.uri)


@calls.implements(api.get_hostname)
async def get_hostname(req: Req) -> str:
    """The name of the machine that we are on."""
    return await in_thread(Identity().hostname)


@calls.implements(api.get_lib_version)
async def get_lib_version(req: Req) -> int:
    """The version of the interface."""
    return LIBVIRT_VERSION
