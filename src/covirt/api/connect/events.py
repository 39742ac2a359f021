# SPDX-License-Identifier: LGPL-2.1-or-later
"""How clients of the daemon subscribe to events; drivers know nothing of it."""

from __future__ import annotations

from covirt.api.call import Calls
from covirt.api.handles import Connect, Domain, Network, NodeDevice, Secret, StoragePool
from covirt.api.themes import HOST, NETWORK, NODEDEV, SECRET, STORAGE

call = Calls(HOST)
network_call = Calls(NETWORK)
nodedev_call = Calls(NODEDEV)
secret_call = Calls(SECRET)
storage_call = Calls(STORAGE)


@call(
    105,
    "virConnectDomainEventRegister",
    acl="connect:search_domains",
    filter="domain:getattr",
    high=True,
    daemon=True,
    since="0.5.0",
)
def domain_event_register(conn: Connect) -> bool:
    """Subscribe to lifecycle events of all domains, the oldest way."""


@call(106, "virConnectDomainEventDeregister", acl="connect:read", high=True, daemon=True, since="0.5.0")
def domain_event_deregister(conn: Connect) -> bool:
    """Take back the oldest subscription."""


@call(
    167,
    "virConnectDomainEventRegisterAny",
    acl="connect:search_domains",
    filter="domain:getattr",
    high=True,
    daemon=True,
    since="0.8.0",
)
def domain_event_register_any(conn: Connect, event_id: int) -> None:
    """Subscribe to one kind of domain event, the old way."""


@call(168, "virConnectDomainEventDeregisterAny", acl="connect:read", high=True, daemon=True, since="0.8.0")
def domain_event_deregister_any(conn: Connect, event_id: int) -> None:
    """Take back an old subscription."""


@call(316, acl="connect:search_domains", filter="domain:getattr", high=True, daemon=True, since="1.2.1")
def domain_event_callback_register_any(conn: Connect, event_id: int, dom: Domain | None) -> int:
    """Subscribe to one kind of event of one domain or of all."""


@call(317, acl="connect:read", high=True, daemon=True, since="1.2.1")
def domain_event_callback_deregister_any(conn: Connect, callback_id: int) -> None:
    """Take back a subscription to domain events."""


@network_call(
    313,
    "virConnectNetworkEventRegisterAny",
    acl="connect:search_networks",
    filter="network:getattr",
    high=True,
    daemon=True,
    since="1.2.1",
)
def network_event_register_any(conn: Connect, event_id: int, net: Network | None) -> int:
    """Subscribe to one kind of event of one network or of all."""


@network_call(314, "virConnectNetworkEventDeregisterAny", acl="connect:read", high=True, daemon=True, since="1.2.1")
def network_event_deregister_any(conn: Connect, callback_id: int) -> None:
    """Take back a subscription to network events."""


@storage_call(
    368,
    "virConnectStoragePoolEventRegisterAny",
    acl="connect:search_storage_pools",
    filter="storage_pool:getattr",
    high=True,
    daemon=True,
    since="2.0.0",
)
def storage_pool_event_register_any(conn: Connect, event_id: int, pool: StoragePool | None) -> int:
    """Subscribe to one kind of event of one storage pool or of all."""


@storage_call(369, "virConnectStoragePoolEventDeregisterAny", acl="connect:read", high=True, daemon=True, since="2.0.0")
def storage_pool_event_deregister_any(conn: Connect, callback_id: int) -> None:
    """Take back a subscription to storage pool events."""


@nodedev_call(
    374,
    "virConnectNodeDeviceEventRegisterAny",
    acl="connect:search_node_devices",
    filter="node_device:getattr",
    high=True,
    daemon=True,
    since="2.2.0",
)
def node_device_event_register_any(conn: Connect, event_id: int, dev: NodeDevice | None) -> int:
    """Subscribe to one kind of event of one host device or of all."""


@nodedev_call(375, "virConnectNodeDeviceEventDeregisterAny", acl="connect:read", high=True, daemon=True, since="2.2.0")
def node_device_event_deregister_any(conn: Connect, callback_id: int) -> None:
    """Take back a subscription to host device events."""


@secret_call(
    380,
    "virConnectSecretEventRegisterAny",
    acl="connect:search_secrets",
    filter="secret:getattr",
    high=True,
    daemon=True,
    since="3.0.0",
)
def secret_event_register_any(conn: Connect, event_id: int, secret: Secret | None) -> int:
    """Subscribe to one kind of event of one secret or of all."""


@secret_call(381, "virConnectSecretEventDeregisterAny", acl="connect:read", high=True, daemon=True, since="3.0.0")
def secret_event_deregister_any(conn: Connect, callback_id: int) -> None:
    """Take back a subscription to secret events."""
