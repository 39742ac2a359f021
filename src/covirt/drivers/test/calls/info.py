# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is told of guests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import info, security
from covirt.api.domain.info import ControlInfo, DomainGetHostnameFlags, DomainInfo
from covirt.api.domain.security import SecurityLabel
from covirt.api.domain.states import DomainControlErrorReason, DomainControlState
from covirt.api.enums import NoFlags
from covirt.api.params import TypedParams
from covirt.api.request import Request
from covirt.drivers.common.domain_calls import info as common
from covirt.drivers.test.guest import PretendedGuest

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()

calls.implements(info.state)(common.state)
calls.implements(info.is_active)(common.is_active)
calls.implements(info.messages)(common.messages)


@calls.implements(info.info)
async def get_info(req: Req) -> DomainInfo:
    """State, memory and processors; the CPU time is that since 1970."""
    guest, definition = req.guest, req.guest.definition
    return DomainInfo(
        state=guest.state,
        max_mem=definition.memory.total,
        memory=definition.memory.current,
        nr_virt_cpu=definition.vcpus.count,
        cpu_time=time.time_ns() // 1000 * 1000,
    )


@calls.implements(info.os_type)
async def os_type(req: Req) -> str:
    """All guests are told to run Linux."""
    return "linux"


@calls.implements(info.hostname, flags=DomainGetHostnameFlags(0))
async def hostname(req: Req, flags: DomainGetHostnameFlags) -> str:
    """The name of the guest as a name of a host."""
    req.guest.require_active()
    return f"{req.guest.name}host"


_ERRORS = (
    DomainControlErrorReason.NONE,
    DomainControlErrorReason.UNKNOWN,
    DomainControlErrorReason.MONITOR,
    DomainControlErrorReason.INTERNAL,
)


@calls.implements(info.control_info)
async def control_info(req: Req, flags: NoFlags) -> ControlInfo:
    """Small times on the guest's clock stand for troubles: so they can be tried out."""
    req.guest.require_active()
    seconds, none = req.guest.seconds, DomainControlErrorReason.NONE
    if 0 < seconds < 10000:
        return ControlInfo(DomainControlState.JOB, none, seconds)
    if 10000 <= seconds < 30000:
        return ControlInfo(DomainControlState.OCCUPIED, none, seconds - 10000)
    if 30000 <= seconds < 60000:
        return ControlInfo(DomainControlState.ERROR, _ERRORS[seconds % 4], seconds - 30000)
    return ControlInfo(DomainControlState.OK, none, 0)


@calls.implements(security.security_label)
async def security_label(req: Req) -> SecurityLabel:
    """The label of guests that run."""
    return SecurityLabel("libvirt-test", True) if req.guest.active else SecurityLabel("", False)


@calls.implements(security.launch_security_info)
async def launch_security_info(req: Req, flags: NoFlags) -> TypedParams:
    """No guest is encrypted."""
    return TypedParams()
