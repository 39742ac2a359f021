# SPDX-License-Identifier: LGPL-2.1-or-later
"""Addresses of networks, paths and mounts of the host, moments of time."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from covirt.addresses import (
    format_address,
    is_numeric_localhost,
    numeric_family,
    parse_address,
    range_size,
    same_network,
)
from covirt.errors import Error
from covirt.host.clock import Clock
from covirt.host.mounts import Mounts
from covirt.model.common.scalars import plain_path
from covirt.runtime.log import timestamp
from covirt.testing.corpus.compare import CannotRun, check_value
from covirt.testing.corpus.manifest import Case


def run(case: Case) -> object:
    """Carry out one case."""
    if case.kind not in KINDS:
        raise CannotRun(f"{case.kind} is not there")
    return KINDS[case.kind](case)


# Addresses


def parsed(case: Case) -> object:
    """Whether a text is an address of a family."""
    family = getattr(socket, case.inline["family"])
    return accepted(lambda: parse_address(case.inline["addrstr"], family)) == bool(case.inline["pass"])


def formatted(case: Case) -> object:
    """The usual form of an address; which one a differing text was to be is not recorded."""
    if not case.inline["pass"]:
        raise CannotRun("the address is not recorded")
    return format_address(parse_address(case.inline["addrstr"])) == case.inline["addrstr"]


def ranged(case: Case) -> object:
    """How many addresses a range has."""
    values = case.inline
    start, end = parse_address(values["saddr"]), parse_address(values["eaddr"])
    network = None if values["netaddr"] is None else parse_address(values["netaddr"])
    try:
        size = range_size(start, end, network, values["prefix"])
    except Error:
        size = -1
    check_value(values["size"], size)
    return True


def masked(case: Case) -> object:
    """Whether two addresses are in one network."""
    addresses = (parse_address(case.inline[name]) for name in ("addr1", "addr2", "netmask"))
    return same_network(*addresses) is bool(case.inline["pass"])


def wildcard(case: Case) -> object:
    """Whether an address stands for all."""
    return parse_address(case.inline["addr"]).is_unspecified == bool(case.inline["pass"])


def family_of(case: Case) -> object:
    """Of which family a numeric address is."""
    found = numeric_family(case.inline["addr"])
    return (found.name if found else -1) == case.inline["expected"]


def localhost(case: Case) -> object:
    """Whether an address is every machine's own."""
    return is_numeric_localhost(case.inline["addr"]) == bool(case.inline["result"])


def accepted(work: Callable[[], object]) -> bool:
    """Whether something is not refused."""
    try:
        work()
    except Error:
        return False
    return True


# Files and time


def sanitized(case: Case) -> object:
    """A path in its plain form."""
    check_value(case.inline["expect"], plain_path(case.inline["path"]))
    return True


def mounted_below(case: Case) -> object:
    """What is mounted below a directory."""
    found = Mounts(case.path("text")).below(case.inline["prefix"])
    check_value(case.inline["mounts"], found[::-1] if case.inline["rev"] else found)
    return True


def shared(case: Case) -> object:
    """Whether other machines see a file."""
    table = Path(case.trace["steps"][0]["env"]["LIBVIRT_MTAB"].replace("<corpus>", str(case.root)))
    return Mounts(table).shared(case.inline["filename"]) == bool(case.inline["expected"])


def moment(case: Case) -> object:
    """A moment as the log writes it."""
    fields = case.inline["fields"]
    date = "{tm_year:04}-{tm_mon:02}-{tm_mday:02} {tm_hour:02}:{tm_min:02}:{tm_sec:02}".format(**fields)
    check_value(f"{date}.000+0000", timestamp(case.inline["when"] / 1000))
    return True


def local_offset(case: Case) -> object:
    """How far local time is from UTC in a time zone."""
    before = os.environ.get("TZ")
    set_time_zone(case.inline["zone"])
    try:
        check_value(case.inline["offset"], Clock().local_offset())
    finally:
        set_time_zone(before)
    return True


def set_time_zone(zone: str | None) -> None:
    """The time zone of this process; None for the machine's."""
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    time.tzset()


KINDS: dict[str, Callable[[Case], object]] = {
    "ParseHelper": parsed,
    "FormatHelper": formatted,
    "RangeHelper": ranged,
    "NetmaskHelper": masked,
    "WildcardHelper": wildcard,
    "NumericHelper": family_of,
    "IsLocalhostHelper": localhost,
    "FileSanitizePath": sanitized,
    "FileGetMountSubtree": mounted_below,
    "FileIsSharedFSType": shared,
    "TimeFields": moment,
    "TimeLocalOffset": local_offset,
}
