# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host as containers see it."""

from __future__ import annotations

import os

from covirt.api.binding import CallTable
from covirt.api.connect import host
from covirt.api.connect import open as api
from covirt.api.connect.host import NodeInfo
from covirt.api.connect.open import DriverFeature
from covirt.drivers.lxc import capabilities
from covirt.drivers.lxc.calls.request import Req
from covirt.runtime.loop import in_thread

calls = CallTable()

_FEATURES = frozenset({DriverFeature.TYPED_PARAM_STRING, DriverFeature.FD_PASSING, DriverFeature.REMOTE_EVENT_CALLBACK})


@calls.implements(api.get_version)
async def get_version(req: Req) -> int:
    """What runs containers is the kernel."""
    major, minor, rest = (*os.uname().release.split(".", 2), "0")[:3]
    digits = "".join(rest.partition("-")[0].partition("+")[0].split(".")[:1])
    return int(major) * 1_000_000 + int(minor) * 1000 + (int(digits) if digits.isdigit() else 0)


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


@calls.implements(host.get_capabilities)
async def get_capabilities(req: Req) -> str:
    """The host and the kinds of containers that it runs."""
    return await in_thread(capabilities.describe, req.driver.host, req.driver.circumstances)


@calls.implements(host.get_free_memory)
async def get_free_memory(req: Req) -> int:
    """The free bytes of this host."""
    return 1024 * await in_thread(req.driver.host.node.memory.free)
