# SPDX-License-Identifier: LGPL-2.1-or-later
"""The connection: what it is connected to, and what that can do."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.connect import host
from covirt.api.connect import open as api
from covirt.api.connect.host import NodeInfo
from covirt.api.connect.open import DriverFeature
from covirt.drivers.qemu.calls.request import Req
from covirt.runtime.loop import in_thread

calls = CallTable()

LIBRARY_VERSION = 11_003_000
"""The version of libvirt whose behaviour is followed."""

_FEATURES = frozenset(
    {
        DriverFeature.TYPED_PARAM_STRING,
        DriverFeature.XML_MIGRATABLE,
        DriverFeature.FD_PASSING,
        DriverFeature.REMOTE_EVENT_CALLBACK,
        DriverFeature.NETWORK_UPDATE_HAS_CORRECT_ORDER,
    }
)


@calls.implements(api.get_type)
async def get_type(req: Req) -> str:
    """QEMU."""
    return req.driver.name


@calls.implements(api.get_version)
async def get_version(req: Req) -> int:
    """The version of the emulator for guests like the host."""
    driver = req.driver
    caps = await driver.emulators.get(driver.definitions.find_emulator(driver.host.node.arch))
    return caps.version


@calls.implements(api.get_lib_version)
async def get_lib_version(req: Req) -> int:
    """The version of libvirt whose behaviour is followed."""
    return LIBRARY_VERSION


@calls.implements(api.get_hostname)
async def get_hostname(req: Req) -> str:
    """The name of this host."""
    return await in_thread(req.driver.host.identity.hostname)


@calls.implements(api.get_uri)
async def get_uri(req: Req) -> str:
    """The URI of this connection."""
    return str(req.session.uri)


@calls.implements(api.supports_feature)
async def supports_feature(req: Req, feature: DriverFeature) -> bool:
    """Whether the driver has a numbered feature."""
    return feature in _FEATURES


@calls.implements(host.get_info)
async def get_info(req: Req) -> NodeInfo:
    """Model, memory and processors of this host."""
    found = await in_thread(req.driver.host.node.info)
    return NodeInfo(
        found.model, found.memory, found.cpus, found.mhz, found.nodes, found.sockets, found.cores, found.threads
    )


@calls.implements(host.get_free_memory)
async def get_free_memory(req: Req) -> int:
    """The free bytes of this host."""
    return 1024 * await in_thread(req.driver.host.node.memory.free)
