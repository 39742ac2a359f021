# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a method becomes a call: arguments are checked as the C interface does, the result gets its historical shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from covirt.api.call import Call
from covirt.client.channel import Reply
from covirt.errors import Error, ErrorDomain, InvalidArg, InvalidConn, NoSupport
from covirt.values import Uuid
from libvirt._arguments import Missing, Take, Unusable, taker
from libvirt._errors import describe, failure, libvirtError, virResetLastError
from libvirt._shapes import Shape, shape_of

if TYPE_CHECKING:
    from covirt.api.handles import Handle
    from covirt.api.stream import StreamEnd
    from libvirt._base import Wrapped
    from libvirt._link import Link


Work = Callable[[Any, Any], Any]


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


COUNTED_FIRST = {
    "nwfilter.list_nwfilters": "nwfilter.num_of_nwfilters",
    "secret.list_secrets": "secret.num_of_secrets",
    "interface.list_interfaces": "interface.num_of_interfaces",
    "interface.list_defined_interfaces": "interface.num_of_defined_interfaces",
    "network.list_networks": "network.num_of_networks",
    "network.list_defined_networks": "network.num_of_defined_networks",
    "storage.pool.list_storage_pools": "storage.pool.num_of_storage_pools",
    "storage.pool.list_defined_storage_pools": "storage.pool.num_of_defined_storage_pools",
    "domain.lookup.list_domains_id": "domain.lookup.num_of_domains",
    "domain.lookup.list_defined_domains": "domain.lookup.num_of_defined_domains",
}
"""Old lists before which programs were always told how long they are: a driver without them says so of the number."""


def reply(
    about: Wrapped, name: str, args: Sequence[Any], *, stream: StreamEnd | None = None, fds: Sequence[int] = ()
) -> Reply:
    """Make a call about an object, and give its result as it is declared."""
    call, takers, _ = plan_of(name)
    given = taken(call, takers, args)
    counter = COUNTED_FIRST.get(name)

    def work(link: Link, handle: Handle) -> Reply:
        try:
            return link.perform(call, handle, given, stream=stream, fds=fds)
        except NoSupport:
            if counter is not None:
                link.perform(plan_of(counter).call, handle, ())
            raise

    answer: Reply = guarded(about, call.spelled, work, call.error_domain)
    return answer


def taken(call: Call[Any, ..., Any], takers: Sequence[Take], args: Sequence[Any]) -> tuple[Any, ...]:
    """The arguments as the declaration has them."""
    virResetLastError()
    try:
        return tuple(take(value) for take, value in zip(takers, args, strict=True))
    except Unusable:
        raise libvirtError(f"{call.spelled}() failed") from None
    except Missing as missing:
        message = f"{missing} in {call.spelled} must not be NULL"
        error = InvalidArg.of_function(call.spelled, str(missing), message)
        error.domain = call.error_domain
        raise failure(error, call.spelled) from None


def guarded(about: Wrapped, function: str, work: Work, domain: ErrorDomain = ErrorDomain.DOMAIN) -> Any:
    """Do something with an object's connection; errors become this thread's last error and an exception."""
    virResetLastError()
    capsule = about._o
    if capsule is None:
        raise failure(InvalidConn(function, domain=domain), function)
    try:
        return work(capsule.link, capsule.handle)
    except Error as error:
        capsule.link.error = describe(error)
        raise failure(error.with_traceback(None), function) from None


def refuse_zero(function: str, argument: str) -> libvirtError:
    """The exception for a list that must not be empty."""
    virResetLastError()
    error = InvalidArg.of_function(function, argument, f"{argument} in {function} must not be zero")
    error.domain = ErrorDomain.DOMAIN
    return failure(error, function)


def refuse(function: str, message: str) -> libvirtError:
    """The exception for an argument that cannot be."""
    virResetLastError()
    return failure(InvalidArg(message, domain=ErrorDomain.DOMAIN), function)


UUID_DOMAINS = {
    "virNetworkLookupByUUIDString": ErrorDomain.NETWORK,
    "virNetworkPortLookupByUUIDString": ErrorDomain.NETWORK,
    "virNWFilterLookupByUUIDString": ErrorDomain.NWFILTER,
    "virSecretLookupByUUIDString": ErrorDomain.SECRET,
    "virStoragePoolLookupByUUIDString": ErrorDomain.STORAGE,
}


def parsed_uuid(text: str, function: str) -> bytes:
    """A UUID from its text."""
    if not isinstance(text, str):
        raise TypeError(f"argument must be str, not {type(text).__name__}")
    try:
        return bytes(Uuid.parse(text))
    except (ValueError, Error):
        message = f"uuidstr in {function} must be a valid UUID" if function in UUID_DOMAINS else "Invalid UUID"
    virResetLastError()
    error = InvalidArg.of_function(function, "uuidstr", message)
    error.domain = UUID_DOMAINS.get(function, ErrorDomain.DOMAIN)
    raise failure(error, function)
