# SPDX-License-Identifier: LGPL-2.1-or-later
"""The declarations against the facts about libvirt's protocol and C interface, when these are at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from covirt.api import params
from covirt.api.access import PERMISSIONS, Right
from covirt.api.call import Direction
from covirt.api.catalogue import all_calls, all_enums, all_events, call_by_number, event_by_number
from covirt.api.enums import symbols
from covirt.api.themes import Program
from covirt.errors import ErrorCode, ErrorDomain, ErrorLevel

SHARED = Path(os.environ.get("COVIRT_SHARED", Path(__file__).parents[3] / "shared"))
PROGRAMS = {Program.REMOTE: "remote", Program.QEMU: "qemu", Program.LXC: "lxc", Program.ADMIN: "admin"}


def facts(name: str) -> Any:
    path = SHARED / "facts" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"no facts at {path}")
    return json.loads(path.read_text())


@pytest.fixture(scope="module", params=PROGRAMS, ids=lambda program: program.name)
def program(request: pytest.FixtureRequest) -> tuple[Program, Any]:
    return request.param, facts(f"{PROGRAMS[request.param]}_protocol")


def values() -> dict[str, Any]:
    """All values of the C interface by name, as we have them."""
    found = {code.symbol: int(code) for code in ErrorCode}
    found |= {f"VIR_FROM_{domain.name}": int(domain) for domain in ErrorDomain}
    found |= {f"VIR_ERR_{level.name}": int(level) for level in ErrorLevel}
    for cls in all_enums():
        found |= symbols(cls)
    return found


def test_program_numbers(program: tuple[Program, Any]) -> None:
    ours, theirs = program
    assert (ours.number, ours.version) == (theirs["program"]["number"], theirs["program"]["version"])


def test_every_procedure_is_declared(program: tuple[Program, Any]) -> None:
    ours, theirs = program
    calls = {row["number"] for row in theirs["procedures"] if row["kind"] == "call"}
    events = {row["number"] for row in theirs["procedures"] if row["kind"] == "event"}
    assert {call.number for call in all_calls(ours)} == calls
    declared = [cls.declared for cls in all_events(ours)]
    assert {event.number for event in declared} | {event.legacy for event in declared if event.legacy} == events


def test_traits_of_every_call(program: tuple[Program, Any]) -> None:
    ours, theirs = program
    streams = {Direction.READ: "readstream", Direction.WRITE: "writestream", None: None}
    # The tunnelled form has no stream in the protocol's description, as it is written by hand there.
    by_hand = {304}
    for row in theirs["procedures"]:
        if row["kind"] != "call":
            continue
        call = call_by_number(ours, row["number"])
        assert call is not None
        assert call.api == row["api"], row["key"]
        assert call.traits.high == (row["priority"] == "high"), row["key"]
        assert call.traits.needs_auth == row.get("needs_auth", True), row["key"]
        if call.number not in by_hand:
            assert streams[call.stream] == row.get("stream"), row["key"]
        sparse = call.traits.sparse_flag
        assert (sparse.symbol if sparse is not None else None) == row.get("sparse_flag"), row["key"]


def test_rights_of_every_call(program: tuple[Program, Any]) -> None:
    ours, theirs = program
    flags = values()
    for row in theirs["procedures"]:
        if row["kind"] == "call":
            call = call_by_number(ours, row["number"])
            assert call is not None
            assert [plain(right) for right in call.acl] == [plain_fact(fact, flags) for fact in row.get("acl", [])], (
                row["key"]
            )
            assert [plain(right) for right in call.filter] == [
                plain_fact(fact, flags) for fact in row.get("aclfilter", [])
            ], row["key"]


def plain(right: Right) -> tuple[object, ...]:
    return right.object, right.permission, right.all_set, right.none_set, right.parameter, right.value


def plain_fact(fact: Any, flags: dict[str, int]) -> tuple[object, ...]:
    when = fact.get("when_flags", {"mode": None, "flags": []})
    bits = sum({flags[name] for name in when["flags"]})
    parameter = fact.get("when_param")
    return (
        fact["object"],
        fact["permission"],
        bits if when["mode"] == "all_set" else 0,
        bits if when["mode"] == "none_set" else 0,
        parameter["name"] if parameter else None,
        flags[parameter["value"]] if parameter else None,
    )


def test_numbers_of_events() -> None:
    for row in facts("remote_protocol")["events"]:
        cls = event_by_number(Program.REMOTE, row["proc_number"])
        assert cls is not None
        declared = cls.declared
        assert (declared.id, declared.symbol, declared.legacy) == (
            row["event_id"],
            row["name"],
            row.get("legacy_proc_number"),
        )


def test_every_number_of_the_c_interface() -> None:
    ours = values()
    wrong = {}
    count = 0
    for name, library in facts("public_api")["libraries"].items():
        for enum in library["enums"]:
            for row in enum["values"]:
                if row.get("sentinel"):
                    continue
                count += 1
                if ours.get(row["name"]) != row["value"]:
                    wrong[f"{name}:{row['name']}"] = (row["value"], ours.get(row["name"]))
    assert wrong == {}
    assert count > 900


def test_every_parameter_name_of_the_c_interface() -> None:
    ours = {
        f"{member_symbol}": (member.value, member.type)
        for cls in all_enums()
        if issubclass(cls, params.ParamName)
        for member_symbol, member in zip(symbols(cls), cls.__members__.values(), strict=True)
    }
    for library in facts("public_api")["libraries"].values():
        for row in library["string_macros"]:
            text, kind = ours[row["name"]]
            assert text == row["string"]
            if "param_type" in row:
                assert kind.name == row["param_type"], row["name"]


def test_permissions() -> None:
    rows = facts("access")["objects"]
    theirs = {
        row["object"].replace("-", "_"): [item["name"].replace("-", "_") for item in row["permissions"]] for row in rows
    }
    assert {kind: list(names) for kind, names in PERMISSIONS.items()} == theirs
    for row in rows:
        for item in row["permissions"]:
            right = Right(row["object"].replace("-", "_"), item["name"].replace("-", "_"))
            assert right.open_to_all == item["default_for_any_client"]


def test_since_is_the_c_functions() -> None:
    functions = {
        row["name"]: row for library in facts("public_api")["libraries"].values() for row in library["functions"]
    }
    for call in all_calls():
        if call.api in functions and not call.traits.internal:
            assert call.traits.since == functions[call.api]["since"], call.api
