# SPDX-License-Identifier: LGPL-2.1-or-later
"""Changes of single parts of a network: entries are added, removed or replaced."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from covirt import xml
from covirt.addresses import parse_address
from covirt.errors import OperationInvalid, OperationUnsupported, XmlError
from covirt.model.network.definition import NetworkDefinition, PortGroup
from covirt.model.network.dhcp import DhcpHost, DhcpRange
from covirt.model.network.dns import DnsHost, DnsSrv, DnsTxt
from covirt.model.network.forward import Forward, ForwardInterface, ForwardMode
from covirt.model.network.ip import NetworkIp
from covirt.xml.reader import read
from covirt.xml.spec import element_name

T = TypeVar("T")


class Command(Enum):
    """What to do with an entry; the values are the numbers of the API."""

    MODIFY = 1
    DELETE = 2
    ADD_LAST = 3
    ADD_FIRST = 4

    @property
    def adds(self) -> bool:
        """Is it a new entry?"""
        return self in (Command.ADD_FIRST, Command.ADD_LAST)


class Section(Enum):
    """Which part; the values are the numbers of the API and the words for messages."""

    BRIDGE = 1, "bridge"
    DOMAIN = 2, "domain"
    IP = 3, "ip"
    IP_DHCP_HOST = 4, "ip dhcp host"
    IP_DHCP_RANGE = 5, "ip dhcp range"
    FORWARD = 6, "forward"
    FORWARD_INTERFACE = 7, "forward interface"
    FORWARD_PF = 8, "forward pf"
    PORTGROUP = 9, "portgroup"
    DNS_HOST = 10, "dns host"
    DNS_TXT = 11, "dns txt"
    DNS_SRV = 12, "dns srv"


def update(network: NetworkDefinition, command: int, section: int, parent: int, text: str) -> None:
    """Change one entry in place; `parent` is the number of the address it belongs to, -1 for the one that fits."""
    known = next((part for part in Section if part.value[0] == section), None)
    if known is None:
        raise OperationUnsupported(f"can't update unrecognized section of network '{network.name}'")
    change = _CHANGES.get(known)
    if change is None:
        raise OperationUnsupported(f"can't update '{known.value[1]}' section of network '{network.name}'")
    change(network, command, parent, text)


# The steps that all have


def _entry(cls: type[T], text: str, network: NetworkDefinition) -> T:
    expected = element_name(cls)
    root, _ = read(text, name="network_update_xml")
    if root.name != expected:
        raise XmlError(
            f"unexpected element <{root.name}>, expecting <{expected}>, while updating network '{network.name}'"
        )
    return xml.parse(cls, text).value


def _command(number: int) -> Command:
    try:
        return Command(number)
    except ValueError:
        raise OperationUnsupported(f"unrecognized network update command code {number}") from None


def _add(entries: list[T], entry: T, command: Command) -> None:
    entries.insert(0 if command is Command.ADD_FIRST else len(entries), entry)


# DHCP


def _address(network: NetworkDefinition, parent: int) -> NetworkIp:
    """The address that an entry belongs to."""
    if parent >= 0:
        if parent < len(network.ips):
            return network.ips[parent]
        raise OperationInvalid(
            f"couldn't update dhcp host entry - no <ip> element found at index {parent} in network '{network.name}'"
        )
    with_dhcp = [ip for ip in network.ips if ip.has_dhcp]
    by_version = sorted(network.ips, key=lambda ip: ip.version)
    found = [*with_dhcp, *by_version]
    if not found:
        raise OperationInvalid(f"couldn't update dhcp host entry - no <ip> element found in network '{network.name}'")
    return found[0]


def _check_single_dhcp(network: NetworkDefinition, ip: NetworkIp) -> None:
    others = [other for other in network.ips if other is not ip and other.version == ip.version]
    if any(other.has_dhcp for other in others):
        raise OperationInvalid(f"dhcp is supported only for a single IPv{ip.version} address on each network")


def _update_dhcp_host(network: NetworkDefinition, number: int, parent: int, text: str) -> None:
    partial = number == Command.DELETE.value
    host = _entry(DhcpHost, text, network)
    ip = _address(network, parent)
    host.settle(network.name, version=ip.version, partial=partial)
    if not partial and parse_address(host.ip or "").version != ip.version:
        raise OperationInvalid(
            "the address family of a host entry IP must match the address family of the dhcp element's parent"
        )
    command = _command(number)
    if command is Command.DELETE:
        place = _place(ip.hosts, host.covers)
        if place is None:
            raise OperationInvalid(f"couldn't locate a matching dhcp host entry in network '{network.name}'")
        del ip.hosts[place]
        return
    place = _place(ip.hosts, host.overlaps)
    mac, name = host.mac or "unknown", host.name or "(null)"
    if command is Command.MODIFY:
        if place is None:
            raise OperationInvalid(
                f"couldn't locate an existing dhcp host entry with \"mac='{mac}'\" \"name='{name}'\" "
                f"\"ip='{host.ip}'\" in network '{network.name}'"
            )
        ip.hosts[place] = host
        return
    _check_single_dhcp(network, ip)
    if place is not None:
        raise OperationInvalid(
            f"there is an existing dhcp host entry in network '{network.name}' that matches "
            f"\"<host mac='{mac}' name='{name}' ip='{host.ip}'/>\""
        )
    _add(ip.hosts, host, command)


def _place(entries: list[T], test: Callable[[T], bool]) -> int | None:
    return next((place for place, entry in enumerate(entries) if test(entry)), None)


def _update_dhcp_range(network: NetworkDefinition, number: int, parent: int, text: str) -> None:
    span = _entry(DhcpRange, text, network)
    ip = _address(network, parent)
    if number == Command.MODIFY.value:
        raise OperationUnsupported("dhcp ranges cannot be modified, only added or deleted")
    span.settle(network.name, ip.parsed, ip.network_prefix)
    place = _place(ip.ranges, lambda other: (other.start, other.end) == (span.start, span.end))
    command = _command(number)
    if command is Command.DELETE:
        if place is None:
            raise OperationInvalid(f"couldn't locate a matching dhcp range entry in network '{network.name}'")
        del ip.ranges[place]
        return
    _check_single_dhcp(network, ip)
    if place is not None:
        raise OperationInvalid(
            f"there is an existing dhcp range entry in network '{network.name}' that matches "
            f"\"<range start='{span.start}' end='{span.end}'/>\""
        )
    _add(ip.ranges, span, command)


# Forwarding and port groups


def _update_interface(network: NetworkDefinition, number: int, parent: int, text: str) -> None:
    interface = _entry(ForwardInterface, text, network)
    if number == Command.MODIFY.value:
        raise OperationUnsupported("forward interface entries cannot be modified, only added or deleted")
    if interface.dev is None:
        raise XmlError("missing dev attribute in <interface> element")
    network.forward = network.forward or Forward(mode=ForwardMode.NONE)
    known = network.forward.interfaces
    place = _place(known, lambda other: other.dev == interface.dev)
    command = _command(number)
    if command.adds:
        if place is not None:
            raise OperationInvalid(
                f"there is an existing interface entry in network '{network.name}' that matches "
                f"\"<interface dev='{interface.dev}'>\""
            )
        _add(known, interface, command)
    elif place is None:
        raise OperationInvalid(
            f"couldn't find an interface entry in network '{network.name}' matching <interface dev='{interface.dev}'>"
        )
    elif known[place].connections:
        raise OperationInvalid(
            f"unable to delete interface '{interface.dev}' in network '{network.name}'. "
            f"It is currently being used by {known[place].connections} domains."
        )
    else:
        del known[place]
    network.forward.dev = known[0].dev if known else None


def _update_port_group(network: NetworkDefinition, number: int, parent: int, text: str) -> None:
    group = _entry(PortGroup, text, network)
    groups = network.port_groups
    place = _place(groups, lambda other: other.name == group.name)
    command = _command(number)
    if place is None and not command.adds:
        raise OperationInvalid(
            f"couldn't find a portgroup entry in network '{network.name}' matching <portgroup name='{group.name}'>"
        )
    if place is not None and command.adds:
        raise OperationInvalid(
            f"there is an existing portgroup entry in network '{network.name}' that matches "
            f"\"<portgroup name='{group.name}'>\""
        )
    rivals = [other for other in groups if other.default and other.name != group.name]
    if command is not Command.DELETE and group.default and rivals:
        raise OperationInvalid(
            f"a different portgroup entry in network '{network.name}' is already set as the default. "
            "Only one default is allowed."
        )
    if place is None:
        _add(groups, group, command)
    elif command is Command.MODIFY:
        groups[place] = group
    else:
        del groups[place]


# Names


def _update_dns_host(network: NetworkDefinition, number: int, parent: int, text: str) -> None:
    host = _entry(DnsHost, text, network)
    adds = number in (Command.ADD_FIRST.value, Command.ADD_LAST.value)
    host.settle(network.name, partial=not adds)
    hosts = network.dns.hosts

    def matches(other: DnsHost) -> bool:
        common = number == Command.DELETE.value and bool(set(host.names) & set(other.names))
        return (host.ip is not None and host.ip == other.ip) or common

    found = [place for place, other in enumerate(hosts) if matches(other)]
    command = _command(number)
    if command.adds:
        if found:
            raise OperationInvalid(
                f"there is already at least one DNS HOST record with a matching field in network {network.name}"
            )
        _add(hosts, host, command)
        return
    place = _only(found, "DNS HOST", "multiple matching DNS HOST records were found", network)
    if command is Command.MODIFY:
        hosts[place] = host
    else:
        del hosts[place]


def _only(found: list[int], what: str, many: str, network: NetworkDefinition) -> int:
    if not found:
        raise OperationInvalid(f"couldn't locate a matching {what} record in network {network.name}")
    if len(found) > 1:
        raise OperationInvalid(f"{many} in network {network.name}")
    return found[0]


def _update_dns_srv(network: NetworkDefinition, number: int, parent: int, text: str) -> None:
    if number == Command.MODIFY.value:
        raise OperationUnsupported("DNS SRV records cannot be modified, only added or deleted")
    srv = _entry(DnsSrv, text, network)
    adds = number in (Command.ADD_FIRST.value, Command.ADD_LAST.value)
    srv.settle(network.name, partial=not adds)
    found = [place for place, other in enumerate(network.dns.srvs) if srv.covers(other)]
    command = _command(number)
    if command.adds:
        if found:
            raise OperationInvalid(
                f"there is already at least one DNS SRV record matching all specified fields in network {network.name}"
            )
        _add(network.dns.srvs, srv, command)
    else:
        many = "multiple DNS SRV records matching all specified fields were found"
        del network.dns.srvs[_only(found, "DNS SRV", many, network)]


def _update_dns_txt(network: NetworkDefinition, number: int, parent: int, text: str) -> None:
    txt = _entry(DnsTxt, text, network)
    adds = number in (Command.ADD_FIRST.value, Command.ADD_LAST.value)
    txt.settle(network.name, partial=not adds)
    txts = network.dns.txts
    place = _place(txts, lambda other: other.name == txt.name)
    command = _command(number)
    if command.adds:
        if place is not None:
            raise OperationInvalid(
                f"there is already a DNS TXT record with name '{txt.name}' in network {network.name}"
            )
        _add(txts, txt, command)
    elif place is None:
        raise OperationInvalid(f"couldn't locate a matching DNS TXT record in network {network.name}")
    elif command is Command.DELETE:
        del txts[place]
    elif txt.value is None:
        raise OperationInvalid(f"missing value of modifying DNS TXT record in network {network.name}")
    else:
        txts[place] = txt


_CHANGES: dict[Section, Callable[[NetworkDefinition, int, int, str], Any]] = {
    Section.IP_DHCP_HOST: _update_dhcp_host,
    Section.IP_DHCP_RANGE: _update_dhcp_range,
    Section.FORWARD_INTERFACE: _update_interface,
    Section.PORTGROUP: _update_port_group,
    Section.DNS_HOST: _update_dns_host,
    Section.DNS_TXT: _update_dns_txt,
    Section.DNS_SRV: _update_dns_srv,
}
"""The parts that can be changed."""
