# SPDX-License-Identifier: LGPL-2.1-or-later
"""The shapes in which Python programs get results: by type where they are regular, stated one by one where not."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from covirt.api.handles import Handle
from covirt.api.params import ParamType, TypedParams
from libvirt._link import PyCapsule

if TYPE_CHECKING:
    from libvirt._base import Wrapped

Shape = Callable[[Any, "Wrapped"], Any]


def shape_of(kind: Any) -> Shape:
    """What makes a result of this declared type into what Python programs get."""
    origin = get_origin(kind)
    if origin is list:
        inner = get_args(kind)[0]
        stated = _STATED.get(f"list[{inner.__name__}]")
        if stated is not None:
            return lambda value, _, stated=stated: stated(value)  # type: ignore[misc]
        each = shape_of(inner)
        return lambda value, owner: [each(item, owner) for item in value]
    if origin in (Union, types.UnionType):
        inner = next(part for part in get_args(kind) if part is not type(None))
        some = shape_of(inner)
        return lambda value, owner: None if value is None else some(value, owner)
    if kind is type(None):
        return lambda _, __: 0
    if issubclass(kind, Handle):
        return lambda value, owner: wrap(value, owner)
    stated = _STATED.get(kind.__name__)
    if stated is not None:
        return lambda value, _: stated(value)
    return lambda value, _: plain(value)


def plain(value: Any) -> Any:
    """Numbers without names."""
    return int(value) if isinstance(value, int) else value


def wrap(handle: Handle, owner: Wrapped) -> Any:
    """The object of a handle, which belongs where the object belongs that was asked."""
    import libvirt

    capsule = PyCapsule(handle, owner._o.link)
    kind = type(handle).__name__
    made = getattr(libvirt, f"vir{kind}")
    parent = owner
    if kind in ("DomainSnapshot", "DomainCheckpoint"):
        parent = getattr(owner, "_dom", owner)
    elif kind == "NetworkPort":
        parent = getattr(owner, "_net", owner)
    elif not isinstance(owner, libvirt.virConnect):
        parent = owner._conn
    return made(parent, _obj=capsule)


def params(value: TypedParams) -> dict[str, Any]:
    """Parameters as a dictionary; unsigned numbers of 32 bits have always gone through a signed one."""
    return {name: _signed(kind, item) for name, kind, item in value.entries}


def _signed(kind: ParamType, value: Any) -> Any:
    if kind == ParamType.UINT and value >= 1 << 31:
        return value - (1 << 32)
    return plain(value) if kind != ParamType.BOOLEAN else bool(value)


def cpus(octets: bytes, count: int) -> tuple[bool, ...]:
    """A map of processors."""
    return tuple(at // 8 < len(octets) and bool(octets[at // 8] >> at % 8 & 1) for at in range(count))


def _items(value: Any) -> list[Any]:
    return [plain(item) for item in value]


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(_items(value))


def _job(value: Any) -> dict[str, int]:
    if not value.found:
        return {}
    return {"type": int(value.type), "bandwidth": value.bandwidth, "cur": value.cur, "end": value.end}


def _interfaces(value: Any) -> dict[str, Any]:
    return {
        one.name: {
            "addrs": [{"addr": a.addr, "prefix": a.prefix, "type": int(a.type)} for a in one.addrs] or None,
            "hwaddr": one.hwaddr,
        }
        for one in value
    }


def _lease(value: Any) -> dict[str, Any]:
    names = ("iface", "expirytime", "type", "mac", "ipaddr", "prefix", "hostname", "clientid", "iaid")
    return {name: plain(getattr(value, name)) for name in names}


_STATED: dict[str, Callable[[Any], Any]] = {
    "TypedParams": params,
    "NodeInfo": lambda info: [info.model, info.memory >> 10, *_items(info[2:])],
    "SecurityModel": list,
    "DomainInfo": _items,
    "StateAndReason": _items,
    "ControlInfo": _items,
    "BlockInfo": lambda info: [info.capacity, info.allocation, info.physical],
    "BlockJobInfo": _job,
    "BlockStats": _tuple,
    "InterfaceStats": _tuple,
    "JobInfo": _items,
    "JobStats": lambda stats: {"type": int(stats.type), **params(stats.params)},
    "SchedulerType": _tuple,
    "SecurityLabel": lambda label: [label.label, bool(label.enforcing)],
    "StoragePoolInfo": _items,
    "StorageVolInfo": _items,
    "list[NodeStat]": lambda stats: {stat.field: stat.value for stat in stats},
    "list[DiskError]": lambda errors: {error.disk: int(error.error) for error in errors},
    "list[FileSystem]": lambda found: [(one.mountpoint, one.name, one.fstype, list(one.dev_aliases)) for one in found],
    "list[GuestInterface]": _interfaces,
    "list[SecurityLabel]": lambda labels: [[label.label, bool(label.enforcing)] for label in labels],
    "list[DhcpLease]": lambda leases: [_lease(lease) for lease in leases],
}
"""Results with several parts, and those whose form the declaration does not tell."""
