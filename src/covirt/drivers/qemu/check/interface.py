# SPDX-License-Identifier: LGPL-2.1-or-later
"""Network cards: what connections and models can do together."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.ip import InterfaceIp
from covirt.model.domain.devices.connections import VhostUserConnection
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.interface_parts import VIRTIO_MODELS
from covirt.model.domain.devices.teaming import TeamingType

WITH_MTU = frozenset({"network", "bridge", "ethernet", "vhostuser"})
WITH_COALESCE = frozenset({"network", "bridge"})


def check(card: Interface, situation: Situation) -> None:
    """Check one card."""
    if card.routes:
        raise ConfigUnsupported("Invalid attempt to set network interface guest-side IP route, not supported by QEMU")
    _check_user_network(card, situation)
    if card.type == "vdpa":
        situation.need("netdev.vhost-vdpa", "vDPA devices are not supported with this QEMU binary")
    if isinstance(card.connection, VhostUserConnection):
        _check_vhost_user(card, card.connection, situation)
    _check_driver(card, situation)
    if card.mtu and card.type not in WITH_MTU and not (card.type == "user" and card.backend.passt):
        raise ConfigUnsupported(f"setting MTU on interface type {card.type} is not supported yet")
    _check_teaming(card)
    if card.coalesce and card.type not in WITH_COALESCE:
        raise ConfigUnsupported(f"coalesce settings on interface type {card.type} are not supported")


def _check_user_network(card: Interface, situation: Situation) -> None:
    if not (card.type == "user" or (card.type == "vhostuser" and card.backend.passt)):
        if card.ips:
            raise ConfigUnsupported(
                "Invalid attempt to set network interface guest-side IP address info, not supported by QEMU"
            )
        return
    backend = card.backend.type or "default"
    if not situation.offers("interface", "backendType", backend):
        raise ConfigUnsupported(f"the '{backend}' network backend is not supported with this QEMU binary")
    families: set[str | None] = set()
    for ip in card.ips:
        _check_ip(ip, families)
        families.add(ip.family)


def _check_ip(ip: InterfaceIp, before: set[str | None]) -> None:
    prefix = int(ip.prefix or 0)
    if ip.peer is not None:
        raise ConfigUnsupported("Invalid attempt to set peer IP for guest")
    if ip.family in before:
        name = "IPv6" if ip.family == "ipv6" else "IPv4"
        raise ConfigUnsupported(f"Only one {name} address per interface is allowed")
    if ip.family == "ipv6":
        if prefix not in (0, 64):
            raise ConfigUnsupported(f"unsupported IPv6 address prefix='{prefix}' - must be 64")
    elif prefix and not 4 <= prefix <= 27:
        raise XmlError("invalid prefix, must be in range of 4-27")


def _check_vhost_user(card: Interface, connection: VhostUserConnection, situation: Situation) -> None:
    if connection.path is None and not card.backend.passt:
        raise XmlError("Missing required attribute 'path' in element 'source'")
    if connection.listen and connection.reconnect and connection.reconnect.enabled:
        raise ConfigUnsupported(
            "'reconnect' attribute is not supported when source mode='server' for <interface type='vhostuser'>"
        )
    situation.need_shared_memory("interface")


def _check_driver(card: Interface, situation: Situation) -> None:
    if card.model not in VIRTIO_MODELS:
        if card.type in ("vdpa", "vhostuser"):
            raise ConfigUnsupported(
                f"invalid model for interface of type '{card.type}': '{card.model or 'unknown'}' - must be 'virtio'"
            )
        return
    for name in ("rx_queue_size", "tx_queue_size"):
        size = getattr(card.driver, name)
        if size & (size - 1):
            raise ConfigUnsupported(f"{name} has to be a power of two")
    if card.driver.rss is not None:
        situation.need("virtio-net.rss", "virtio rss is not supported with this QEMU binary")
    if card.driver.rss_hash_report is not None:
        situation.need("virtio-net.rss", "virtio rss hash report is not supported with this QEMU binary")


def _check_teaming(card: Interface) -> None:
    if card.teaming is None:
        return
    if card.teaming.type is TeamingType.PERSISTENT and not card.virtio:
        raise ConfigUnsupported(
            f"virtio-net teaming persistent interface must be <model type='virtio'/>, not '{card.model}'"
        )
    if card.teaming.type is TeamingType.TRANSIENT and card.type not in ("hostdev", "network"):
        raise ConfigUnsupported(f"virtio-net teaming transient interface must be type='hostdev', not '{card.type}'")
