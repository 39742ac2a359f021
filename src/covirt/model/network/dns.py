# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a network's name server knows and whom it asks."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from covirt.addresses import format_address, parse_address
from covirt.errors import SystemCallFailed, XmlDetail, XmlError
from covirt.xml import At, YesNo

SERVICE_LETTERS = frozenset(string.ascii_letters + string.digits + "_-")
PROTOCOL_LETTERS = frozenset(string.ascii_letters + "_-")
LONGEST_SERVICE = 512 - 50
LARGEST = 65535


@dataclass(slots=True, kw_only=True)
class DnsForwarder:
    """Whom to ask: for all names, or those of a domain; without an address nobody is asked."""

    domain: Annotated[str | None, At("@domain")] = None
    address: Annotated[str | None, At("@addr")] = None

    def settle(self, network: str) -> None:
        """Write the address in its usual form."""
        if self.address is not None:
            try:
                self.address = format_address(parse_address(self.address))
            except SystemCallFailed:
                raise XmlError(f"Invalid forwarder IP address '{self.address}' in network '{network}'") from None
        elif self.domain is None:
            raise XmlError("Invalid forwarder element, must contain at least one of addr or domain")


@dataclass(slots=True, kw_only=True)
class DnsTxt:
    """A text under a name."""

    ELEMENT: ClassVar[str] = "txt"

    name: Annotated[str | None, At("@name")] = None
    value: Annotated[str | None, At("@value")] = None

    def settle(self, network: str, *, partial: bool = False) -> None:
        """Both are needed, the value not for looking an entry up."""
        if self.name is None:
            raise XmlDetail(f"missing required name attribute in DNS TXT record of network {network}")
        if " " in self.name or "," in self.name:
            raise XmlDetail(f"prohibited character in DNS TXT record name '{self.name}' of network {network}")
        if self.value is None and not partial:
            raise XmlDetail(
                f"missing required value attribute in DNS TXT record named '{self.name}' of network {network}"
            )


@dataclass(slots=True, kw_only=True)
class DnsSrv:
    """Where a service is."""

    ELEMENT: ClassVar[str] = "srv"

    service: Annotated[str | None, At("@service")] = None
    protocol: Annotated[str | None, At("@protocol")] = None
    domain: Annotated[str | None, At("@domain")] = None
    target: Annotated[str | None, At("@target")] = None
    port: Annotated[int | None, At("@port", omit=0, blank_is_none=True)] = None
    priority: Annotated[int | None, At("@priority", omit=0, blank_is_none=True)] = None
    weight: Annotated[int | None, At("@weight", omit=0, blank_is_none=True)] = None

    def settle(self, network: str, *, partial: bool = False) -> None:
        """Check what is said; `partial` is for looking an entry up."""
        if self.service is None and not partial:
            raise XmlDetail(f"missing required service attribute in DNS SRV record of network '{network}'")
        self._check_service(self.service or "", network)
        if self.protocol is None and not partial:
            raise XmlDetail(
                f"missing required protocol attribute in DNS SRV record '{self.service}' of network '{network}'"
            )
        if not PROTOCOL_LETTERS.issuperset(self.protocol or ""):
            raise XmlDetail(
                f"invalid character in protocol attribute '{self.protocol}' in DNS SRV record of network '{network}'"
            )
        for name, invalid, lowest in (("port", "invalid", 1), ("priority", "Invalid", 0), ("weight", "invalid", 0)):
            value = getattr(self, name)
            where = f"for service '{self.service}' in network '{network}'"
            if value is not None and self.target is None:
                raise XmlDetail(f"DNS SRV {name} attribute not permitted without target {where}")
            if value is not None and not lowest <= value <= LARGEST:
                raise XmlDetail(f"{invalid} DNS SRV {name} attribute {where}")

    def _check_service(self, service: str, network: str) -> None:
        if len(service) > LONGEST_SERVICE:
            raise XmlDetail(
                f"service attribute '{service}' in network '{network}' is too long, limit is {LONGEST_SERVICE} bytes"
            )
        if not SERVICE_LETTERS.issuperset(service):
            raise XmlDetail(
                f"invalid character in service attribute '{service}' in DNS SRV record of network '{network}'"
            )

    def covers(self, other: DnsSrv) -> bool:
        """Does all that is said here hold for the other?"""
        names = ("domain", "service", "protocol", "target")
        return all(getattr(self, name) in (None, getattr(other, name)) for name in names)


@dataclass(slots=True, kw_only=True)
class DnsHost:
    """The names of an address."""

    ELEMENT: ClassVar[str] = "host"

    ip: Annotated[str | None, At("@ip")] = None
    names: Annotated[list[str], At("hostname")] = field(default_factory=list)

    def settle(self, network: str, *, partial: bool = False) -> None:
        """Check what is said; `partial` is for looking an entry up."""
        if "" in self.names or (not self.names and not partial):
            raise XmlDetail(f"Missing hostname in network '{network}' DNS HOST record")
        if self.ip is not None:
            try:
                self.ip = format_address(parse_address(self.ip))
            except SystemCallFailed:
                raise XmlDetail(f"Invalid IP address in network '{network}' DNS HOST record") from None
        elif not partial:
            raise XmlDetail(f"Missing IP address in network '{network}' DNS HOST record")
        elif not self.names:
            raise XmlDetail(f"Missing ip and hostname in network '{network}' DNS HOST record")


@dataclass(slots=True, kw_only=True)
class NetworkDns:
    """The name server of a network."""

    enable: Annotated[YesNo | None, At("@enable")] = None
    forward_plain_names: Annotated[YesNo | None, At("@forwardPlainNames")] = None
    forwarders: Annotated[list[DnsForwarder], At("forwarder")] = field(default_factory=list)
    txts: Annotated[list[DnsTxt], At("txt")] = field(default_factory=list)
    srvs: Annotated[list[DnsSrv], At("srv")] = field(default_factory=list)
    hosts: Annotated[list[DnsHost], At("host")] = field(default_factory=list)

    def settle(self, network: str) -> None:
        """Check all entries; a server that is switched off has none."""
        for forwarder in self.forwarders:
            forwarder.settle(network)
        for host in self.hosts:
            host.settle(network)
        for srv in self.srvs:
            srv.settle(network)
        for txt in self.txts:
            txt.settle(network)
        if self.enable is False and (self.forwarders or self.hosts or self.srvs or self.txts):
            raise XmlError(f"Extra data in disabled network '{network}'")
