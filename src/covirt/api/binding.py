# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a driver answers calls: tables of handlers, checked against the declarations when they are made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from enum import IntFlag
from typing import Any, Concatenate, ParamSpec, TypeVar

from covirt.api.call import Call, Job
from covirt.api.handles import Handle
from covirt.api.request import Request

S = TypeVar("S", bound=Handle)
P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D")
F = TypeVar("F")
AnyCall = Call[Any, ..., Any]


@dataclass(frozen=True, slots=True)
class Binding:
    """The handler of a call, the flags it knows and the job it runs in."""

    call: AnyCall
    handler: Callable[..., Awaitable[Any]]
    flags: int
    job: Job


class CallTable:
    """What a driver, or one theme of it, can do."""

    def __init__(self, *tables: CallTable) -> None:
        """Start empty, or with all that the given tables have."""
        self._bindings: dict[AnyCall, Binding] = {}
        for table in tables:
            for binding in table:
                self._add(binding)

    def implements(
        self, call: Call[S, P, R], *, flags: IntFlag | None = None, job: Job | None = None
    ) -> Callable[
        [Callable[Concatenate[Request[D, F], P], Awaitable[R]]], Callable[Concatenate[Request[D, F], P], Awaitable[R]]
    ]:
        """Make an async function the handler of a call.

        `flags` are those the driver knows, all declared ones by default; `job` is stated if it is another than the
        declaration's.
        """

        def bind(
            handler: Callable[Concatenate[Request[D, F], P], Awaitable[R]],
        ) -> Callable[Concatenate[Request[D, F], P], Awaitable[R]]:
            call.check_handler(handler)
            known = call.all_flags if flags is None else int(flags)
            self._add(Binding(call, handler, known, call.job if job is None else job))
            return handler

        return bind

    def _add(self, binding: Binding) -> None:
        if binding.call in self._bindings:
            raise TypeError(f"{binding.call.qualified} has two handlers")
        self._bindings[binding.call] = binding

    def get(self, call: AnyCall) -> Binding | None:
        """The handler of a call, if there is one."""
        return self._bindings.get(call)

    def __contains__(self, call: AnyCall) -> bool:
        return call in self._bindings

    def __iter__(self) -> Iterator[Binding]:
        return iter(self._bindings.values())

    def __len__(self) -> int:
        return len(self._bindings)
