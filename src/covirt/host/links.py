# SPDX-License-Identifier: LGPL-2.1-or-later
"""Network links: taps for guests, bridges, and what is set on them.

What a guest's start needs (tap, bridge port, MTU, address, up) is done with the kernel's old and quick requests;
pyroute2 does the rest, and is imported only then. All functions may wait for the kernel's network lock: call them in
a thread.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from covirt.errors import InternalError, SystemCallFailed
from covirt.host import sysfs
from covirt.values import Mac

NAME_LENGTH = 15
_GET_FLAGS, _SET_FLAGS, _SET_MTU, _SET_ADDRESS = 0x8913, 0x8914, 0x8922, 0x8924
_BRIDGE_ADD_PORT, _BRIDGE_DELETE_PORT = 0x89A2, 0x89A3
_TUN_SET, _TUN_PERSIST, _TUN_OWNER, _TUN_GROUP = 0x400454CA, 0x400454CB, 0x400454CC, 0x400454CE
_TUN_FEATURES, _TUN_HEADER_SIZE = 0x800454CF, 0x400454D8
_TAP, _NO_PACKET_INFO, _HEADER, _QUEUES = 0x0002, 0x1000, 0x4000, 0x0100
_UP, _ETHER = 0x1, 1


@dataclass(slots=True)
class Tap:
    """A tap link and the descriptors of its queues."""

    name: str
    fds: list[int] = field(default_factory=list)

    def close(self) -> None:
        """Close our descriptors; a tap that is not persistent goes with the last one anywhere."""
        while self.fds:
            os.close(self.fds.pop())


class Links:
    """The network links of this machine."""

    def __init__(self, sysfs_net: Path = Path("/sys/class/net"), tun: Path = Path("/dev/net/tun")) -> None:
        """Where to look."""
        self._net, self._tun = sysfs_net, tun

    # Questions

    def exists(self, name: str) -> bool:
        """Whether there is such a link."""
        return (self._net / name).exists()

    def names(self) -> list[str]:
        """All links."""
        return sorted(entry.name for entry in self._net.iterdir() if entry.is_dir())

    def mac(self, name: str) -> Mac:
        """The address of a link."""
        return Mac.parse(sysfs.read_text(self._net / name / "address"))

    def mtu(self, name: str) -> int:
        """The size of the largest packet."""
        return sysfs.read_int(self._net / name / "mtu")

    def up(self, name: str) -> bool:
        """Whether a link is switched on."""
        return bool(int(sysfs.read_text(self._net / name / "flags"), 0) & _UP)

    def bridge_of(self, name: str) -> str | None:
        """The bridge that a link is a port of."""
        master = self._net / name / "brport/bridge"
        return master.resolve().name if master.exists() else None

    def ports(self, bridge: str) -> list[str]:
        """The ports of a bridge."""
        directory = self._net / bridge / "brif"
        return sorted(entry.name for entry in directory.iterdir()) if directory.exists() else []

    def statistics(self, name: str) -> dict[str, int]:
        """The kernel's counters."""
        return {entry.name: sysfs.read_int(entry) for entry in sorted((self._net / name / "statistics").iterdir())}

    def free_name(self, prefix: str = "vnet") -> str:
        """The first name with this prefix and a number that no link has."""
        taken = {int(match[1]) for name in self.names() if (match := re.fullmatch(re.escape(prefix) + r"(\d+)", name))}
        return f"{prefix}{next(number for number in range(len(taken) + 1) if number not in taken)}"

    # Taps

    def make_tap(
        self,
        name: str,
        *,
        queues: int = 1,
        header: bool = True,
        persist: bool = False,
        owner: tuple[int, int] | None = None,
    ) -> Tap:
        """A new tap with so many queues; `%d` in its name becomes the first free number.

        `header` lets packets carry what is still to be done with them (virtio); `owner` (uid, gid) may open it too.
        """
        tap = Tap(name)
        flags = _TAP | _NO_PACKET_INFO | (_HEADER if header else 0) | (_QUEUES if queues > 1 else 0)
        try:
            for _ in range(queues):
                fd = os.open(self._tun, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
                tap.fds.append(fd)
                answer = fcntl.ioctl(fd, _TUN_SET, struct.pack("16sH22x", _name(tap.name), flags))
                tap.name = answer[:16].rstrip(b"\0").decode()
            if owner is not None:
                fcntl.ioctl(tap.fds[0], _TUN_OWNER, owner[0])
                fcntl.ioctl(tap.fds[0], _TUN_GROUP, owner[1])
            if persist:
                fcntl.ioctl(tap.fds[0], _TUN_PERSIST, 1)
        except OSError as error:
            tap.close()
            if error.filename is not None:
                message = f"Unable to open {self._tun}, is tun module loaded?"
            else:
                message = f"Unable to create tap device {tap.name}"
            raise SystemCallFailed.from_oserror(error, message) from error
        return tap

    def remove_tap(self, name: str) -> None:
        """Remove a persistent tap; one that is gone is no error."""
        if self.exists(name):
            tap = self.make_tap(name)
            fcntl.ioctl(tap.fds[0], _TUN_PERSIST, 0)
            tap.close()

    # Settings of a link

    def set_up(self, name: str, up: bool = True) -> None:
        """Switch a link on or off."""
        with _requests(f"Cannot set interface flags on '{name}'") as request:
            flags = struct.unpack_from("16sH", request(_GET_FLAGS, struct.pack("16s24x", _name(name))))[1]
            wanted = flags | _UP if up else flags & ~_UP
            if wanted != flags:
                request(_SET_FLAGS, struct.pack("16sH22x", _name(name), wanted))

    def set_mtu(self, name: str, mtu: int) -> None:
        """Set the size of the largest packet."""
        with _requests(f"Cannot set interface MTU on '{name}'") as request:
            request(_SET_MTU, struct.pack("16si20x", _name(name), mtu))

    def set_mac(self, name: str, mac: Mac) -> None:
        """Set the address."""
        with _requests(f"Cannot set interface MAC to {mac} on '{name}'") as request:
            request(_SET_ADDRESS, struct.pack("16sH6s16x", _name(name), _ETHER, bytes(mac)))

    def set_alias(self, name: str, alias: str) -> None:
        """Write a note on a link, for people who look."""
        (self._net / name / "ifalias").write_text(alias)

    # Bridges

    def attach(self, name: str, bridge: str) -> None:
        """Make a link a port of a bridge."""
        with _requests(f"Unable to add bridge {bridge} port {name}") as request:
            request(_BRIDGE_ADD_PORT, struct.pack("16si20x", _name(bridge), socket.if_nametoindex(name)))

    def detach(self, name: str, bridge: str) -> None:
        """Take a port out of a bridge."""
        with _requests(f"Unable to remove bridge {bridge} port {name}") as request:
            request(_BRIDGE_DELETE_PORT, struct.pack("16si20x", _name(bridge), socket.if_nametoindex(name)))

    def set_port(self, name: str, setting: str, value: int) -> None:
        """Set something of a bridge's port: `learning`, `unicast_flood`, `isolated`, …"""
        path = self._net / name / "brport" / setting
        try:
            path.write_text(str(value))
        except OSError as error:
            raise SystemCallFailed.from_oserror(
                error, f"Unable to set bridge port {name} {setting} to {value}"
            ) from error

    def make_bridge(self, name: str, *, mac: Mac | None = None, stp: bool = True, delay: float = 0) -> None:
        """A new bridge; `delay` is how long (s) a port listens before it forwards."""
        settings: dict[str, Any] = {"br_stp_state": int(stp), "br_forward_delay": int(delay * 100)}
        if mac is not None:
            settings["address"] = str(mac)
        self.make(name, "bridge", **settings)

    # Other links

    def make(self, name: str, kind: str, **settings: Any) -> None:
        """A new link of any kind that pyroute2 knows (`bridge`, `veth`, `macvtap`, `dummy`, …)."""
        _name(name)
        _netlink(
            f"error creating {kind} interface {name}",
            lambda route: route.link("add", ifname=name, kind=kind, **settings),
        )

    def make_macvtap(self, name: str, parent: str, mode: str, mac: Mac) -> Path:
        """A new macvtap on a link; gives the device to open for each of its queues."""
        index = socket.if_nametoindex(parent)
        self.make(name, "macvtap", link=index, macvtap_mode=mode, address=str(mac))
        return Path(f"/dev/tap{socket.if_nametoindex(name)}")

    def remove(self, name: str) -> None:
        """Remove a link; one that is gone is no error."""
        if self.exists(name):
            index = socket.if_nametoindex(name)
            _netlink(f"error destroying network device {name}", lambda route: route.link("del", index=index))


def _name(name: str) -> bytes:
    if not 0 < len(name.encode()) <= NAME_LENGTH or "/" in name:
        raise InternalError(f"Network interface name '{name}' is too long" if name else "empty network interface name")
    return name.encode()


@contextmanager
def _requests(complaint: str) -> Iterator[Callable[[int, bytes], bytes]]:
    """Requests to the kernel about links; failures become one sentence."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as control:
        try:
            yield lambda number, data: fcntl.ioctl(control, number, data)
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, complaint) from error


def _netlink(complaint: str, action: Callable[[Any], object]) -> None:
    from pyroute2 import IPRoute
    from pyroute2.netlink.exceptions import NetlinkError

    try:
        with IPRoute() as route:
            action(route)
    except NetlinkError as error:
        raise SystemCallFailed.from_errno(error.code or errno.EIO, complaint) from error
