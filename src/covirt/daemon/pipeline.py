# SPDX-License-Identifier: LGPL-2.1-or-later
"""The way of a call to its handler: what is true of every call is done here, and in this order.

    read-only?  flags that exclude each other  is there a handler?  flags it knows
    find the object  rights  job  handler  objects the client may not see

Nothing here knows a hypervisor, and no handler knows where the call came from.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from covirt.api.access import Right
from covirt.api.binding import Binding
from covirt.api.call import Call, Rule
from covirt.api.handles import Connect, Handle
from covirt.api.request import ClientIdentity, Request
from covirt.api.stream import StreamEnd
from covirt.api.themes import Family
from covirt.drivers.driver import Driver
from covirt.errors import (
    AccessDenied,
    Error,
    ErrorDomain,
    InternalError,
    InvalidArg,
    NoSupport,
    OperationDenied,
)
from covirt.uri import Uri

log = logging.getLogger("covirt.daemon.pipeline")

AnyCall = Call[Any, ..., Any]
H = TypeVar("H", bound=Handle)


class AccessManager(Protocol):
    """Who may do what."""

    name: str

    async def allows(self, client: ClientIdentity, driver: str, right: Right, subject: Handle) -> bool:
        """May this client do this to that object?"""


class Everything:
    """The access manager that lets everybody do everything."""

    name = "none"

    async def allows(self, client: ClientIdentity, driver: str, right: Right, subject: Handle) -> bool:
        """Always yes."""
        return True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gives back."""

    result: Any = None
    fds: Sequence[int] = ()


class Session:
    """One connection, seen from the drivers' side: who is connected to what, with which rights."""

    def __init__(
        self,
        uri: Uri,
        drivers: Mapping[Family, Driver],
        *,
        client: ClientIdentity | None = None,
        read_only: bool = False,
        access: AccessManager | None = None,
    ) -> None:
        """Connect a client to the drivers that serve it, one for each family."""
        self.uri = uri
        self.drivers = dict(drivers)
        self.client = client or ClientIdentity()
        self.read_only = read_only
        self.access = access or Everything()
        self.closed = False
        self._closing: dict[object, Callable[[], Any]] = {}

    async def perform(
        self,
        call: AnyCall,
        subject: Handle,
        args: tuple[Any, ...] = (),
        *,
        stream: StreamEnd | None = None,
        fds: Sequence[int] = (),
    ) -> Answer:
        """Do a call; every failure comes out as one of our errors with its domain and object."""
        try:
            return await self._perform(call, subject, args, stream, fds)
        except Error as error:
            driver = self.drivers.get(call.family)
            if not error.domain and driver:
                error.domain = driver.error_domain
            if error.about is None and not isinstance(subject, Connect):
                error.about = subject
            raise
        except Exception as error:
            log.exception("%s failed in an unforeseen way", call.spelled)
            raise InternalError(f"{call.spelled}: {type(error).__name__}: {error}", about=subject) from error

    async def _perform(
        self, call: AnyCall, subject: Handle, args: tuple[Any, ...], stream: StreamEnd | None, fds: Sequence[int]
    ) -> Answer:
        check_read_only(call, args, self.read_only)
        check_rules(call, args)
        driver, binding = self._binding(call)
        check_flags(driver, binding, args)
        found = None if isinstance(subject, Connect) else await driver.find(subject)
        request: Request[Driver, Any] = Request(driver, call, subject, args, found, self, stream, fds)
        await self._check_access(request)
        async with driver.hold(found, binding.job, call):
            result = await binding.handler(request, *args)
        return Answer(await self._checked_result(request, result), tuple(request.reply_fds))

    def _binding(self, call: AnyCall) -> tuple[Driver, Binding]:
        driver = self.drivers.get(call.family)
        binding = driver.calls.get(call) if driver else None
        if driver is None or binding is None:
            raise NoSupport(call.spelled, domain=call.error_domain)
        return driver, binding

    # Rights

    async def authorize(self, call: AnyCall, args: tuple[Any, ...], subject: Handle) -> None:
        """Raise AccessDenied unless the client has the rights that the call asks for on this object."""
        for right in call.asked(args):
            if right.object == kind_of(subject):
                await self._require(call, right, subject)

    async def visible(self, call: AnyCall, handles: Iterable[H]) -> list[H]:
        """Those objects that the client may know of."""
        if isinstance(self.access, Everything):
            return list(handles)
        name = self._driver_name(call)
        return [
            handle
            for handle in handles
            if all([await self.access.allows(self.client, name, right, handle) for right in call.filter])
        ]

    async def _check_access(self, request: Request[Driver, Any]) -> None:
        """Check the rights on the subject and the connection; the rest is for objects that the handler finds."""
        kind = kind_of(request.subject)
        for right in request.call.asked(request.args):
            if right.object in (kind, "connect"):
                await self._require(request.call, right, Connect() if right.object == "connect" else request.subject)

    async def _checked_result(self, request: Request[Driver, Any], result: Any) -> Any:
        call = request.call
        kinds = {kind_of(request.subject), "connect"}
        if not request.authorized and any(right.object not in kinds for right in call.asked(request.args)):
            if not isinstance(result, Handle):
                raise InternalError(f"the handler of {call.qualified} did not ask for the client's rights")
            await self.authorize(call, request.args, result)
        if call.filter and isinstance(result, list) and result and isinstance(result[0], Handle):
            return await self.visible(call, result)
        return result

    async def _require(self, call: AnyCall, right: Right, subject: Handle) -> None:
        if not await self.access.allows(self.client, self._driver_name(call), right, subject):
            log.warning("%s may not %s: %s lacks on %s", self.client, call.spelled, right, subject)
            raise AccessDenied(f"'{self.access.name}' denied access", domain=ErrorDomain.ACCESS, about=subject)

    def _driver_name(self, call: AnyCall) -> str:
        return self.drivers[call.family].name

    # The end

    def on_close(self, key: object, callback: Callable[[], Any] | None) -> None:
        """Have a function called when the connection ends, as for guests that end with it; None takes it back."""
        if callback is None:
            self._closing.pop(key, None)
        else:
            self._closing[key] = callback

    async def close(self) -> None:
        """End the connection; what depends on it ends too, the newest first."""
        self.closed = True
        while self._closing:
            key, callback = self._closing.popitem()
            try:
                outcome = callback()
                if outcome is not None:
                    await outcome
            except Exception:
                log.exception("closing the connection: %s failed", key)


# The checks that need no object


def check_read_only(call: AnyCall, args: tuple[Any, ...], read_only: bool) -> None:
    """Refuse on a read-only connection what is not open to all."""
    if not read_only or call.traits.read_only:
        return
    closed = [right for right in call.asked(args) if not right.open_to_all]
    if call.traits.read_only is False or any(right.permission != "read_secure" for right in closed):
        raise OperationDenied(f"read only access prevents {call.spelled}", domain=call.error_domain)
    if closed:
        raise OperationDenied(f"{call.spelled} with secure flag", domain=call.error_domain)


def check_rules(call: AnyCall, args: tuple[Any, ...]) -> None:
    """Refuse flags that exclude each other or lack the one they need."""
    if call.flags_at is None:
        return
    flags = int(args[call.flags_at])
    for rule in call.traits.rules:
        if broken := _broken(rule, flags):
            raise InvalidArg.of_function(call.spelled, "flags", broken)


def _broken(rule: Rule, flags: int) -> str | None:
    first, second = bool(flags & rule.first), bool(flags & rule.second)
    if rule.needs and second and not first:
        return f"Flag '{rule.first.symbol}' is required by flag '{rule.second.symbol}'"
    if not rule.needs and first and second:
        return f"Flags '{rule.first.symbol}' and '{rule.second.symbol}' are mutually exclusive"
    return None


def check_flags(driver: Driver, binding: Binding, args: tuple[Any, ...]) -> None:
    """Refuse flags that the driver does not know."""
    at = binding.call.flags_at
    unknown = int(args[at]) & ~binding.flags if at is not None else 0
    if unknown:
        function = driver.function(binding.call)
        text = f"unsupported flags (0x{unknown:x}) in function {function}"
        error = InvalidArg.of_function(function, "flags", text)
        error.hint = f"this driver knows the flags 0x{binding.flags:x}"
        raise error


# Which rights speak of which object

_KINDS = {
    "Connect": "connect",
    "Domain": "domain",
    "DomainSnapshot": "domain",
    "DomainCheckpoint": "domain",
    "Network": "network",
    "NetworkPort": "network_port",
    "Interface": "interface",
    "StoragePool": "storage_pool",
    "StorageVol": "storage_vol",
    "NodeDevice": "node_device",
    "NWFilter": "nwfilter",
    "NWFilterBinding": "nwfilter_binding",
    "Secret": "secret",
}


def kind_of(handle: Handle) -> str:
    """The word that rights use for an object; snapshots and checkpoints belong to their domain."""
    return _KINDS[type(handle).__name__]
