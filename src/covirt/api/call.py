# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a call is declared: a bare typed function with its number, C name and rights.

    call = Calls(DOMAIN)

    @call(196, "virDomainCreateWithFlags", acl="domain:start", job=Job.MODIFY, since="0.8.2")
    def create_with_flags(dom: Domain, flags: CreateFlags) -> Domain:
        \"\"\"Start a defined domain.\"\"\"

The first parameter is what the call is about. The function never runs; the name then stands for the `Call`. Whoever
calls may leave out `flags`, and at the end of the parameters what may be None.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeVar, get_args, get_type_hints

from covirt.api.access import Right, rights
from covirt.api.enums import Flags, NoFlags
from covirt.api.handles import Handle
from covirt.api.themes import Theme

S = TypeVar("S", bound=Handle)
P = ParamSpec("P")
R = TypeVar("R")


class Job(Enum):
    """What a call does to the guest, and so with which other calls it may overlap."""

    NONE = "none"
    QUERY = "query"
    MODIFY = "modify"
    SUSPEND = "suspend"
    DESTROY = "destroy"
    ABORT = "abort"


class Direction(Enum):
    """Which way the bytes of a call's stream go; READ is from daemon to client, a console goes both ways."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Rule:
    """Two flags that exclude each other, or of which the second needs the first."""

    first: Flags
    second: Flags
    needs: bool = False


def exclusive(first: Flags, second: Flags) -> Rule:
    """Only one of the two flags may be given."""
    return Rule(first, second)


def requires(flag: Flags, needed: Flags) -> Rule:
    """The first flag may be given only with the second."""
    return Rule(needed, flag, needs=True)


REQUIRED = inspect.Parameter.empty


class Parameter(NamedTuple):
    """One parameter after the subject; `default` is REQUIRED when it cannot be left out."""

    name: str
    annotation: Any
    plain: Any
    default: Any

    @property
    def required(self) -> bool:
        """Must the caller give it?"""
        return self.default is REQUIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a declaration says beside the signature."""

    theme: Theme
    number: int
    api: str | None
    since: str
    acl: tuple[Right, ...] = ()
    filter: tuple[Right, ...] = ()
    job: Job = Job.NONE
    high: bool = False
    needs_auth: bool = True
    read_only: bool | None = None
    stream: Direction | None = None
    sparse_flag: Flags | None = None
    fds_in: bool = False
    fds_out: bool = False
    daemon: bool = False
    internal: bool = False
    rules: tuple[Rule, ...] = ()


class Call(Generic[S, P, R]):
    """One declared call."""

    def __init__(self, function: Callable[Concatenate[S, P], R], traits: Traits) -> None:
        """Take over a bare function; its types are looked at when they are first needed."""
        self.function = function
        self.traits = traits
        self.number = traits.number
        self.program = traits.theme.program
        self.family = traits.theme.family
        self.error_domain = traits.theme.error_domain
        self.api = traits.api
        self.acl = traits.acl
        self.filter = traits.filter
        self.job = traits.job
        self.stream = traits.stream
        self.daemon = traits.daemon
        self.name: str = function.__name__
        self.module: str = function.__module__
        self.doc: str = inspect.cleandoc(function.__doc__ or "")

    def __repr__(self) -> str:
        return f"<Call {self.number} {self.qualified}>"

    @property
    def qualified(self) -> str:
        """Theme and name, as in `domain.lifecycle.create`."""
        return f"{self.module.removeprefix('covirt.api.')}.{self.name}"

    @property
    def spelled(self) -> str:
        """The name for messages: the one of the C interface, if it has one."""
        return self.api or self.name

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.function, include_extras=True)

    @cached_property
    def _plain_hints(self) -> dict[str, Any]:
        return get_type_hints(self.function)

    @cached_property
    def _names(self) -> list[str]:
        return list(inspect.signature(self.function).parameters)

    @cached_property
    def subject_name(self) -> str:
        """The name of the first parameter."""
        return self._names[0]

    @cached_property
    def subject(self) -> type[Handle]:
        """The kind of object the call is about."""
        kind: type[Handle] = self._plain_hints[self.subject_name]
        return kind

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters after the subject."""
        found: list[Parameter] = []
        omissible = True
        for name in reversed(self._names[1:]):
            plain = self._plain_hints[name]
            default = _default(name, plain) if omissible else REQUIRED
            omissible = default is not REQUIRED
            found.insert(0, Parameter(name, self._hints[name], plain, default))
        return tuple(found)

    @cached_property
    def result(self) -> Any:
        """The type of the result with its layout; NoneType when there is none."""
        return self._hints["return"]

    @cached_property
    def plain_result(self) -> Any:
        """The type of the result alone."""
        return self._plain_hints["return"]

    @cached_property
    def flags_at(self) -> int | None:
        """The place of the flags among the parameters."""
        places = [at for at, parameter in enumerate(self.parameters) if parameter.name == "flags"]
        return places[0] if places else None

    @cached_property
    def all_flags(self) -> int:
        """All flags that are declared for the call."""
        if self.flags_at is None:
            return 0
        kind = self.parameters[self.flags_at].plain
        return sum({int(flag) for flag in kind.__members__.values() if int(flag).bit_count() == 1})

    def asked(self, args: tuple[Any, ...]) -> list[Right]:
        """The rights that a call with these arguments needs."""
        if self._asks_always:
            return list(self.acl)
        flags = int(args[self.flags_at]) if self.flags_at is not None else 0
        given = {parameter.name: value for parameter, value in zip(self.parameters, args, strict=True)}
        return [right for right in self.acl if _applies(right, flags, given)]

    @cached_property
    def _asks_always(self) -> bool:
        """Do its rights not depend on how it is called?"""
        return not any(right.all_set or right.none_set or right.parameter for right in self.acl)

    def complete(self, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """All arguments in order, those that were left out filled in."""
        if len(args) > len(self.parameters) or not kwargs.keys() <= {p.name for p in self.parameters[len(args) :]}:
            raise TypeError(f"{self.name} takes {[parameter.name for parameter in self.parameters]}")
        rest = [kwargs.get(parameter.name, parameter.default) for parameter in self.parameters[len(args) :]]
        if any(value is REQUIRED for value in rest):
            raise TypeError(f"{self.name} needs {[p.name for p in self.parameters if p.required]}")
        return (*args, *rest)

    def check_handler(self, handler: Callable[..., Any]) -> None:
        """Refuse a handler whose parameters or result are not those of the declaration."""
        where = f"{handler.__module__}.{handler.__qualname__} for {self.qualified}"
        if not inspect.iscoroutinefunction(handler):
            raise TypeError(f"{where} must be an async function")
        names = list(inspect.signature(handler).parameters)
        wanted = [parameter.name for parameter in self.parameters]
        if names[1:] != wanted:
            raise TypeError(f"{where} has the parameters {names[1:]}, not {wanted}")
        stated = {name: hint for name, hint in handler.__annotations__.items() if name != names[0]}
        hints = get_type_hints(SimpleNamespace(__annotations__=stated), globalns=handler.__globals__)
        types = [(parameter.name, parameter.plain) for parameter in self.parameters]
        for name, plain in [*types, ("return", self.plain_result)]:
            if name not in hints or hints[name] != plain:
                raise TypeError(f"{where} has {name}: {hints.get(name)}, not {plain}")


def _default(name: str, plain: Any) -> Any:
    """What stands for a parameter that was left out."""
    if name == "flags":
        return plain(0)
    return None if type(None) in get_args(plain) else REQUIRED


def _applies(right: Right, flags: int, given: dict[str, Any]) -> bool:
    """Are the conditions of a right met?"""
    if right.all_set and flags & right.all_set != right.all_set:
        return False
    if right.none_set and flags & right.none_set:
        return False
    return right.parameter is None or int(given[right.parameter]) == right.value


class Calls:
    """The decorator with which the calls of one theme are declared."""

    def __init__(self, theme: Theme) -> None:
        """All calls declared with it belong to this theme."""
        self.theme = theme

    def __call__(
        self,
        number: int,
        api: str | None = None,
        *,
        since: str,
        acl: str | Right | Iterable[str | Right] = (),
        filter: str | Right | Iterable[str | Right] = (),
        job: Job = Job.NONE,
        high: bool = False,
        needs_auth: bool = True,
        read_only: bool | None = None,
        stream: Direction | None = None,
        sparse_flag: Flags | None = None,
        fds_in: bool = False,
        fds_out: bool = False,
        daemon: bool = False,
        internal: bool = False,
        rules: Iterable[Rule] = (),
    ) -> Callable[[Callable[Concatenate[S, P], R]], Call[S, P, R]]:
        """Declare a call.

        `api` is its name in the C interface, `high` its priority; `read_only` states against the rule whether a
        read-only connection may make it; `daemon` calls are answered by the daemon, not by a driver; `internal` ones
        are made by our own client only.
        """
        traits = Traits(
            theme=self.theme, number=number, api=api, since=since, acl=rights(acl), filter=rights(filter), job=job,
            high=high, needs_auth=needs_auth, read_only=read_only, stream=stream, sparse_flag=sparse_flag,
            fds_in=fds_in, fds_out=fds_out, daemon=daemon, internal=internal, rules=tuple(rules),
        )  # fmt: skip
        return lambda function: Call(function, traits)


__all__ = ["Call", "Calls", "Direction", "Job", "NoFlags", "Parameter", "Rule", "Traits", "exclusive", "requires"]
