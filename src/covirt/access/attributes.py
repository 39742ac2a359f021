# SPDX-License-Identifier: LGPL-2.1-or-later
"""What rules get to know of an object: its names, under the names that libvirt gives them."""

from __future__ import annotations

from covirt.api.handles import (
    Domain,
    DomainCheckpoint,
    DomainSnapshot,
    Handle,
    Interface,
    Network,
    NetworkPort,
    NodeDevice,
    NWFilter,
    NWFilterBinding,
    Secret,
    StoragePool,
    StorageVol,
)


def attributes_of(handle: Handle) -> dict[str, str]:
    """The attributes of the object behind a handle."""
    match handle:
        case Domain(name, uuid):
            return {"domain_name": name, "domain_uuid": str(uuid)}
        case DomainSnapshot() | DomainCheckpoint():
            return attributes_of(handle.dom)
        case Network(name, uuid):
            return {"network_name": name, "network_uuid": str(uuid)}
        case NetworkPort(network, uuid):
            return {**attributes_of(network), "port_uuid": str(uuid)}
        case Interface():
            return {"interface_name": handle.name, "interface_macaddr": str(handle.mac)}
        case StoragePool(name, uuid):
            return {"pool_name": name, "pool_uuid": str(uuid)}
        case StorageVol():
            return {"pool_name": handle.pool, "vol_name": handle.name, "vol_key": handle.key}
        case NodeDevice(name):
            return {"node_device_name": name}
        case NWFilter(name, uuid):
            return {"nwfilter_name": name, "nwfilter_uuid": str(uuid)}
        case NWFilterBinding():
            return {"nwfilter_binding_portdev": handle.port_dev}
        case Secret():
            return {"secret_uuid": str(handle.uuid), **_usage(handle)}
    return {}


_USAGES = {
    1: "secret_usage_volume",
    2: "secret_usage_ceph",
    3: "secret_usage_target",
    4: "secret_usage_name",
    5: "secret_usage_name",
}


def _usage(secret: Secret) -> dict[str, str]:
    name = _USAGES.get(secret.usage_type)
    return {name: secret.usage_id} if name else {}
