# SPDX-License-Identifier: LGPL-2.1-or-later
"""Layouts: known bytes, limits, and values that go out and come back."""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covirt.wire.errors import DecodeError, EncodeError
from covirt.wire.xdr import types as t
from covirt.wire.xdr.plan import Plan


class Point(NamedTuple):
    x: int
    name: str


class Record:
    def __init__(self, *values: Any) -> None:
        self.a, self.type, self.value = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and vars(self) == vars(other)


POINT = t.Struct("point", (t.Field("x", t.INT), t.Field("name", t.Text())), make=Point)
UNION = t.Union(t.INT, {1: t.INT, 7: t.Text(), 5: t.DOUBLE})
RECORD = t.Struct("record", (t.Field("a", t.UINT), t.Field("", UNION)), make=Record, access="attributes")

VECTORS = [
    (t.INT, -2, "fffffffe"),
    (t.UHYPER, 2**64 - 1, "ff" * 8),
    (t.UCHAR, 200, "000000c8"),
    (t.CHAR, -1, "ffffffff"),
    (t.BOOL, True, "00000001"),
    (t.DOUBLE, 1.0, "3ff0000000000000"),
    (t.Void(), None, ""),
    (t.Text(), "One", "00000003 4f6e6500"),
    (t.Text(), "", "00000000"),
    (t.Text(), "é", "00000002 c3a90000"),
    (t.Text(), "\udcff", "00000001 ff000000"),
    (t.Opaque(8), b"\0\1\2\3\4", "00000005 00010203 04000000"),
    (t.FixedOpaque(3), b"abc", "61626300"),
    (t.Chars(4), b"a\xff", "00000002 00000061 ffffffff"),
    (t.FixedChars(2), b"ab", "00000061 00000062"),
    (t.Optional(t.INT), None, "00000000"),
    (t.Optional(t.INT), 5, "00000001 00000005"),
    (t.Array(t.HYPER, 4), [1, -1], "00000002 0000000000000001 ffffffffffffffff"),
    (t.Array(t.UCHAR, 4), [1, 255], "00000002 00000001 000000ff"),
    (t.FixedArray(t.INT, 2), [3, 4], "00000003 00000004"),
    (POINT, Point(7, "ab"), "00000007 00000002 61620000"),
    (t.Array(POINT, 2), [Point(1, ""), Point(2, "x")], "00000002 00000001 00000000 00000002 00000001 78000000"),
    (RECORD, Record(1, 7, "x"), "00000001 00000007 00000001 78000000"),
    (RECORD, Record(1, 1, -1), "00000001 00000001 ffffffff"),
    (t.Converted(t.INT, str, int), "12", "0000000c"),
    (t.Struct("empty", ()), (), ""),
    (t.Struct("one", (t.Field("a", t.INT),)), (4,), "00000004"),
]


@pytest.mark.parametrize(("type_", "value", "expected"), VECTORS, ids=lambda item: str(item)[:40])
def test_a_value_has_these_bytes(type_: t.Type, value: Any, expected: str) -> None:
    plan = Plan(type_)
    assert plan.dumps(value) == bytes.fromhex(expected)
    assert plan.loads(bytes.fromhex(expected)) == value


@pytest.mark.parametrize(("type_", "value", "expected"), VECTORS, ids=lambda item: str(item)[:40])
def test_a_payload_cut_anywhere_is_an_error(type_: t.Type, value: Any, expected: str) -> None:
    data = bytes.fromhex(expected)
    for size in range(len(data)):
        with pytest.raises(DecodeError):
            Plan(type_).loads(data[:size])


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        (t.Text(3), "00000004 61616161"),
        (t.Text(), "ffffffff"),
        (t.Opaque(3), "00000004 61616161"),
        (t.Chars(1), "00000002 00000000 00000000"),
        (t.Array(t.INT, 1), "00000002 00000000 00000000"),
        (t.Array(POINT, 1), "00000002"),
        (t.Array(POINT, 2**31), "7fffffff"),
        (RECORD, "00000001 00000009 00000000"),
    ],
)
def test_what_breaks_a_limit_does_not_decode(type_: t.Type, data: str) -> None:
    with pytest.raises(DecodeError, match="Unable to decode message payload"):
        Plan(type_).loads(bytes.fromhex(data))


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (t.INT, 2**31),
        (t.UINT, -1),
        (t.UCHAR, 256),
        (t.SHORT, -(2**15) - 1),
        (t.Text(3), "four"),
        (t.Text(), "a\0b"),
        (t.Text(), None),
        (t.Opaque(1), b"ab"),
        (t.FixedOpaque(16), b"short"),
        (t.FixedChars(2), b"a"),
        (t.Array(t.INT, 1), [1, 2]),
        (t.FixedArray(t.INT, 2), [1]),
        (POINT, (1,)),
        (RECORD, Record(1, 9, 0)),
        (t.INT, "5"),
    ],
)
def test_what_does_not_fit_is_not_encoded(type_: t.Type, value: Any) -> None:
    with pytest.raises(EncodeError, match="Unable to encode message payload"):
        Plan(type_).dumps(value)


def test_a_string_ends_at_nul() -> None:
    assert Plan(t.Text()).loads(bytes.fromhex("00000003 61006200")) == "a"


def test_any_flag_but_zero_is_set() -> None:
    assert Plan(t.Optional(t.INT)).loads(bytes.fromhex("00000009 00000001")) == 1
    assert Plan(t.BOOL).loads(bytes.fromhex("00000005")) is True


def test_upper_bits_of_narrow_numbers_are_dropped() -> None:
    assert Plan(t.UCHAR).loads(bytes.fromhex("ffffff01")) == 1
    assert Plan(t.SHORT).loads(bytes.fromhex("0001ffff")) == -1


def test_bytes_behind_the_value_are_left_alone() -> None:
    assert Plan(t.INT).loads(bytes.fromhex("00000001 deadbeef")) == 1


def _of(type_: t.Type) -> st.SearchStrategy[Any]:
    """Values of a layout."""
    match type_:
        case t.Number(code="d"):
            return st.floats(allow_nan=False)
        case t.Number():
            low, high = (
                type_.narrow
                or {
                    "i": (-(2**31), 2**31 - 1),
                    "I": (0, 2**32 - 1),
                    "q": (-(2**63), 2**63 - 1),
                    "Q": (0, 2**64 - 1),
                }[type_.code]
            )
            return st.integers(low, high)
        case t.Text():
            return st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
        case t.Opaque() | t.Chars():
            return st.binary(max_size=type_.limit)
        case t.FixedOpaque() | t.FixedChars():
            return st.binary(min_size=type_.count, max_size=type_.count)
        case t.Optional():
            return st.none() | _of(type_.inner)
        case t.Array():
            return st.lists(_of(type_.inner), max_size=min(type_.limit, 5))
        case t.Struct():
            return st.tuples(*(_of(field.type) for field in type_.fields))
    raise TypeError(type_)


_NUMBERS = st.sampled_from([t.INT, t.UINT, t.HYPER, t.UHYPER, t.SHORT, t.USHORT, t.CHAR, t.UCHAR, t.DOUBLE])
_LEAVES = _NUMBERS | st.sampled_from([t.Text(), t.Opaque(9), t.FixedOpaque(5), t.Chars(5), t.FixedChars(3)])
_TYPES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map(
            lambda types: t.Struct("s", tuple(t.Field(f"f{i}", type_) for i, type_ in enumerate(types)))
        )
        | inner.map(lambda type_: t.Array(type_, 5))
        | inner.map(t.Optional)
    ),
    max_leaves=8,
).filter(lambda type_: not (isinstance(type_, t.Optional) and isinstance(type_.inner, t.Optional)))


@st.composite
def _typed_values(draw: st.DrawFn) -> tuple[t.Type, Any]:
    type_ = draw(_TYPES)
    return type_, draw(_of(type_))


def _has_nested_optional(type_: t.Type) -> bool:
    """An absent value inside a present one is the same None as the absent outer one."""
    match type_:
        case t.Optional():
            return isinstance(type_.inner, t.Optional) or _has_nested_optional(type_.inner)
        case t.Array():
            return _has_nested_optional(type_.inner)
        case t.Struct():
            return any(_has_nested_optional(field.type) for field in type_.fields)
    return False


@given(_typed_values().filter(lambda pair: not _has_nested_optional(pair[0])))
def test_what_goes_out_comes_back(pair: tuple[t.Type, Any]) -> None:
    type_, value = pair
    plan = Plan(type_)
    data = plan.dumps(value)
    assert len(data) % 4 == 0
    assert plan.loads(data) == value


@given(_TYPES, st.binary(max_size=200))
def test_arbitrary_bytes_never_do_more_than_raise(type_: t.Type, data: bytes) -> None:
    try:
        Plan(type_).loads(data)
    except DecodeError:
        return


def test_runs_of_numbers_are_read_at_once() -> None:
    from covirt.wire.xdr.decode import decoder

    fields = tuple(t.Field(f"f{i}", number) for i, number in enumerate([t.INT, t.UHYPER, t.UINT]))
    nested = t.Struct("outer", (t.Field("inner", t.Struct("inner", fields)), t.Field("last", t.INT)))
    function, source = decoder(nested)
    assert source.count("unpack_from_iQIi(") == 1
    assert function(struct.pack(">iQIi", 1, 2, 3, 4), 0) == ((1, 2, 3), 4)
