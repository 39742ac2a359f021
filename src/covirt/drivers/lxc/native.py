# SPDX-License-Identifier: LGPL-2.1-or-later
"""Configurations of lxc-tools, in the spelling of version 3 and in the older one, as definitions."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field

from covirt.drivers.lxc.controller.tree import BASIC
from covirt.errors import ArgumentUnsupported, ConfigUnsupported, InternalError, InvalidArg
from covirt.model.common.ip import HostdevRoute, InterfaceIp, Route
from covirt.model.domain.blkiotune import DeviceLimits
from covirt.model.domain.definition import DomainDefinition, VirtType
from covirt.model.domain.devices.char import Console, ConsoleTarget
from covirt.model.domain.devices.chardev import PtyChardev
from covirt.model.domain.devices.connections import BridgeConnection, DirectConnection, EthernetConnection, MacvtapMode
from covirt.model.domain.devices.filesystem import (
    AccessMode,
    DeviceSource,
    DirectorySource,
    Filesystem,
    FilesystemSource,
    RamSource,
)
from covirt.model.domain.devices.hostdev import Hostdev, HostdevMode
from covirt.model.domain.devices.hostdev_sources import NetCapability
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.interface_parts import LinkState
from covirt.model.domain.feature_parts import CAPABILITIES, Capabilities, CapabilityPolicy
from covirt.model.domain.idmap import IdMap, IdRange
from covirt.model.domain.memtune import UNLIMITED
from covirt.model.domain.numatune import NumaMemory
from covirt.model.domain.os import Os, OsType
from covirt.runtime.conf import Conf, Syntax
from covirt.values import CpuSet, Mac, scale

DEFAULT_MEMORY = 64 << 10
ARCHITECTURES = {"x86": "i686", "amd64": "x86_64"}
"""How lxc-tools name architectures; other names are ours."""


def read_native(text: str) -> DomainDefinition:
    """The definition that a configuration stands for; it has still to be completed."""
    conf = _Settings(Conf.parse(text, syntax=Syntax.LXC))
    guest = DomainDefinition(type=VirtType.LXC, name=_name(conf), os=Os(type=OsType.EXE, init="/sbin/init"))
    guest.memory.total = DEFAULT_MEMORY
    arch = conf.get("lxc.arch")
    guest.os.arch = ARCHITECTURES.get(arch, arch) if arch else None
    _read_root(guest, conf)
    _read_mounts(guest, conf)
    _read_networks(guest, conf)
    _read_consoles(guest, conf)
    _read_idmap(guest, conf)
    _read_memory(guest, conf)
    _read_cpu(guest, conf)
    _read_blkio(guest, conf)
    dropped = (conf.get("lxc.cap.drop") or "").split(" ")
    states = {name: False for name in CAPABILITIES if name in dropped}
    guest.features.capabilities = Capabilities(policy=CapabilityPolicy.ALLOW, states=states)
    return guest


class _Settings:
    """The lines of a configuration, in which a name may stand several times."""

    def __init__(self, conf: Conf) -> None:
        self.lines = [
            (entry.name, str(entry.value))
            for entry in conf.entries
            if entry.name is not None and entry.value is not None
        ]

    def get(self, *names: str) -> str | None:
        """The first value of the first name that is there."""
        found = (value for name in names for there, value in self.lines if there == name)
        return next(found, None)

    def all(self, *names: str) -> Iterator[tuple[str, str]]:
        """The lines of these names."""
        return ((name, value) for name, value in self.lines if name in names)


def _name(conf: _Settings) -> str:
    name = conf.get("lxc.uts.name", "lxc.utsname")
    if name is None:
        raise InternalError("missing lxc.uts.name in the configuration")
    return name


# File systems


def _read_root(guest: DomainDefinition, conf: _Settings) -> None:
    root = conf.get("lxc.rootfs.path", "lxc.rootfs")
    if root is None:
        raise InternalError("missing lxc.rootfs.path in the configuration")
    _add_filesystem(guest, root, "/", read_only=False)


def _read_mounts(guest: DomainDefinition, conf: _Settings) -> None:
    if conf.get("lxc.mount.fstab", "lxc.mount") is not None:
        raise ArgumentUnsupported("lxc.mount.fstab or lxc.mount found, use lxc.mount.entry lines instead")
    for name, line in conf.all("lxc.mount.entry"):
        words = line.split()
        if len(words) < 4:
            raise InternalError(f"invalid {name}: '{line}'")
        source, target, kind, options = words[0], f"/{words[1].removeprefix('/')}", words[2], words[3].split(",")
        if target in BASIC:
            continue
        read_only = "ro" in options
        if kind == "tmpfs":
            size = next((option.removeprefix("size=") for option in options if option.startswith("size=")), None)
            if size is None:
                raise InternalError("missing tmpfs size, set the size option")
            _append(guest, RamSource(usage=_size(size) >> 10), target, read_only=read_only)
        else:
            _add_filesystem(guest, source, target, read_only=read_only)


def _add_filesystem(guest: DomainDefinition, source: str, target: str, *, read_only: bool) -> None:
    device = source.startswith("/dev/")
    found: FilesystemSource = DeviceSource(path=source) if device else DirectorySource(type="mount", path=source)
    _append(guest, found, target, read_only=read_only)


def _append(guest: DomainDefinition, source: FilesystemSource, target: str, *, read_only: bool) -> None:
    filesystem = Filesystem(source=source, target=target, readonly=read_only, accessmode=AccessMode.PASSTHROUGH)
    guest.devices.filesystems.append(filesystem)


def _size(text: str) -> int:
    """Bytes; a number may have a unit, but not be a share of something."""
    digits = text.rstrip("".join(char for char in text if not char.isdigit()))
    unit = text[len(digits) :]
    if unit == "%":
        raise InternalError(f"can't convert relative size: '{text}'")
    try:
        return scale(int(digits), unit or None)
    except (ValueError, InvalidArg):
        raise InternalError(f"failed to convert size: '{text}'") from None


# Networks


@dataclass
class _Network:
    """What the lines of one network say."""

    values: dict[str, str] = field(default_factory=dict)
    ips: list[InterfaceIp] = field(default_factory=list)

    def set(self, name: str, value: str) -> None:
        """Note one line; addresses may be several."""
        if name not in _NETWORK_NAMES:
            raise InternalError(f"Unhandled network property: {name} = {value}")
        if name in ("ipv4", "ipv4.address", "ipv6", "ipv6.address"):
            self.ips.append(_address(name[:4], value))
        else:
            self.values[name] = value

    def routes(self, kind: type[Route]) -> list[Route]:
        """Gateways are routes to everywhere."""
        return [
            kind(family=family, address=everywhere, gateway=self.values[f"{family}.gateway"])
            for family, everywhere in (("ipv4", "0.0.0.0"), ("ipv6", "::"))
            if f"{family}.gateway" in self.values
        ]


_NETWORK_NAMES = frozenset(
    (
        *("name", "type", "link", "hwaddr", "flags", "macvlan.mode", "vlan.id"),
        *("ipv4", "ipv4.gateway", "ipv4.address", "ipv6", "ipv6.gateway", "ipv6.address"),
    )
)
_MACVLAN_MODES = {mode.value: mode for mode in (MacvtapMode.PRIVATE, MacvtapMode.VEPA, MacvtapMode.BRIDGE)}


def _address(family: str, text: str) -> InterfaceIp:
    address, slash, prefix = text.partition("/")
    try:
        found = ipaddress.ip_address(address)
        if not slash or not prefix.isdigit() or f"ipv{found.version}" != family:
            raise ValueError
    except ValueError:
        raise InvalidArg(f"Invalid CIDR address: '{text}'") from None
    # libvirt writes the groups of IPv6 addresses as the C library does, which is how Python does it.
    return InterfaceIp(address=str(found), family=family, prefix=prefix)


def _networks(conf: _Settings) -> list[_Network]:
    """In the old spelling a type begins a network; now each has its number."""
    found: dict[int | str, _Network] = {}
    for name, value in conf.lines:
        if name.startswith("lxc.network."):
            rest = name.removeprefix("lxc.network.")
            if rest == "type":
                found[f"old {len(found)}"] = _Network()
            if not found:
                raise InternalError(f"'{name}' stands before the type of its network")
            list(found.values())[-1].set(rest, value)
        elif name.startswith("lxc.net."):
            number, dot, rest = name.removeprefix("lxc.net.").partition(".")
            if not number.isdigit() or not dot:
                raise InternalError(f"Unhandled network property: {name} = {value}")
            found.setdefault(int(number), _Network()).set(rest, value)
    return list(found.values())


def _read_networks(guest: DomainDefinition, conf: _Settings) -> None:
    networks = _networks(conf)
    for network in networks:
        kind = network.values.get("type")
        if kind in (None, "empty", "", "none"):
            continue
        if kind in ("phys", "vlan"):
            guest.devices.hostdevs.append(_hostdev(network))
        else:
            guest.devices.interfaces.append(_interface(network))
    guest.features.privnet = not networks  # only the loopback, as lxc-tools do it


def _hostdev(network: _Network) -> Hostdev:
    values = network.values
    if "link" not in values:
        raise ConfigUnsupported("Missing 'link' attribute for NIC")
    name = values["link"]
    if values["type"] == "vlan" and "vlan.id" in values:
        name = f"{name}.{values['vlan.id']}"
    routes = [route for route in network.routes(HostdevRoute) if isinstance(route, HostdevRoute)]
    return Hostdev(mode=HostdevMode.CAPABILITIES, source=NetCapability(interface=name, ips=network.ips, routes=routes))


def _interface(network: _Network) -> Interface:
    values = network.values
    link = values.get("link")
    connection: BridgeConnection | EthernetConnection | DirectConnection = EthernetConnection()
    if values["type"] == "macvlan":
        if link is None:
            raise InternalError("a macvlan network needs a link")
        mode = _MACVLAN_MODES.get(values.get("macvlan.mode", "private"), MacvtapMode.VEPA)
        connection = DirectConnection(dev=link, mode=mode)
    elif link is not None:
        connection = BridgeConnection(bridge=link)
    mac = Mac.parse(values["hwaddr"]) if "hwaddr" in values else None
    return Interface(
        connection=connection,
        mac=mac,
        guest_name=values.get("name"),
        link=LinkState.UP if values.get("flags") == "up" else LinkState.DOWN,
        ips=network.ips,
        routes=network.routes(Route),
    )


# The rest


def _read_consoles(guest: DomainDefinition, conf: _Settings) -> None:
    count = _integer(conf, "failed to parse int: '{}'", "lxc.tty.max", "lxc.tty") or 0
    guest.devices.consoles = [
        Console(source=PtyChardev(), target=ConsoleTarget.LXC, port=number) for number in range(count)
    ]


def _read_idmap(guest: DomainDefinition, conf: _Settings) -> None:
    ranges: dict[str, list[IdRange]] = {"u": [], "g": []}
    for name, value in conf.all("lxc.idmap", "lxc.id_map"):
        kind, *numbers = value.split()
        if kind not in ranges or len(numbers) < 3 or not all(number.isdigit() for number in numbers[:3]):
            raise InternalError(f"invalid {name}: '{value}'")
        target, start, count = (int(number) for number in numbers[:3])
        ranges[kind].append(IdRange(start=start, target=target, count=count))
    if any(ranges.values()):
        guest.idmap = IdMap(users=ranges["u"], groups=ranges["g"])


def _read_memory(guest: DomainDefinition, conf: _Settings) -> None:
    for name, place in (
        ("limit_in_bytes", "hard_limit"),
        ("soft_limit_in_bytes", "soft_limit"),
        ("memsw.limit_in_bytes", "swap_hard_limit"),
    ):
        text = conf.get(f"lxc.cgroup.memory.{name}")
        if text is None:
            continue
        size = _size(text) >> 10
        setattr(guest.memtune, place, size if size < UNLIMITED else None)
        if place == "hard_limit":
            guest.memory.total = size


def _read_cpu(guest: DomainDefinition, conf: _Settings) -> None:
    refusal = "failed to parse integer: '{}'"
    guest.cputune.shares = _integer(conf, refusal, "lxc.cgroup.cpu.shares")
    guest.cputune.quota = _integer(conf, refusal, "lxc.cgroup.cpu.cfs_quota_us") or 0
    guest.cputune.period = _integer(conf, refusal, "lxc.cgroup.cpu.cfs_period_us") or 0
    if (cpus := conf.get("lxc.cgroup.cpuset.cpus")) is not None:
        guest.vcpus.cpuset = CpuSet.parse(cpus)
    if (nodes := conf.get("lxc.cgroup.cpuset.mems")) is not None:
        guest.numatune.memory = NumaMemory(nodes=CpuSet.parse(nodes))
        guest.numatune.memory.settle(cpus_static=True)


_LIMITS = {
    "device_weight": "weight",
    "throttle.read_bps_device": "read_bytes_sec",
    "throttle.write_bps_device": "write_bytes_sec",
    "throttle.read_iops_device": "read_iops_sec",
    "throttle.write_iops_device": "write_iops_sec",
}


def _read_blkio(guest: DomainDefinition, conf: _Settings) -> None:
    guest.blkiotune.weight = _integer(conf, "failed to parse integer: '{}'", "lxc.cgroup.blkio.weight") or 0
    devices: dict[str, DeviceLimits] = {}
    for name, value in conf.lines:
        place = _LIMITS.get(name.removeprefix("lxc.cgroup.blkio."))
        if not name.startswith("lxc.cgroup.blkio.") or place is None:
            continue
        words = value.split()
        if len(words) < 2:
            raise InternalError(f"invalid {name} value: '{value}'")
        if not words[1].isdigit():
            raise InternalError(f"failed to parse {name.rpartition('.')[2]}: '{words[1]}'")
        path = f"/dev/block/{words[0]}"
        setattr(devices.setdefault(path, DeviceLimits(path=path)), place, int(words[1]))
    guest.blkiotune.devices = list(devices.values())


def _integer(conf: _Settings, refusal: str, *names: str) -> int | None:
    text = conf.get(*names)
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise InternalError(refusal.format(text)) from None
