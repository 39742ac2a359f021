# SPDX-License-Identifier: LGPL-2.1-or-later
"""What must be true of every declaration."""

from __future__ import annotations

import keyword
import re
from collections import Counter

import pytest

from covirt.api.catalogue import AnyCall, all_calls, all_enums, all_events
from covirt.api.enums import Flags
from covirt.api.event import Event
from covirt.api.handles import Connect, Handle
from covirt.api.themes import Program

CALLS = list(all_calls())
EVENTS = list(all_events())


def names(call: AnyCall) -> str:
    return call.qualified


def test_numbers_are_unique() -> None:
    numbers = Counter((call.program, call.number) for call in CALLS)
    numbers.update((cls.declared.theme.program, cls.declared.number) for cls in EVENTS)
    numbers.update((Program.REMOTE, cls.declared.legacy) for cls in EVENTS if cls.declared.legacy)
    assert [number for number, count in numbers.items() if count > 1] == []


def test_methods_of_one_object_have_different_names() -> None:
    seen = Counter((call.program, call.subject, call.name) for call in CALLS)
    assert [name for name, count in seen.items() if count > 1] == []


def test_c_names_are_unique() -> None:
    seen = Counter(call.api for call in CALLS if call.api)
    assert [name for name, count in seen.items() if count > 1] == []


@pytest.mark.parametrize("call", CALLS, ids=names)
def test_call_is_fit_for_use(call: AnyCall) -> None:
    assert re.fullmatch(r"[A-Z][^\n]*\.", call.doc), "documentation is one sentence"
    assert issubclass(call.subject, Handle)
    assert re.fullmatch(r"\d+\.\d+\.\d+", call.traits.since)
    for name in (call.name, *(parameter.name for parameter in call.parameters)):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert not keyword.iskeyword(name)
    if call.flags_at is not None:
        assert issubclass(call.parameters[call.flags_at].plain, Flags)


@pytest.mark.parametrize("call", CALLS, ids=names)
def test_call_states_its_rights(call: AnyCall) -> None:
    free = {"close", "is_secure", "auth_list", "auth_sasl_init", "auth_sasl_start", "auth_sasl_step", "auth_polkit"}
    assert call.acl or call.name in free or call.program is Program.ADMIN


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.__name__)
def test_event_is_fit_for_use(cls: type[Event]) -> None:
    assert re.fullmatch(r"[A-Z][^\n]*\.", cls.declared.doc)
    assert (cls.declared.subject is None) == (not cls.declared.callback)
    assert cls.declared.fields


def test_every_class_of_numbers_is_documented() -> None:
    assert [cls.__name__ for cls in all_enums() if not re.fullmatch(r"[A-Z][^\n]*\.", cls.__doc__ or "")] == []


def test_what_can_be_left_out_is_filled_in() -> None:
    by_name = {call.name: call for call in all_calls(Program.REMOTE) if call.subject is Connect}
    assert by_name["lookup_by_name"].complete("a") == ("a",)
    assert by_name["get_domain_capabilities"].complete() == (None, None, None, None, 0)
    assert by_name["get_domain_capabilities"].complete(None, machine="q35") == (None, None, "q35", None, 0)
    with pytest.raises(TypeError, match="needs"):
        by_name["lookup_by_name"].complete()
    with pytest.raises(TypeError, match="takes"):
        by_name["lookup_by_name"].complete("a", colour="red")
