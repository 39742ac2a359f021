# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices that come and go."""

from __future__ import annotations

import copy

from covirt.api.binding import CallTable
from covirt.api.domain import devices as api
from covirt.api.domain.devices import DomainDeviceModifyFlags
from covirt.drivers.qemu import hotplug
from covirt.drivers.qemu.calls.request import Req
from covirt.errors import OperationInvalid

calls = CallTable()
Flags = DomainDeviceModifyFlags


@calls.implements(api.attach_device)
async def attach_device(req: Req, xml: str) -> None:
    """Plug a device into the running guest."""
    if not req.guest.active:
        raise OperationInvalid("domain is not running")
    await _attach(req, xml, Flags.LIVE)


@calls.implements(api.attach_device_flags, flags=Flags.LIVE | Flags.CONFIG)
async def attach_device_flags(req: Req, xml: str, flags: DomainDeviceModifyFlags) -> None:
    """Plug a device in, now or at the next start."""
    await _attach(req, xml, flags)


async def _attach(req: Req, text: str, flags: Flags) -> None:
    driver, guest = req.driver, req.guest
    running, persistent = guest.chosen(live=Flags.LIVE in flags, config=Flags.CONFIG in flags)
    changed = copy.deepcopy(persistent) if persistent is not None else None
    if changed is not None:
        await hotplug.add_to(driver, changed, hotplug.read_device(text))
    if running is not None:
        await hotplug.attach(driver, guest, hotplug.read_device(text))
    if changed is not None:
        guest.assign(changed)
    await driver.save(guest, live=running is not None, config=changed is not None)


@calls.implements(api.detach_device)
async def detach_device(req: Req, xml: str) -> None:
    """Unplug a device of the running guest."""
    if not req.guest.active:
        raise OperationInvalid("domain is not running")
    await _detach(req, xml, Flags.LIVE)


@calls.implements(api.detach_device_flags, flags=Flags.LIVE | Flags.CONFIG)
async def detach_device_flags(req: Req, xml: str, flags: DomainDeviceModifyFlags) -> None:
    """Unplug a device, now or at the next start."""
    await _detach(req, xml, flags)


async def _detach(req: Req, text: str, flags: Flags) -> None:
    driver, guest = req.driver, req.guest
    running, persistent = guest.chosen(live=Flags.LIVE in flags, config=Flags.CONFIG in flags)
    device = hotplug.read_device(text)
    changed = copy.deepcopy(persistent) if persistent is not None else None
    if changed is not None:
        hotplug.remove_from(changed, device)
    if running is not None:
        await hotplug.detach(guest, device)
    if changed is not None:
        guest.assign(changed)
    await driver.save(guest, live=running is not None, config=changed is not None)
