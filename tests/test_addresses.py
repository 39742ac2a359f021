# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

import socket

import pytest

from covirt.addresses import format_address, is_numeric_localhost, parse_address, range_size, same_network
from covirt.errors import InternalError, SystemCallFailed


@pytest.mark.parametrize(
    ("text", "form"), [("127.1", "127.0.0.1"), ("0:0::1", "::1"), ("::ffff:10.1.2.3", "::ffff:10.1.2.3")]
)
def test_address_is_read_and_written_as_the_c_library_does(text: str, form: str) -> None:
    assert format_address(parse_address(text)) == form


@pytest.mark.parametrize("text", ["example.org", "[::1]", "1.2.3.256", ""])
def test_what_is_not_numeric_is_refused(text: str) -> None:
    with pytest.raises(SystemCallFailed):
        parse_address(text)


def test_family_can_be_asked_for() -> None:
    with pytest.raises(SystemCallFailed):
        parse_address("::1", socket.AF_INET)


def test_localhost_has_many_spellings() -> None:
    assert is_numeric_localhost("2130706433")
    assert not is_numeric_localhost("localhost")


def test_netmask_must_be_one() -> None:
    one, other = parse_address("10.0.0.1"), parse_address("10.0.0.2")
    assert same_network(one, other, parse_address("255.255.255.0")) is True
    assert same_network(one, other, parse_address("255.0.255.0")) is None
    assert same_network(one, other, parse_address("ffff::")) is None


@pytest.mark.parametrize(
    ("start", "end", "network", "message"),
    [
        ("10.0.0.0", "10.0.0.9", "10.0.0.1", "is the network address"),
        ("10.0.0.1", "10.0.0.255", "10.0.0.1", "is the broadcast address"),
        ("10.0.0.1", "10.0.1.9", "10.0.0.1", "not entirely within network 10.0.0.1/24"),
        ("10.0.0.9", "10.0.0.1", "10.0.0.1", "is reversed"),
        ("10.0.0.9", "::1", "10.0.0.1", "mismatch of address family"),
    ],
)
def test_senseless_range_is_refused(start: str, end: str, network: str, message: str) -> None:
    with pytest.raises(InternalError, match=message):
        range_size(parse_address(start), parse_address(end), parse_address(network), 24)
