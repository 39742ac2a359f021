# SPDX-License-Identifier: LGPL-2.1-or-later
"""Configurations of other tools."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import define
from covirt.api.enums import NoFlags
from covirt.drivers.lxc.calls.request import Req
from covirt.drivers.lxc.native import read_native
from covirt.drivers.lxc.reading import complete_native
from covirt.errors import InvalidArg

calls = CallTable()

NATIVE = "lxc-tools"


@calls.implements(define.domain_xml_from_native)
async def domain_xml_from_native(req: Req, native_format: str, native_config: str, flags: NoFlags) -> str:
    """The definition that lxc-tools' configuration stands for."""
    if native_format != NATIVE:
        raise InvalidArg(f"unsupported config type {native_format}")
    guest = read_native(native_config)
    complete_native(guest, req.driver.circumstances)
    return guest.format()
