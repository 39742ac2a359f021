# SPDX-License-Identifier: LGPL-2.1-or-later
"""Handles: the names by which calls say which object they are about."""

from __future__ import annotations

from dataclasses import dataclass, field

from covirt.api.layout import Int
from covirt.values import Uuid


class Handle:
    """What all handles have in common."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Connect(Handle):
    """The connection itself, and the host behind it."""

    def __str__(self) -> str:
        return "the connection"


@dataclass(frozen=True, slots=True)
class Domain(Handle):
    """A guest; `id` is -1 while it does not run."""

    name: str
    uuid: Uuid
    id: int = field(default=-1, compare=False)

    def __str__(self) -> str:
        return f"domain '{self.name}'"


@dataclass(frozen=True, slots=True)
class Network(Handle):
    """A virtual network."""

    name: str
    uuid: Uuid

    def __str__(self) -> str:
        return f"network '{self.name}'"


@dataclass(frozen=True, slots=True)
class NetworkPort(Handle):
    """A port by which a guest's card is plugged into a network."""

    network: Network
    uuid: Uuid

    def __str__(self) -> str:
        return f"port {self.uuid} of {self.network}"


@dataclass(frozen=True, slots=True)
class NWFilter(Handle):
    """A set of firewall rules for guests."""

    name: str
    uuid: Uuid

    def __str__(self) -> str:
        return f"network filter '{self.name}'"


@dataclass(frozen=True, slots=True)
class NWFilterBinding(Handle):
    """The use of a filter on one port device."""

    port_dev: str
    filter_name: str

    def __str__(self) -> str:
        return f"filter binding of '{self.port_dev}'"


@dataclass(frozen=True, slots=True)
class Interface(Handle):
    """A network interface of the host."""

    name: str
    mac: str

    def __str__(self) -> str:
        return f"interface '{self.name}'"


@dataclass(frozen=True, slots=True)
class StoragePool(Handle):
    """A place where volumes are kept."""

    name: str
    uuid: Uuid

    def __str__(self) -> str:
        return f"storage pool '{self.name}'"


@dataclass(frozen=True, slots=True)
class StorageVol(Handle):
    """A volume; `key` is unique on the host and beyond."""

    pool: str
    name: str
    key: str

    def __str__(self) -> str:
        return f"volume '{self.name}' of pool '{self.pool}'"


@dataclass(frozen=True, slots=True)
class NodeDevice(Handle):
    """A device of the host."""

    name: str

    def __str__(self) -> str:
        return f"node device '{self.name}'"


@dataclass(frozen=True, slots=True)
class Secret(Handle):
    """A password or key that is kept for others."""

    uuid: Uuid
    usage_type: Int
    usage_id: str

    def __str__(self) -> str:
        return f"secret {self.uuid}"


@dataclass(frozen=True, slots=True)
class DomainCheckpoint(Handle):
    """A point in time from which a domain's disks remember what was written."""

    name: str
    dom: Domain

    def __str__(self) -> str:
        return f"checkpoint '{self.name}' of {self.dom}"


@dataclass(frozen=True, slots=True)
class DomainSnapshot(Handle):
    """A kept state of a domain."""

    name: str
    dom: Domain

    def __str__(self) -> str:
        return f"snapshot '{self.name}' of {self.dom}"
