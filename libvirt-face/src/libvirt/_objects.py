# SPDX-License-Identifier: LGPL-2.1-or-later
"""Everything on a host that is neither the connection nor a guest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from libvirt._base import Child, Identified, Named
from libvirt._calls import (
    InterfaceCalls,
    NetworkCalls,
    NetworkPortCalls,
    NodeDeviceCalls,
    NWFilterBindingCalls,
    NWFilterCalls,
    SecretCalls,
    StoragePoolCalls,
    StorageVolCalls,
)

if TYPE_CHECKING:
    from libvirt import virStream


class virNetwork(Named, Identified, NetworkCalls):
    """A virtual network."""

    def portLookupByUUID(self, uuid: bytes) -> virNetworkPort:
        """Find a port by its UUID."""
        port: virNetworkPort = self._ask("network_port.port_lookup_by_uuid", uuid)
        return port

    def portLookupByUUIDString(self, uuidstr: str) -> virNetworkPort:
        """Find a port by the text of its UUID."""
        from libvirt._connect import uuid_of

        return self.portLookupByUUID(uuid_of(self, uuidstr, "virNetworkPortLookupByUUIDString"))


class virNetworkPort(Identified, NetworkPortCalls):
    """A port by which a guest's card is plugged into a network."""

    def __init__(self, net: virNetwork, _obj: Any = None) -> None:
        """Made by calls of its network."""
        self._net = net
        super().__init__(net, _obj)

    def network(self) -> virNetwork:
        """The network."""
        return self._net

    def setParameters(self, params: Mapping[str, Any], flags: int = 0) -> int:
        """Set limits of the port."""
        from libvirt._tuning import set_like

        return set_like(self, params, "network_port.parameters", "network_port.set_parameters", (), (flags,))


class virInterface(Named, InterfaceCalls):
    """A network interface of the host."""

    def MACString(self) -> str:
        """Get the hardware address."""
        mac: str = self._o.handle.mac
        return mac


class virStoragePool(Named, Identified, StoragePoolCalls):
    """A place where volumes are kept."""


class virStorageVol(Named, StorageVolCalls):
    """A volume."""

    streamBufSize = 262120
    """How much of a volume goes in one piece."""

    def key(self) -> str:
        """Get what names the volume beyond this host."""
        key: str = self._o.handle.key
        return key

    def download(self, stream: virStream, offset: int, length: int, flags: int = 0) -> int:
        """Read from the volume over a stream."""
        stream._attach(self, "storage.volume.download", offset, length, flags)
        return 0

    def upload(self, stream: virStream, offset: int, length: int, flags: int = 0) -> int:
        """Write to the volume over a stream."""
        stream._attach(self, "storage.volume.upload", offset, length, flags)
        return 0


class virNodeDevice(Named, NodeDeviceCalls):
    """A device of the host."""


class virSecret(Identified, SecretCalls):
    """A password or key that is kept for others."""

    def usageID(self) -> str:
        """Get what the secret is for."""
        usage: str = self._o.handle.usage_id
        return usage

    def usageType(self) -> int:
        """Get for what kind of thing the secret is."""
        return int(self._o.handle.usage_type)


class virNWFilter(Named, Identified, NWFilterCalls):
    """A set of firewall rules for guests."""


class virNWFilterBinding(Child, NWFilterBindingCalls):
    """The use of a filter on one port device."""

    def portDev(self) -> str:
        """Get the name of the device."""
        name: str = self._o.handle.port_dev
        return name

    def filterName(self) -> str:
        """Get the name of the filter."""
        name: str = self._o.handle.filter_name
        return name
