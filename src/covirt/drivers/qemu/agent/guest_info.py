# SPDX-License-Identifier: LGPL-2.1-or-later
"""Answers of the guest agent as the parameters of libvirt's guest information."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from covirt.api.params import TypedParams
from covirt.drivers.qemu.agent.commands import Interface, LoadAverages, Timezone, User
from covirt.drivers.qemu.agent.storage import Disk, DiskAddress, FileSystem

#: Finds the target (`vda`) of the domain's disk at an address.
FindTarget = Callable[[DiskAddress], str | None]


def add_users(params: TypedParams, users: Sequence[User]) -> None:
    """Who is logged in."""
    params.add_uint("user.count", len(users))
    for place, user in enumerate(users):
        params.add_string(f"user.{place}.name", user.name)
        _add_known(params, {f"user.{place}.domain": user.domain})
        params.add_ullong(f"user.{place}.login-time", user.login_time)


def add_os(params: TypedParams, info: Mapping[str, str]) -> None:
    """The operating system."""
    _add_known(params, {f"os.{name}": value for name, value in info.items()})


def add_timezone(params: TypedParams, timezone: Timezone) -> None:
    """The time zone."""
    _add_known(params, {"timezone.name": timezone.name})
    params.add_int("timezone.offset", timezone.offset)


def add_load(params: TypedParams, load: LoadAverages) -> None:
    """The load."""
    for name, value in (("load.1m", load.one), ("load.5m", load.five), ("load.15m", load.fifteen)):
        params.add_double(name, value)


def add_interfaces(params: TypedParams, interfaces: Sequence[Interface]) -> None:
    """The network interfaces; none of them say nothing at all."""
    if not interfaces:
        return
    params.add_uint("if.count", len(interfaces))
    for place, interface in enumerate(interfaces):
        params.add_string(f"if.{place}.name", interface.name)
        _add_known(params, {f"if.{place}.hwaddr": interface.mac})
        params.add_uint(f"if.{place}.addr.count", len(interface.addresses))
        for number, address in enumerate(interface.addresses):
            prefix = f"if.{place}.addr.{number}"
            params.add_string(f"{prefix}.type", address.family)
            params.add_string(f"{prefix}.addr", address.address)
            params.add_uint(f"{prefix}.prefix", address.prefix)


def add_file_systems(params: TypedParams, file_systems: Sequence[FileSystem], target: FindTarget) -> None:
    """The mounted file systems."""
    if not file_systems:
        return
    params.add_uint("fs.count", len(file_systems))
    for place, mounted in enumerate(file_systems):
        prefix = f"fs.{place}"
        params.add_string(f"{prefix}.name", mounted.name)
        params.add_string(f"{prefix}.mountpoint", mounted.mount_point)
        params.add_string(f"{prefix}.fstype", mounted.type)
        if mounted.total is not None:
            params.add_ullong(f"{prefix}.total-bytes", mounted.total)
        if mounted.used is not None:
            params.add_ullong(f"{prefix}.used-bytes", mounted.used)
        params.add_uint(f"{prefix}.disk.count", len(mounted.disks))
        for number, disk in enumerate(mounted.disks):
            told = {"alias": target(disk), "serial": disk.serial, "device": disk.device}
            _add_known(params, {f"{prefix}.disk.{number}.{name}": value for name, value in told.items()})


def add_disks(params: TypedParams, disks: Sequence[Disk], target: FindTarget) -> None:
    """The disks and partitions."""
    if not disks:
        return
    params.add_uint("disk.count", len(disks))
    for place, disk in enumerate(disks):
        prefix = f"disk.{place}"
        params.add_string(f"{prefix}.name", disk.name)
        params.add_bool(f"{prefix}.partition", disk.partition)
        if disk.dependencies:
            params.add_uint(f"{prefix}.dependency.count", len(disk.dependencies))
        for number, name in enumerate(disk.dependencies):
            params.add_string(f"{prefix}.dependency.{number}.name", name)
        if disk.address:
            address = disk.address
            told = {"serial": address.serial, "alias": target(address), "guest_bus": address.bus_type}
            _add_known(params, {f"{prefix}.{name}": value for name, value in told.items()})
        _add_known(params, {f"{prefix}.guest_alias": disk.alias})


def _add_known(params: TypedParams, texts: Mapping[str, str | None]) -> None:
    for name, value in texts.items():
        if value is not None:
            params.add_string(name, value)
