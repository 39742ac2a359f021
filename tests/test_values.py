# SPDX-License-Identifier: LGPL-2.1-or-later
"""Small values: what is read, what is refused, how it is written."""

from __future__ import annotations

import pytest

from covirt.errors import InvalidArg, InvalidMac, Overflow
from covirt.values import CpuSet, Mac, Uuid, scale

UUID = "6695eb01-f6a4-8304-79aa-97f2502e193f"


@pytest.mark.parametrize("text", [UUID, UUID.upper(), UUID.replace("-", ""), f"  {UUID} \n", UUID.replace("-", " ")])
def test_uuid_is_read_liberally_and_written_one_way(text: str) -> None:
    assert str(Uuid.parse(text)) == UUID


@pytest.mark.parametrize("text", ["", "1234", UUID + "00", UUID.replace("f", "g"), "6-695eb01f6a4830479aa97f2502e193f"])
def test_what_is_no_uuid_is_refused(text: str) -> None:
    with pytest.raises(InvalidArg):
        Uuid.parse(text)


def test_random_uuids_have_their_version() -> None:
    uuid = Uuid.random()
    assert str(uuid)[14] == "4"
    assert uuid != Uuid.random()


def test_mac_takes_short_parts() -> None:
    assert str(Mac.parse("52:54:0:a:B:1")) == "52:54:00:0a:0b:01"


@pytest.mark.parametrize(
    "text", ["", "52:54:00:00:00", "52-54-00-00-00-01", "052:54:00:00:00:01", "52:54:00:00:00:01x"]
)
def test_what_is_no_mac_is_refused(text: str) -> None:
    with pytest.raises(InvalidMac):
        Mac.parse(text)


@pytest.mark.parametrize(
    ("value", "unit", "result"),
    [(5, None, 5120), (5, "b", 5), (5, "BYTES", 5), (5, "k", 5120), (5, "KiB", 5120), (5, "kb", 5000), (1, "E", 2**60)],
)
def test_units(value: int, unit: str | None, result: int) -> None:
    assert scale(value, unit, default=1024) == result


@pytest.mark.parametrize("unit", ["x", "kx", "kibi", "bb"])
def test_unknown_units_are_refused(unit: str) -> None:
    with pytest.raises(InvalidArg, match=f"unknown suffix '{unit}'"):
        scale(1, unit)


def test_too_large_sizes_are_refused() -> None:
    with pytest.raises(Overflow, match="value too large: 16E"):
        scale(16, "E")


@pytest.mark.parametrize(
    ("text", "result"),
    [("0-3", "0-3"), (" 1 , 2,4 - 6", "1-2,4-6"), ("0-7,^3", "0-2,4-7"), ("5,", "5"), ("^1", ""), ("2,1,0", "0-2")],
)
def test_cpu_sets(text: str, result: str) -> None:
    assert str(CpuSet.parse(text)) == result


@pytest.mark.parametrize("text", ["", " ", "a", "1-", "3-1", "^1-3", "1,,2", "1024", "0-99999999999", "-1"])
def test_what_is_no_cpu_set_is_refused(text: str) -> None:
    with pytest.raises(InvalidArg):
        CpuSet.parse(text)


def test_cpu_set_as_bit_map() -> None:
    cpus = CpuSet.parse("0,9")
    assert cpus.to_bytes() == b"\x01\x02"
    assert cpus.to_bytes(1) == b"\x01"
    assert CpuSet.from_bytes(b"\x01\x02\x00") == cpus
