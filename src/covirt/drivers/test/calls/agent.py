# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an agent inside a guest would do: every guest with a disk has `/` and `/boot` on the first one."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from covirt.addresses import format_address
from covirt.api.binding import CallTable
from covirt.api.domain import agent as api
from covirt.api.domain.agent import (
    DomainInterfaceAddressesSource,
    DomainSetTimeFlags,
    DomainSetUserPasswordFlags,
    FileSystem,
    GuestInterface,
    GuestTime,
    IpAddress,
    IPAddrType,
)
from covirt.api.domain.states import DomainState
from covirt.api.enums import NoFlags
from covirt.api.request import Request
from covirt.drivers.test.guest import MOUNT_POINTS, PretendedGuest
from covirt.errors import ArgumentUnsupported, OperationInvalid
from covirt.model.domain.devices.connections import NetworkConnection
from covirt.model.domain.devices.disk_parts import DiskDevice
from covirt.model.domain.devices.interface import Interface

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()

# File systems


def _meant(mount_points: list[str]) -> set[str]:
    unknown = [name for name in mount_points if name not in MOUNT_POINTS]
    if unknown:
        raise OperationInvalid(f"mount point not found: {unknown[0]}")
    return set(mount_points or MOUNT_POINTS)


@calls.implements(api.fs_freeze)
async def fs_freeze(req: Req, mountpoints: list[str], flags: NoFlags) -> int:
    """Those that were not still are so now."""
    req.guest.require_active()
    changed = _meant(mountpoints) - req.guest.frozen
    req.guest.frozen |= changed
    return len(changed)


@calls.implements(api.fs_thaw)
async def fs_thaw(req: Req, mountpoints: list[str], flags: NoFlags) -> int:
    """Those that were still go on."""
    req.guest.require_active()
    changed = _meant(mountpoints) & req.guest.frozen
    req.guest.frozen -= changed
    return len(changed)


@calls.implements(api.fs_trim)
async def fs_trim(req: Req, mount_point: str | None, minimum: int, flags: NoFlags) -> None:
    """Nothing is given back."""
    req.guest.require_active()
    _meant([] if mount_point is None else [mount_point])


@calls.implements(api.fs_info)
async def fs_info(req: Req, flags: NoFlags) -> list[FileSystem]:
    """Both file systems."""
    req.guest.require_active()
    disks = [disk.target for disk in req.guest.definition.devices.disks if disk.device is DiskDevice.DISK]
    if not disks:
        return []
    first = disks[0] or ""
    return [FileSystem(place, f"{first}{part}", "ext4", [first]) for part, place in enumerate(MOUNT_POINTS, start=1)]


# Clock and users


@calls.implements(api.get_time)
async def get_time(req: Req, flags: NoFlags) -> GuestTime:
    """The time that was set last."""
    if req.guest.state is not DomainState.RUNNING:
        raise OperationInvalid("domain is not running")
    return GuestTime(req.guest.seconds, req.guest.nanoseconds)


@calls.implements(api.set_time)
async def set_time(req: Req, seconds: int, nseconds: int, flags: DomainSetTimeFlags) -> None:
    """Set the clock, which stands."""
    req.guest.require_active()
    req.guest.seconds, req.guest.nanoseconds = seconds, nseconds


@calls.implements(api.set_user_password)
async def set_user_password(
    req: Req, user: str | None, password: str | None, flags: DomainSetUserPasswordFlags
) -> None:
    """Nobody logs in."""
    req.guest.require_active()


# Addresses


@calls.implements(api.interface_addresses)
async def interface_addresses(req: Req, source: DomainInterfaceAddressesSource, flags: NoFlags) -> list[GuestInterface]:
    """One address for each card, in the range of its network; each guest has twenty of them."""
    if source not in tuple(DomainInterfaceAddressesSource):
        raise ArgumentUnsupported(f"Unknown IP address data source {int(source)}")
    req.guest.require_active()
    cards = req.guest.definition.devices.interfaces
    return [
        GuestInterface(card.target or "", str(card.mac), [_address(req, card, place)])
        for place, card in enumerate(cards)
    ]


def _address(req: Req, card: Interface, place: int) -> IpAddress:
    if not isinstance(card.connection, NetworkConnection):
        return IpAddress(IPAddrType.IPV4, f"192.168.0.{place + 1}", 24)
    network = req.driver.networks.by_name(card.connection.network or "").definition
    if not network.ips:
        return IpAddress(IPAddrType.IPV4, f"192.168.0.{place + 1}", 24)
    ip = network.ips[0]
    first = ipaddress.ip_address((ip.ranges[0].start if ip.ranges else None) or str(ip.address))
    address = first + (20 * (req.guest.id - 1) + place + 1)
    kind = IPAddrType.IPV6 if ip.version == 6 else IPAddrType.IPV4
    return IpAddress(kind, format_address(address), ip.network_prefix)
