# SPDX-License-Identifier: LGPL-2.1-or-later
"""Network links in memory."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from covirt.errors import SystemCallFailed
from covirt.host.links import Links, Tap
from covirt.values import Mac


@dataclass(slots=True)
class FakeLink:
    """One link."""

    kind: str
    mac: Mac = field(default_factory=lambda: Mac(b"\x52\x54\0\0\0\1"))
    mtu: int = 1500
    up: bool = False
    bridge: str | None = None
    alias: str = ""
    port: dict[str, int] = field(default_factory=dict)


class FakeLinks(Links):
    """The links of a machine with a loopback and one network card."""

    def __init__(self) -> None:
        """Begin with `lo` and `eth0`."""
        self.links = {"lo": FakeLink("loopback", up=True), "eth0": FakeLink("ether", up=True)}

    def exists(self, name: str) -> bool:
        """Whether there is such a link."""
        return name in self.links

    def names(self) -> list[str]:
        """All links."""
        return sorted(self.links)

    def mac(self, name: str) -> Mac:
        """The address of a link."""
        return self._link(name).mac

    def mtu(self, name: str) -> int:
        """The size of the largest packet."""
        return self._link(name).mtu

    def up(self, name: str) -> bool:
        """Whether it is switched on."""
        return self._link(name).up

    def bridge_of(self, name: str) -> str | None:
        """The bridge that it is a port of."""
        return self._link(name).bridge

    def ports(self, bridge: str) -> list[str]:
        """The ports of a bridge."""
        return sorted(name for name, link in self.links.items() if link.bridge == bridge)

    def statistics(self, name: str) -> dict[str, int]:
        """Counters that stand still."""
        self._link(name)
        kinds = ("bytes", "packets", "errors", "dropped")
        return {f"{way}_{kind}": 0 for way in ("rx", "tx") for kind in kinds}

    def make_tap(
        self,
        name: str,
        *,
        queues: int = 1,
        header: bool = True,
        persist: bool = False,
        owner: tuple[int, int] | None = None,
    ) -> Tap:
        """A new tap; its descriptors lead nowhere."""
        name = self.free_name(name.removesuffix("%d")) if name.endswith("%d") else name
        self.links.setdefault(name, FakeLink("tap"))
        return Tap(name, [os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC) for _ in range(queues)])

    def remove_tap(self, name: str) -> None:
        """Remove a tap."""
        self.remove(name)

    def set_up(self, name: str, up: bool = True) -> None:
        """Switch it on or off."""
        self._link(name).up = up

    def set_mtu(self, name: str, mtu: int) -> None:
        """Set the size of the largest packet."""
        self._link(name).mtu = mtu

    def set_mac(self, name: str, mac: Mac) -> None:
        """Set the address."""
        self._link(name).mac = mac

    def set_alias(self, name: str, alias: str) -> None:
        """Write a note on it."""
        self._link(name).alias = alias

    def attach(self, name: str, bridge: str) -> None:
        """Make it a port of a bridge."""
        self._link(bridge)
        self._link(name).bridge = bridge

    def detach(self, name: str, bridge: str) -> None:
        """Take a port out of a bridge."""
        self._link(name).bridge = None

    def set_port(self, name: str, setting: str, value: int) -> None:
        """Set something of a bridge's port."""
        self._link(name).port[setting] = value

    def make(self, name: str, kind: str, **settings: Any) -> None:
        """A new link of any kind."""
        if name in self.links:
            raise SystemCallFailed.from_errno(errno.EEXIST, f"error creating {kind} interface {name}")
        self.links[name] = FakeLink(kind)
        if "address" in settings:
            self.links[name].mac = Mac.parse(settings["address"])

    def make_macvtap(self, name: str, parent: str, mode: str, mac: Mac) -> Path:
        """A new macvtap, which is no real device."""
        self._link(parent)
        self.make(name, "macvtap", address=str(mac))
        return Path(os.devnull)

    def remove(self, name: str) -> None:
        """Remove a link."""
        self.links.pop(name, None)

    def _link(self, name: str) -> FakeLink:
        if name not in self.links:
            raise SystemCallFailed.from_errno(errno.ENODEV, f"no network interface '{name}'")
        return self.links[name]
