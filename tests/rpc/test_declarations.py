# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every declared call and event against the facts, struct by struct; the irregular ones are counted."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from covirt.api.catalogue import all_calls, all_events
from covirt.api.layout import StringsToo
from covirt.api.themes import Program
from covirt.rpc.codec import codec_of, event_codec_of
from covirt.rpc.layouts import unwrap
from covirt.testing.protocol_facts import PROGRAMS, facts, flat, present
from covirt.wire.message import Message, compose, raw
from covirt.wire.xdr import types as t
from covirt.wire.xdr.plan import Plan

pytestmark = pytest.mark.skipif(not present(), reason="the fact files are not there (COVIRT_SHARED)")

CALLS = [(name, call) for name in PROGRAMS for call in all_calls(Program[name.upper()])] if present() else []
EVENTS = [(name, kind.declared) for name in PROGRAMS for kind in all_events(Program[name.upper()])] if present() else []


def procedure(program: str, number: int) -> dict[str, Any]:
    (found,) = (item for item in facts(program).procedures if item["number"] == number)
    return found


def sample(type_: t.Type, chance: random.Random) -> Any:
    """Some value of a layout that came from the facts."""
    match type_:
        case t.Number(code="d"):
            return chance.random()
        case t.Number():
            return chance.randrange(2)
        case t.Text():
            return "a" * chance.randrange(9)
        case t.Opaque() | t.Chars():
            return bytes(chance.randrange(1, 9)) if isinstance(type_, t.Opaque) else b"abc\0"
        case t.FixedOpaque():
            return chance.randbytes(type_.count)
        case t.FixedChars():
            return b"abc".ljust(type_.count, b"\0")
        case t.Optional():
            return chance.choice([None, sample(type_.inner, chance)])
        case t.Array():
            return [sample(type_.inner, chance) for _ in range(2)]
        case t.Struct():
            values: list[Any] = []
            for field in type_.fields:
                value = 0 if field.name == "nil" else sample(field.type, chance)
                if isinstance(field.type, t.Union):
                    assert isinstance(value, list)
                    values += value
                else:
                    values.append(value)
            return tuple(values)
        case t.Union():
            tag = chance.choice(list(type_.arms))
            return [tag, sample(type_.arms[tag], chance)]
    raise TypeError(type_)


def returns(ours: t.Type, theirs: t.Struct | t.Type, fixed: dict[str, Any] | None = None) -> None:
    """What the facts' layout writes, ours reads, and writes again as it was."""
    chance = random.Random(1)
    for _ in range(3):
        value = sample(theirs, chance)
        if fixed and isinstance(theirs, t.Struct):
            names = [field.name for field in theirs.fields]
            value = tuple(fixed.get(name, item) for name, item in zip(names, value, strict=True))
        data = Plan(theirs).dumps(value)
        plan = Plan(ours)
        assert plan.dumps(plan.loads(data)) == data


@pytest.mark.parametrize(("program", "call"), CALLS, ids=lambda item: getattr(item, "name", item))
def test_a_call_has_the_layout_of_the_facts(program: str, call: Any) -> None:
    known, codec = procedure(program, call.number), codec_of(call)
    args, ret = facts(program).struct(known.get("args")), facts(program).struct(known.get("ret"))
    assert flat(codec.arguments_layout) == flat(args)
    assert flat(codec.result_layout) == flat(ret)
    marked = [marker for parameter in call.parameters for marker in unwrap(parameter.annotation)[1]]
    returns(codec.arguments_layout, args, {"flags": 4} if StringsToo() in marked else None)
    if known.get("ret") and "count" not in [field.name for field in getattr(codec.result_layout, "fields", ())]:
        returns(codec.result_layout, t.Struct("ret", ret.fields) if len(ret.fields) > 1 else ret.fields[0].type)


@pytest.mark.parametrize(("program", "event"), EVENTS, ids=lambda item: getattr(item, "name", item))
def test_an_event_has_the_layout_of_the_facts(program: str, event: Any) -> None:
    codec = event_codec_of(event)
    message = facts(program).struct(procedure(program, event.number)["msg"])
    assert flat(codec.layout) == flat(message)
    returns(codec.layout, message)
    if event.legacy is not None:
        old = facts(program).struct(procedure(program, event.legacy)["msg"])
        assert flat(codec.legacy_layout) == flat(old)
        data = Plan(old).dumps(sample(old, random.Random(2)))
        _, value = codec.decode(Message(bytes(compose(1, 1, event.legacy, 2, 1, 0, raw, data))))
        out = bytearray()
        codec.encode_legacy(out, value)
        assert bytes(out) == data


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_procedure_is_declared(program: str) -> None:
    wanted = {item["number"] for item in facts(program).procedures}
    calls = {call.number for call in all_calls(Program[program.upper()])}
    events = {
        number
        for kind in all_events(Program[program.upper()])
        for number in (kind.declared.number, kind.declared.legacy)
        if number
    }
    assert calls | events == wanted
    assert not calls & events


def test_the_exceptions_are_these_many() -> None:
    """How many calls say more about their layout than types can tell."""
    counted: Counter[str] = Counter()
    for _, call in CALLS:
        for annotation in [call.result, *(parameter.annotation for parameter in call.parameters)]:
            counted.update(type(marker).__name__ for marker in unwrap(annotation)[1])
    counted.update(
        type(marker).__name__
        for _, event in EVENTS
        for _, annotation in event.fields
        for marker in unwrap(annotation)[1]
        if type(marker).__name__ == "ModernOnly"
    )
    expected = {
        "Listed": 18,
        "Sized": 11,
        "UpTo": 19,
        "Counted": 3,
        "NilChars": 2,
        "Chars": 0,
        "StringsToo": 11,
        "ModernOnly": 3,
    }
    assert {name: counted[name] for name in expected} == expected
