# SPDX-License-Identifier: LGPL-2.1-or-later
"""Typed parameters: types from names or values, checks, and use as a mapping."""

from __future__ import annotations

import pytest

from covirt.api.domain.tuning import DomainBlkioParam, DomainSchedulerParam
from covirt.api.params import ParamType, TypedParam, TypedParams
from covirt.errors import ArgumentUnsupported, InvalidArg


def test_names_give_the_types() -> None:
    params = TypedParams()
    params.put(DomainSchedulerParam.CPU_SHARES, 5)
    params.put(DomainBlkioParam.WEIGHT, None)
    assert params.entries == [TypedParam("cpu_shares", ParamType.ULLONG, 5)]


def test_values_give_the_types_of_unknown_names() -> None:
    params = TypedParams.guess({"a": True, "b": 1, "c": -(2**40), "d": 2**40, "e": 0.5, "f": "x", "g": ["1", "2"]})
    assert [entry.type.name for entry in params.entries] == [
        "BOOLEAN",
        "INT",
        "LLONG",
        "ULLONG",
        "DOUBLE",
        "STRING",
        "STRING",
        "STRING",
    ]
    assert params.all("g") == ["1", "2"]


def test_last_of_equal_names_counts() -> None:
    params = TypedParams([TypedParam("a", ParamType.INT, 1), TypedParam("a", ParamType.INT, 2)])
    assert (params["a"], len(params), list(params)) == (2, 1, ["a"])


@pytest.mark.parametrize(
    ("entry", "error", "text"),
    [
        (TypedParam("x", ParamType.INT, 1), ArgumentUnsupported, "parameter 'x' not supported"),
        (TypedParam("cpu_shares", ParamType.INT, 1), InvalidArg, "invalid type 'int' for parameter 'cpu_shares'"),
    ],
)
def test_check_refuses(entry: TypedParam, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        TypedParams([entry]).check(DomainSchedulerParam)


def test_check_refuses_repetition_unless_allowed() -> None:
    twice = TypedParams([TypedParam("cpu_shares", ParamType.ULLONG, 1)] * 2)
    with pytest.raises(InvalidArg, match="occurs multiple times"):
        twice.check(DomainSchedulerParam)
    twice.check(DomainSchedulerParam, repeated=[DomainSchedulerParam.CPU_SHARES])
