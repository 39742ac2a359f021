# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<networkport>`: the plug by which a guest's card is connected with a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from covirt.errors import InternalError
from covirt.model.common.netdev import Bandwidth, VirtualPort, Vlan
from covirt.model.common.pci import PciSlot
from covirt.model.network.definition import MacTableManager
from covirt.model.network.forward import HostDriver
from covirt.values import Mac, Uuid
from covirt.xml import At, Choice, YesNo


class DirectMode(StrEnum):
    """How cards on one interface of the host see each other."""

    VEPA = "vepa"
    PRIVATE = "private"
    BRIDGE = "bridge"
    PASSTHROUGH = "passthrough"


@dataclass(slots=True, kw_only=True)
class BridgePlug:
    """A port of a bridge, the network's own or one of the host."""

    type: Literal["network", "bridge"]
    bridge: Annotated[str, At("@bridge", blank_is_none=True, missing="Missing network port bridge name")]
    mac_table_manager: Annotated[
        MacTableManager | None,
        At("@macTableManager", blank_is_none=True, invalid="Invalid macTableManager setting '{value}' in network port"),
    ] = None


@dataclass(slots=True, kw_only=True)
class DirectPlug:
    """A card on an interface of the host."""

    type: Literal["direct"] = "direct"
    dev: Annotated[str, At("@dev", blank_is_none=True, missing="Missing network port link device name")]
    mode: Annotated[
        DirectMode | None, At("@mode", blank_is_none=True, invalid="Invalid mode setting '{value}' in network port")
    ] = DirectMode.VEPA


@dataclass(slots=True, kw_only=True)
class HostdevPlug:
    """A device of the host."""

    type: Literal["hostdev-pci"] = "hostdev-pci"
    managed: Annotated[YesNo | None, At("@managed")] = None
    driver: Annotated[HostDriver | None, At("driver/@name")] = None
    driver_model: Annotated[str | None, At("driver/@model")] = None
    address: Annotated[PciSlot, At("address", missing="Missing network port PCI address")]


def _required(path: str, missing: str, invalid: str | None = None) -> At:
    return At(path, blank_is_none=True, missing=missing, invalid=invalid or missing, error=InternalError)


@dataclass(slots=True, kw_only=True)
class NetworkPortDefinition:
    """A port: whose it is, how it is treated, and what it is plugged into."""

    ELEMENT: ClassVar[str] = "networkport"

    uuid: Annotated[Uuid, _required("uuid", "network port has no uuid", "Unable to parse UUID '{value}'")]
    owner_name: Annotated[str, _required("owner/name", "network port has no owner name")]
    owner_uuid: Annotated[
        Uuid, _required("owner/uuid", "network port has no owner UUID", "Unable to parse UUID '{value}'")
    ]
    group: Annotated[str | None, At("group")] = None
    mac: Annotated[Mac, _required("mac/@address", "network port has no mac", "Unable to parse MAC '{value}'")]
    virtualport: Annotated[VirtualPort | None, At("virtualport")] = None
    bandwidth: Annotated[Bandwidth | None, At("bandwidth")] = None
    vlan: Annotated[Vlan | None, At("vlan")] = None
    isolated: Annotated[YesNo | None, At("port/@isolated")] = None
    trust_guest_rx_filters: Annotated[YesNo | None, At("rxfilters/@trustGuest")] = None
    plug: Annotated[BridgePlug | DirectPlug | HostdevPlug | None, At("plug"), Choice("@type")] = field(default=None)
