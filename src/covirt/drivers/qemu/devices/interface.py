# SPDX-License-Identifier: LGPL-2.1-or-later
"""Network cards and what is behind them on the host."""

from __future__ import annotations

import ipaddress

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices import chardev
from covirt.drivers.qemu.devices.boot import boot_index
from covirt.drivers.qemu.devices.common import add_companion, load_parameter, place, rom_props, virtio_props
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.common.sockets import Reconnect
from covirt.model.domain.address import CcwAddress, PciAddress, VirtioMmioAddress
from covirt.model.domain.devices.chardev import SocketMode, UnixChardev
from covirt.model.domain.devices.connections import SocketConnection, UdpConnection, VdpaConnection, VhostUserConnection
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.interface_parts import NetDriverName, TxMode
from covirt.model.domain.devices.teaming import TeamingType

TAP_TYPES = ("network", "bridge", "direct", "ethernet")
"""Connections through a tap device whose descriptors QEMU gets."""
_SOCKET_WORDS = {"client": "connect", "server": "listen", "mcast": "mcast"}
_TX = {TxMode.IOTHREAD: "bh", TxMode.TIMER: "timer"}
PASST_RECONNECT = 5
"""Seconds after which QEMU calls passt again."""


def build(card: Interface, build: Build) -> None:
    """The host's side and the card; cards of the host itself are among the host devices."""
    check(card)
    if card.actual_type == "hostdev":
        return
    if isinstance(card.connected, VhostUserConnection):
        _add_vhost_user(card, build)
    if isinstance(card.connected, VdpaConnection):
        build.pass_set(f"{card.info.alias}-vdpa")
    build.argv.netdev(backend(card, build))
    if has_device(card, build):
        add_companion(build, card.info)
        build.argv.device(frontend(card, build))
    elif isinstance(card.connected, VhostUserConnection):
        raise InternalError("Nicdev support unavailable")
    else:
        add_companion(build, card.info)
        model = f",model={card.model}" if card.model else ""
        alias = card.info.alias
        build.argv.add("-net", f"nic,macaddr={card.mac},netdev=host{alias}{model},id={alias}")


_TAPPED = ("network", "bridge", "ethernet")
_WITH_QUEUES = (*TAP_TYPES, "vhostuser", "vdpa")


def check(card: Interface) -> None:
    """Refuse what the actual connection cannot do; it may have become known only now."""
    kind = card.actual_type
    what = None
    if card.driver.queues and kind not in _WITH_QUEUES:
        what = "multiqueue is"
    elif card.filter and kind not in _TAPPED:
        what = "filterref is"
    elif card.backend.tap and kind not in _TAPPED:
        what = "custom tap device path is"
    if what:
        raise ConfigUnsupported(f"interface {card.mac} - {what} not supported for network interfaces of type {kind}")
    if card.teaming and card.teaming.type is TeamingType.TRANSIENT and kind != "hostdev":
        raise ConfigUnsupported(f"interface {card.mac} - teaming transient device must be type='hostdev', not '{kind}'")


def has_device(card: Interface, build: Build) -> bool:
    """The cards of ARM boards are part of the board, and not devices."""
    return _is_device(card, build.machine.arch)


def _is_device(card: Interface, arch: str) -> bool:
    arm = arch in ("armv6l", "armv7l", "aarch64")
    return not arm or isinstance(card.info.address, VirtioMmioAddress | PciAddress)


def _add_vhost_user(card: Interface, build: Build) -> None:
    connection = card.connected
    assert isinstance(connection, VhostUserConnection)
    mode = SocketMode.BIND if connection.listen else SocketMode.CONNECT
    path = build.prepared.sockets.get(str(card.info.alias), connection.path)
    reconnect = connection.reconnect
    if card.backend.passt:
        reconnect = Reconnect(enabled=True, timeout=PASST_RECONNECT)
    source = UnixChardev(mode=mode, path=path, reconnect=reconnect)
    chardev.add(build, source, chardev.chardev_alias(card.info.alias), None, wait=True)


def wants_vhost_net(card: Interface, arch: str, *, kvm: bool) -> bool:
    """Shall the host's kernel move the packets? Then its device is opened, as often as the card has queues."""
    if not kvm or card.driver.name is NetDriverName.QEMU:
        return False
    insisted = card.driver.name is NetDriverName.VHOST
    if not _is_device(card, arch):
        if insisted:
            raise ConfigUnsupported("vhost-net is not supported with this QEMU binary")
        return False
    if not card.virtio:
        if insisted:
            raise ConfigUnsupported("vhost-net is only supported for virtio network interfaces")
        return False
    return True


# The host's side


def backend(card: Interface, build: Build) -> Props:
    """The host's side."""
    kind = card.actual_type
    if card.script and kind != "ethernet":
        raise ConfigUnsupported(f"scripts are not supported on interfaces of type {kind}")
    return _backend(card, build, kind) | {"id": f"host{card.info.alias}"}


def _backend(card: Interface, build: Build, kind: str) -> Props:
    alias = str(card.info.alias)
    queues = card.driver.queues if card.driver.queues > 1 else None
    connection = card.connected
    match kind:
        case "network" | "bridge" | "direct" | "ethernet":
            return _tap(card, build, alias)
        case "client" | "server" | "mcast":
            assert isinstance(connection, SocketConnection)
            return {"type": "socket", _SOCKET_WORDS[kind]: f"{connection.address or ''}:{connection.port}"}
        case "udp":
            assert isinstance(connection, UdpConnection)
            near = f"{connection.local_address}:{connection.local_port}"
            return {"type": "socket", "udp": f"{connection.address or ''}:{connection.port}", "localaddr": near}
        case "user":
            return _user(card, build, alias)
        case "internal":
            return {"type": "user"}
        case "vhostuser":
            return props(type="vhost-user", chardev=chardev.chardev_alias(alias), queues=queues)
        case "vdpa":
            device = build.prepared.sets[f"{alias}-vdpa"].path
            return props(type="vhost-vdpa", vhostdev=device, queues=queues)
    raise ConfigUnsupported(f"network device type '{kind}' is not supported by this hypervisor")


def _tap(card: Interface, build: Build, alias: str) -> Props:
    taps, vhosts = build.prepared.taps[alias], build.prepared.vhost_nets.get(alias, [])
    made: Props = {"type": "tap", "fds" if len(taps) > 1 else "fd": ":".join(map(str, taps))}
    if vhosts:
        made |= {"vhost": True, "vhostfds" if len(vhosts) > 1 else "vhostfd": ":".join(map(str, vhosts))}
    return made | props(sndbuf=card.sndbuf)


def _user(card: Interface, build: Build, alias: str) -> Props:
    if card.backend.passt:
        return _passt(build, build.prepared.sockets[alias])
    if f"{alias}-slirp" in build.prepared.descriptors:
        return {"type": "socket", "fd": str(build.prepared.descriptors[f"{alias}-slirp"])}
    made: Props = {"type": "user"}
    for ip in card.ips:
        if ipaddress.ip_address(ip.address).version == 4:
            made["net"] = f"{ip.address}/{ip.prefix}" if ip.prefix else str(ip.address)
        else:
            made |= props(ipv6_prefix=str(ip.address), ipv6_prefixlen=int(ip.prefix) if ip.prefix else None)
    return made


def _passt(build: Build, path: str) -> Props:
    made: Props = {"type": "stream", "addr": {"type": "unix", "path": path}, "server": False}
    if "netdev.stream.reconnect" in build.caps:
        if "netdev-stream-reconnect-miliseconds" in build.caps:
            made["reconnect-ms"] = PASST_RECONNECT * 1000
        else:
            made["reconnect"] = PASST_RECONNECT
    return made


# The card


def frontend(card: Interface, build: Build) -> Props:
    """The card."""
    made = _virtio(card, build) if card.virtio else props(driver=card.model)
    made |= props(
        netdev=f"host{card.info.alias}",
        id=card.info.alias,
        mac=str(card.mac),
        bootindex=boot_index(build.guest, card),
        loadparm=load_parameter(build, card.boot),
    )
    return made | place(build, card.info) | rom_props(card.info)


def _virtio(card: Interface, build: Build) -> Props:
    driver, host, guest = card.driver, card.driver.host, card.driver.guest
    many = driver.queues > 1
    # Two interrupts a queue, one for changes and one for the control queue.
    vectors = 2 * driver.queues + 2 if many and not isinstance(card.info.address, CcwAddress) else None
    failover = card.teaming is not None and card.teaming.type is TeamingType.PERSISTENT
    return virtio_props(build, "virtio-net", card.info, driver.virtio, card.model) | props(
        {
            "tx": _TX[driver.txmode] if driver.txmode else None,
            "ioeventfd": driver.ioeventfd,
            "event_idx": driver.event_idx,
            "csum": host.csum,
            "gso": host.gso,
            "host_tso4": host.tso4,
            "host_tso6": host.tso6,
            "host_ecn": host.ecn,
            "host_ufo": host.ufo,
            "mrg_rxbuf": host.mrg_rxbuf,
            "guest_csum": guest.csum,
            "guest_tso4": guest.tso4,
            "guest_tso6": guest.tso6,
            "guest_ecn": guest.ecn,
            "guest_ufo": guest.ufo,
            "mq": True if many else None,
            "vectors": vectors,
            "rx_queue_size": driver.rx_queue_size or None,
            "tx_queue_size": driver.tx_queue_size or None,
            "rss": driver.rss,
            "hash": driver.rss_hash_report,
            "host_mtu": card.mtu or None,
            "failover": True if failover else None,
        }
    )
