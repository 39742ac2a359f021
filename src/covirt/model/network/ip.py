# SPDX-License-Identifier: LGPL-2.1-or-later
"""The addresses of a network's bridge, with what is offered there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from covirt.addresses import Address, format_address, parse_address
from covirt.errors import ConfigUnsupported, SystemCallFailed, XmlError
from covirt.model.common.copying import changed
from covirt.model.network.dhcp import Bootp, DhcpHost, DhcpRange
from covirt.xml import At, Context, YesNo


@dataclass(slots=True, kw_only=True)
class NetworkIp:
    """An address and the network around it."""

    OPEN: ClassVar[bool] = True

    family: Annotated[str | None, At("@family", blank_is_none=True)] = None
    address: Annotated[str | None, At("@address", blank_is_none=True)] = None
    netmask: Annotated[str | None, At("@netmask", blank_is_none=True)] = None
    prefix: Annotated[int, At("@prefix", omit=0)] = 0
    local_ptr: Annotated[YesNo | None, At("@localPtr")] = None
    tftp_root: Annotated[str | None, At("tftp/@root", blank_is_none=True)] = None
    ranges: Annotated[list[DhcpRange], At("dhcp/range")] = field(default_factory=list)
    hosts: Annotated[list[DhcpHost], At("dhcp/host")] = field(default_factory=list)
    bootp: Annotated[Bootp | None, At("dhcp/bootp")] = None

    @property
    def parsed(self) -> Address:
        """The address as a value."""
        return parse_address(self.address or "")

    @property
    def version(self) -> int:
        """4 or 6."""
        return self.parsed.version

    @property
    def has_dhcp(self) -> bool:
        """Are addresses given out here?"""
        return bool(self.ranges or self.hosts)

    @property
    def network_prefix(self) -> int:
        """The length of the network's part; without a mask that of the old class of the address."""
        if self.prefix:
            return self.prefix
        if self.netmask is not None:
            return int(parse_address(self.netmask)).bit_count()
        if self.version == 6:
            return 64
        first = self.parsed.packed[0]
        return next((length for limit, length in ((128, 8), (192, 16), (224, 24)) if first < limit), -1)

    def for_format(self, context: Context) -> NetworkIp:
        """A boot file is written only where addresses are given out."""
        return self if self.has_dhcp else changed(self, bootp=None)

    def settle(self, network: str, *, tftp: bool) -> None:
        """Write addresses in their usual form, and check that all of them fit."""
        if self.address is None:
            raise XmlError(f"Missing required address attribute in network '{network}'")
        given = self.address
        self.address = _usual(given, XmlError(f"Invalid address '{given}' in network '{network}'"))
        mask = self.netmask
        if mask is not None:
            self.netmask = _usual(mask, XmlError(f"Invalid netmask '{mask}' in network '{network}'"))
        if self.family in (None, "ipv4"):
            self._check_ipv4(network, given, mask)
        elif self.family == "ipv6":
            self._check_ipv6(network, given, mask)
        else:
            raise XmlError(f"Unrecognized family '{self.family}' in network '{network}'")
        for given_range in self.ranges:
            given_range.settle(network, self.parsed, self.network_prefix)
        for host in self.hosts:
            host.settle(network, version=self.version)
        if self.version == 6:
            self.bootp = None
            if tftp:
                raise ConfigUnsupported(f"Unsupported <tftp> element in an IPv6 element in network '{network}'")

    def _check_ipv4(self, network: str, given: str, mask: str | None) -> None:
        if self.version != 4:
            told = "no" if self.family is None else "ipv4"
            raise ConfigUnsupported(f"{told} family specified for non-IPv4 address '{given}' in network '{network}'")
        if self.netmask is not None:
            if parse_address(self.netmask).version != 4:
                raise ConfigUnsupported(
                    f"Invalid netmask '{mask}' for address '{given}' in network '{network}' (both must be IPv4)"
                )
            if self.prefix:
                raise ConfigUnsupported(f"Network '{network}' IP address cannot have both a prefix and a netmask")
        elif self.prefix > 32:
            raise ConfigUnsupported(f"Invalid IPv4 prefix '{self.prefix}' in network '{network}'")

    def _check_ipv6(self, network: str, given: str, mask: str | None) -> None:
        if self.version != 6:
            raise ConfigUnsupported(f"Family 'ipv6' specified for non-IPv6 address '{given}' in network '{network}'")
        if mask is not None:
            raise ConfigUnsupported(f"netmask not allowed for IPv6 address '{given}' in network '{network}'")
        if self.prefix > 128:
            raise ConfigUnsupported(f"Invalid IPv6 prefix '{self.prefix}' in network '{network}'")


def _usual(text: str, refusal: XmlError) -> str:
    try:
        return format_address(parse_address(text))
    except SystemCallFailed:
        raise refusal from None
