# SPDX-License-Identifier: LGPL-2.1-or-later
"""Consoles as streams."""

from __future__ import annotations

import os
from pathlib import Path

from covirt.api.binding import CallTable
from covirt.api.domain import console as api
from covirt.api.domain.console import DomainConsoleFlags
from covirt.drivers.common.bridging import Bridge
from covirt.drivers.lxc.calls.request import Req
from covirt.errors import InternalError, OperationFailed
from covirt.model.domain.devices.chardev import PtyChardev

calls = CallTable()


@calls.implements(api.open_console, flags=DomainConsoleFlags.FORCE)
async def open_console(req: Req, dev_name: str | None, flags: DomainConsoleFlags) -> None:
    """Connect the stream to a console."""
    guest = req.guest
    guest.require_active()
    run = guest.running
    consoles = guest.definition.devices.consoles
    console = next((one for one in consoles if dev_name in (None, one.info.alias)), None)
    if console is None:
        raise InternalError(f"cannot find console device '{dev_name or 'default'}'")
    if not isinstance(console.source, PtyChardev) or console.source.path is None:
        raise InternalError(f"character device {console.info.alias} is not using a PTY")
    path = console.source.path
    other = run.streams.get(path)
    if other is not None and DomainConsoleFlags.FORCE not in flags:
        raise OperationFailed("Active console session exists for this domain")
    if other is not None:
        await other.close()
    end = req.driver.host.ptys.connect(Path(path))
    if os.isatty(end):
        req.driver.host.ptys.set_raw(end)
    bridge = run.streams[path] = Bridge(end, req.byte_stream)

    async def carry() -> None:
        try:
            await bridge.run()
        finally:
            if run.streams.get(path) is bridge:
                del run.streams[path]

    req.driver.tasks.start(carry(), f"console of {guest.name}")
