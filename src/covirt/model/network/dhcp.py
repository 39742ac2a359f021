# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a network gives to guests by DHCP: ranges, fixed addresses, a boot file."""

from __future__ import annotations

import string
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt.addresses import Address, format_address, parse_address, range_size
from covirt.errors import ConfigUnsupported, InvalidMac, SystemCallFailed, XmlError
from covirt.model.common.copying import changed
from covirt.values import Mac
from covirt.xml import At, Context, Reading, ULong


class LeaseUnit(StrEnum):
    """How the time of a lease is counted."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"


SHORTEST = {LeaseUnit.SECONDS: 120, LeaseUnit.MINUTES: 2, LeaseUnit.HOURS: 1}
"""dnsmasq gives no lease for less than two minutes."""


@dataclass(slots=True, kw_only=True)
class LeaseTime:
    """For how long an address is given; 0 means for ever."""

    expiry: Annotated[ULong | None, At("@expiry")] = None
    unit: Annotated[LeaseUnit | None, At("@unit")] = LeaseUnit.MINUTES

    def after_parse(self, reading: Reading) -> None:
        """Not too short."""
        self.unit = self.unit or LeaseUnit.MINUTES
        if self.expiry and self.expiry < SHORTEST[self.unit]:
            raise ConfigUnsupported("The minimum lease time should be greater than 2 minutes")

    def for_format(self, context: Context) -> LeaseTime | None:
        """For ever has no unit; without a time there is nothing."""
        if self.expiry is None:
            return None
        return self if self.expiry else changed(self, unit=None)


@dataclass(slots=True, kw_only=True)
class DhcpRange:
    """Addresses that are given to whoever asks."""

    ELEMENT: ClassVar[str] = "range"

    start: Annotated[str | None, At("@start")] = None
    end: Annotated[str | None, At("@end")] = None
    lease: Annotated[LeaseTime | None, At("lease")] = None

    def settle(self, network: str, address: Address, prefix: int) -> None:
        """Write the addresses in their usual form; they must be in the network."""
        for name in ("start", "end"):
            if getattr(self, name) is None:
                raise XmlError(f"Missing '{name}' attribute in dhcp range for network '{network}'")
        first, last = parse_address(self.start or ""), parse_address(self.end or "")
        range_size(first, last, address, prefix)
        self.start, self.end = format_address(first), format_address(last)


@dataclass(slots=True, kw_only=True)
class DhcpHost:
    """The address of one guest, known by its card, its identifier or its name."""

    ELEMENT: ClassVar[str] = "host"

    mac: Annotated[str | None, At("@mac")] = None
    id: Annotated[str | None, At("@id")] = None
    name: Annotated[str | None, At("@name")] = None
    ip: Annotated[str | None, At("@ip")] = None
    lease: Annotated[LeaseTime | None, At("lease")] = None

    def settle(self, network: str, *, version: int, partial: bool = False) -> None:
        """Check what is said; `partial` is for looking an entry up."""
        if self.mac is not None:
            self._check_mac(self.mac, network, version)
        bad = next((letter for letter in self.id or "" if letter not in string.hexdigits + ":"), None)
        if bad is not None:
            raise XmlError(f"Invalid character '{bad}' in id '{self.id}' of network '{network}'")
        if self.name is not None and not (self.name[:1].isascii() and self.name[:1].isalnum()):
            raise XmlError(f"Cannot use host name '{self.name}' in network '{network}'")
        if self.ip is not None:
            try:
                self.ip = format_address(parse_address(self.ip))
            except SystemCallFailed:
                raise XmlError(f"Invalid IP address in static host definition for network '{network}'") from None
        if partial:
            if self.mac is None and self.name is None and self.ip is None:
                raise XmlError(
                    "At least one of name, mac, or ip attribute must be specified for static host definition "
                    f"in network '{network}'"
                )
            return
        self._check_complete(network, version)

    def _check_mac(self, text: str, network: str, version: int) -> None:
        if version == 6:
            raise XmlError(
                f"Invalid to specify MAC address '{text}' in network '{network}' IPv6 static host definition"
            )
        try:
            mac = Mac.parse(text)
        except InvalidMac:
            raise XmlError(f"Cannot parse MAC address '{text}' in network '{network}'") from None
        if mac.multicast:
            raise XmlError(f"expected unicast mac address, found multicast '{text}' in network '{network}'")

    def _check_complete(self, network: str, version: int) -> None:
        if version == 6 and self.id is None and self.name is None:
            raise XmlError(f"Static host definition in IPv6 network '{network}' must have id or name attribute")
        if version == 4 and self.mac is None and self.name is None:
            raise XmlError(f"Static host definition in IPv4 network '{network}' must have mac or name attribute")
        if self.ip is None:
            raise XmlError(f"Missing IP address in static host definition for network '{network}'")

    def same_mac(self, other: DhcpHost) -> bool:
        """Are both told and the same, however they are spelled?"""
        return bool(self.mac and other.mac) and Mac.parse(self.mac or "") == Mac.parse(other.mac or "")

    def overlaps(self, other: DhcpHost) -> bool:
        """Do both have the same card, address or name?"""
        same_ip = self.ip is not None and self.ip == other.ip
        same_name = self.name is not None and self.name == other.name
        return self.same_mac(other) or same_ip or same_name

    def covers(self, other: DhcpHost) -> bool:
        """Does all that is said here hold for the other?"""
        mac = not self.mac or not other.mac or self.same_mac(other)
        return mac and self.name in (None, other.name) and self.ip in (None, other.ip)


@dataclass(slots=True, kw_only=True)
class Bootp:
    """The file that guests boot from over the network, and who has it."""

    file: Annotated[str, At("@file")]
    server: Annotated[str | None, At("@server")] = None

    def after_parse(self, reading: Reading) -> None:
        """Write the address in its usual form."""
        if self.server is not None:
            self.server = format_address(parse_address(self.server))
