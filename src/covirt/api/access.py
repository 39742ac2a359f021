# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rights a call asks for: a permission on a kind of object, perhaps only when some flag is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PERMISSIONS: dict[str, tuple[str, ...]] = {
    "connect": (
        "getattr", "read", "write", "search_domains", "search_networks", "search_storage_pools",
        "search_node_devices", "search_interfaces", "search_secrets", "search_nwfilters",
        "search_nwfilter_bindings", "detect_storage_pools", "pm_control", "interface_transaction",
    ),
    "domain": (
        "getattr", "read", "write", "read_secure", "start", "stop", "reset", "save", "delete", "migrate",
        "checkpoint", "snapshot", "suspend", "hibernate", "core_dump", "pm_control", "init_control",
        "inject_nmi", "send_input", "send_signal", "fs_trim", "fs_freeze", "block_read", "block_write",
        "mem_read", "open_graphics", "open_device", "screenshot", "open_namespace", "set_time", "set_password",
    ),
    "interface": ("getattr", "read", "write", "save", "delete", "start", "stop"),
    "network": ("getattr", "read", "write", "save", "delete", "start", "stop", "search_ports"),
    "network_port": ("getattr", "read", "write", "create", "delete"),
    "node_device": ("getattr", "read", "write", "start", "stop", "detach", "delete", "save"),
    "nwfilter": ("getattr", "read", "write", "save", "delete"),
    "nwfilter_binding": ("getattr", "read", "create", "delete"),
    "secret": ("getattr", "read", "write", "read_secure", "save", "delete"),
    "storage_pool": (
        "getattr", "read", "write", "save", "delete", "start", "stop", "refresh", "search_storage_vols", "format",
    ),
    "storage_vol": ("getattr", "read", "create", "delete", "format", "resize", "data_read", "data_write"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Right:
    """One permission on a kind of object, asked for under conditions."""

    object: str
    permission: str
    all_set: int = 0
    none_set: int = 0
    parameter: str | None = None
    value: int | None = None

    @classmethod
    def parse(cls, text: str) -> Right:
        """Read `object:permission`."""
        kind, _, permission = text.partition(":")
        if permission not in PERMISSIONS.get(kind, ()):
            raise ValueError(f"there is no right {text!r}")
        return cls(kind, permission)

    @property
    def open_to_all(self) -> bool:
        """May any client do this, even one with a read-only connection?"""
        return self.permission in ("getattr", "read") or (
            self.object == "connect" and self.permission.startswith("search_")
        )

    def __str__(self) -> str:
        return f"{self.object}:{self.permission}"


def when(right: str, *, all_set: int = 0, none_set: int = 0) -> Right:
    """A right that is asked for only if these bits of the flags are all set, or none of them."""
    plain = Right.parse(right)
    return Right(plain.object, plain.permission, all_set=int(all_set), none_set=int(none_set))


def when_value(right: str, parameter: str, value: int) -> Right:
    """A right that is asked for only if a parameter has this value."""
    plain = Right.parse(right)
    return Right(plain.object, plain.permission, parameter=parameter, value=int(value))


def rights(declared: str | Right | Iterable[str | Right]) -> tuple[Right, ...]:
    """The rights of a declaration, in order."""
    if isinstance(declared, str | Right):
        declared = (declared,)
    return tuple(Right.parse(item) if isinstance(item, str) else item for item in declared)
