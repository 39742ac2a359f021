# SPDX-License-Identifier: LGPL-2.1-or-later
"""The list of all themes, and with it of all calls, events, numbers and names."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cache
from types import ModuleType
from typing import Any

from covirt.api import (
    admin,
    interface,
    lxc,
    network,
    network_port,
    nodedev,
    nwfilter,
    nwfilter_binding,
    params,
    qemu,
    secret,
)
from covirt.api import streams as stream_numbers
from covirt.api.call import Call
from covirt.api.connect import auth, cpu, events, host, open
from covirt.api.domain import (
    agent,
    backup,
    block,
    checkpoint,
    console,
    define,
    devices,
    guest_info_names,
    impact,
    info,
    jobs,
    lifecycle,
    lookup,
    memory,
    metadata,
    migration,
    migration_steps,
    save,
    security,
    snapshot,
    states,
    stats,
    stats_names,
    tunables,
    tuning,
    vcpu,
)
from covirt.api.domain import events as domain_events
from covirt.api.enums import Flags, Number
from covirt.api.event import Event
from covirt.api.params import ParamName
from covirt.api.storage import pool, volume
from covirt.api.themes import Program

AnyCall = Call[Any, ..., Any]

THEMES: tuple[ModuleType, ...] = (
    open,
    auth,
    host,
    cpu,
    events,
    lookup,
    define,
    lifecycle,
    states,
    info,
    metadata,
    impact,
    memory,
    vcpu,
    tuning,
    stats,
    stats_names,
    devices,
    block,
    save,
    snapshot,
    checkpoint,
    backup,
    migration,
    migration_steps,
    agent,
    guest_info_names,
    console,
    jobs,
    security,
    domain_events,
    tunables,
    network,
    network_port,
    interface,
    pool,
    volume,
    nodedev,
    nwfilter,
    nwfilter_binding,
    secret,
    qemu,
    lxc,
    admin,
    stream_numbers,
    params,
)


def calls_of(theme: ModuleType) -> list[AnyCall]:
    """The calls that a module declares, in its order."""
    return [item for item in vars(theme).values() if isinstance(item, Call) and item.module == theme.__name__]


def classes_of(theme: ModuleType, *kinds: type) -> list[type[Any]]:
    """The classes of some kinds that a module declares, in its order."""
    return [
        item
        for item in vars(theme).values()
        if isinstance(item, type) and issubclass(item, kinds) and item.__module__ == theme.__name__
    ]


@cache
def _calls() -> dict[tuple[Program, int], AnyCall]:
    return {(call.program, call.number): call for theme in THEMES for call in calls_of(theme)}


@cache
def _events() -> dict[tuple[Program, int], type[Event]]:
    found = [cls for theme in THEMES for cls in classes_of(theme, Event)]
    return {(cls.declared.theme.program, cls.declared.number): cls for cls in found}


def all_calls(program: Program | None = None) -> Iterator[AnyCall]:
    """Every call, or those of one program."""
    return (call for call in _calls().values() if program in (None, call.program))


def all_events(program: Program | None = None) -> Iterator[type[Event]]:
    """Every event, or those of one program."""
    return (cls for cls in _events().values() if program in (None, cls.declared.theme.program))


def call_by_number(program: Program, number: int) -> AnyCall | None:
    """The call that a message names."""
    return _calls().get((program, number))


def event_by_number(program: Program, number: int) -> type[Event] | None:
    """The event that a message names."""
    return _events().get((program, number))


def all_enums() -> Iterator[type[Enum]]:
    """Every class of numbers, flags and parameter names."""
    return (cls for theme in THEMES for cls in classes_of(theme, Number, Flags, ParamName) if cls is not ParamName)
