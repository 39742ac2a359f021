# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a method becomes a call: arguments are checked as the C interface does, the result gets its historical shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from covirt.api.call import Call
from covirt.client.channel import Reply
from covirt.errors import Error, InvalidConn
from libvirt._arguments import Take, Unusable, taker
from libvirt._errors import failure, libvirtError, virResetLastError
from libvirt._shapes import Shape, shape_of

if TYPE_CHECKING:
    from covirt.api.stream import StreamEnd
    from libvirt._base import Wrapped


class Plan(NamedTuple):
    """What has to be known of a call."""

    call: Call[Any, ..., Any]
    takers: tuple[Take, ...]
    shape: Shape


@cache
def plan_of(name: str) -> Plan:
    """The plan of a declared call, by theme and name."""
    theme, _, called = name.rpartition(".")
    module = import_module(f"covirt.api.{theme}")
    call: Call[Any, ..., Any] = getattr(module, called)
    takers = tuple(taker(parameter, module) for parameter in call.parameters)
    return Plan(call, takers, shape_of(call.plain_result))


def ask(about: Wrapped, name: str, args: Sequence[Any]) -> Any:
    """Make a call about an object, and give its result as Python programs know it."""
    return plan_of(name).shape(reply(about, name, args).result, about)


def reply(
    about: Wrapped, name: str, args: Sequence[Any], *, stream: StreamEnd | None = None, fds: Sequence[int] = ()
) -> Reply:
    """Make a call about an object, and give its result as it is declared."""
    call, takers, _ = plan_of(name)
    given = taken(call, takers, args)
    return guarded(about, call.spelled, lambda link, handle: link.perform(call, handle, given, stream=stream, fds=fds))


def taken(call: Call[Any, ..., Any], takers: Sequence[Take], args: Sequence[Any]) -> tuple[Any, ...]:
    """The arguments as the declaration has them."""
    virResetLastError()
    try:
        return tuple(take(value) for take, value in zip(takers, args, strict=True))
    except Unusable:
        raise libvirtError(f"{call.spelled}() failed") from None


def guarded(about: Wrapped, function: str, work: Callable[[Any, Any], Any]) -> Any:
    """Do something with an object's connection; errors become this thread's last error and an exception."""
    virResetLastError()
    capsule = about._o
    if capsule is None:
        raise failure(InvalidConn(function), function)
    try:
        return work(capsule.link, capsule.handle)
    except Error as error:
        raised = failure(error, function)
        capsule.link.error = raised.err
        raise raised from None


