# SPDX-License-Identifier: LGPL-2.1-or-later
"""The codecs of calls and events, derived from their declarations when first needed.

Some results have a hidden argument: "are items wanted", "how many may come". The caller's side fills it in; the
answering side gets it from `decode_args` as `asked` and gives it back to `encode_result`, which cuts the result.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, NamedTuple

from covirt.api.call import Call
from covirt.api.event import Event, EventDeclaration
from covirt.api.handles import Connect, Handle
from covirt.api.layout import Counted, Listed, ModernOnly, Sized, UpTo, Width
from covirt.errors import ErrorDomain, InternalError
from covirt.rpc.layouts import WIDTHS, layout_of, unwrap
from covirt.wire.message import Message
from covirt.wire.xdr import types as t
from covirt.wire.xdr.plan import Plan

AnyCall = Call[Any, ..., Any]


class Arguments(NamedTuple):
    """The arguments of a received call."""

    subject: Handle
    args: tuple[Any, ...]
    asked: int | None


class Hidden(NamedTuple):
    """An argument that only the wire has: its name, width and place, and what it is about."""

    name: str
    width: Width
    place: int
    marker: Listed | Sized | UpTo


_CONNECT = Connect()


class CallCodec:
    """How one call is laid out."""

    def __init__(self, call: AnyCall) -> None:
        """Look at the declaration; the functions are made when first used."""
        self.call = call
        self.has_subject = call.subject is not Connect
        self.hidden = _hidden(call)
        self.returns_nothing = isinstance(layout_of(call.result), t.Void)

    @cached_property
    def arguments_layout(self) -> t.Struct:
        """The layout of the arguments, the object first."""
        fields = [t.Field(self.call.subject_name, layout_of(self.call.subject))] if self.has_subject else []
        fields += [t.Field(parameter.name, layout_of(parameter.annotation)) for parameter in self.call.parameters]
        if self.hidden:
            fields.insert(self.hidden.place, t.Field(self.hidden.name, WIDTHS[self.hidden.width]))
        return t.Struct(f"{self.call.name}_args", tuple(fields))

    @cached_property
    def result_layout(self) -> t.Type:
        """The layout of the result; a count that follows a list belongs to it."""
        layout = layout_of(self.call.result)
        width = _count_width(self.call.result)
        if width is None:
            return layout
        return t.Struct(f"{self.call.name}_ret", (t.Field("items", layout), t.Field("count", WIDTHS[width])))

    # The calling side

    def encode_args(self, out: bytearray, values: tuple[Handle, tuple[Any, ...], int | None]) -> None:
        """Lay out subject, arguments and, where one is hidden, how many items may come (None: all there can be)."""
        subject, args, asked = values
        parts = [subject, *args] if self.has_subject else [*args]
        if self.hidden:
            parts.insert(self.hidden.place, self.most if asked is None else asked)
        self._arguments.encode(out, parts)

    @property
    def most(self) -> int:
        """The hidden argument that asks for everything."""
        if self.hidden is None:
            return 0
        return 1 if isinstance(self.hidden.marker, Listed) else self.hidden.marker.limit

    @property
    def two_steps(self) -> bool:
        """Must one first ask how many parameters there are? The number then stands in the second question."""
        return self.hidden is not None and isinstance(self.hidden.marker, Sized)

    def decode_result(self, message: Message) -> Any:
        """The result of a reply."""
        value = message.decode(self._result.decode)
        return value[0] if self._counted else value

    def decode_count(self, message: Message) -> int:
        """The number in the reply to a first question."""
        return int(message.decode(self._result.decode)[1])

    # The answering side

    def decode_args(self, message: Message) -> Arguments:
        """Subject, arguments and the hidden one."""
        values = message.decode(self._arguments.decode)
        asked = None
        if self.hidden:
            place = self.hidden.place
            asked = values[place]
            values = values[:place] + values[place + 1 :]
        if not self.has_subject:
            return Arguments(_CONNECT, values, asked)
        return Arguments(values[0], values[1:], asked)

    def check_asked(self, asked: int | None) -> None:
        """Refuse to be asked for more than can be."""
        if asked is None or self.hidden is None or isinstance(self.hidden.marker, Listed):
            return
        if not 0 <= asked <= self.hidden.marker.limit:
            raise InternalError(f"{self.hidden.name} too large", domain=ErrorDomain.RPC)

    def encode_result(self, out: bytearray, value: tuple[Any, int | None]) -> None:
        """Lay out a result as far as it was asked for."""
        result, asked = value
        if asked is not None:
            result, count = self._cut(result, asked)
        elif self._counted:
            count = len(result)
        self._result.encode(out, (result, count) if self._counted else result)

    def _cut(self, result: Any, asked: int) -> tuple[Any, int]:
        """As many items as are wanted, and the number to tell."""
        assert self.hidden is not None
        if isinstance(self.hidden.marker, Listed):
            return (result if asked else []), len(result)
        if isinstance(self.hidden.marker, Sized) and asked == 0:
            return type(result)(), len(result.entries if hasattr(result, "entries") else result)
        if hasattr(result, "entries"):
            result = type(result)(result.entries[:asked])
            return result, len(result.entries)
        return result[:asked], min(asked, len(result))

    @cached_property
    def _arguments(self) -> Plan:
        return Plan(self.arguments_layout)

    @cached_property
    def _result(self) -> Plan:
        return Plan(self.result_layout)

    @cached_property
    def _counted(self) -> bool:
        return _count_width(self.call.result) is not None


def _hidden(call: AnyCall) -> Hidden | None:
    """The hidden argument that the result of a call implies."""
    _, markers = unwrap(call.result)
    for marker in markers:
        match marker:
            case Listed():
                return Hidden("need_results", marker.need, _place(call, "flags"), marker)
            case Sized():
                return Hidden("nparams", marker.ask, _place(call, marker.before), marker)
            case UpTo():
                return Hidden("maxnames", marker.ask, _place(call, marker.before), marker)
    return None


def _place(call: AnyCall, before: str) -> int:
    """Where among all arguments the hidden one stands: before a parameter, or last."""
    names = [parameter.name for parameter in call.parameters]
    at = names.index(before) if before in names else len(names)
    return at + (call.subject is not Connect)


def _count_width(result: Any) -> Width | None:
    """The width of the number that follows a resulting list."""
    for marker in unwrap(result)[1]:
        if isinstance(marker, Counted | Listed | Sized):
            return marker.count
        if isinstance(marker, UpTo) and marker.counted:
            return Width.INT
    return None


class EventCodec:
    """How one event is laid out, for clients that name their subscription and for old ones that do not."""

    def __init__(self, event: EventDeclaration) -> None:
        """Look at the declaration; the functions are made when first used."""
        self.event = event

    @cached_property
    def fields(self) -> tuple[t.Field, ...]:
        """The fields of the event."""
        return tuple(t.Field(name, layout_of(annotation)) for name, annotation in self.event.fields)

    @cached_property
    def legacy_fields(self) -> tuple[t.Field, ...]:
        """The fields that old clients know."""
        return tuple(
            t.Field(name, layout_of(annotation))
            for name, annotation in self.event.fields
            if not any(isinstance(marker, ModernOnly) for marker in unwrap(annotation)[1])
        )

    @cached_property
    def layout(self) -> t.Struct:
        """The message, with the number of the subscription if it carries one."""
        own = t.Struct(self.event.name, self.fields, make=self.event.cls, access="attributes")
        if not self.event.callback:
            return own
        return t.Struct(f"{self.event.name}_msg", (t.Field("callback_id", t.INT), t.Field("event", own)))

    @cached_property
    def legacy_layout(self) -> t.Struct:
        """The message for old clients."""
        names = [field.name for field in self.legacy_fields]
        unknown = {field.name: 0 for field in self.fields if field.name not in names}
        cls = self.event.cls

        def make(*values: Any) -> Event:
            return cls(**dict(zip(names, values, strict=True)), **unknown)

        return t.Struct(self.event.name, self.legacy_fields, make=make, access="attributes")

    def encode(self, out: bytearray, value: tuple[int, Event]) -> None:
        """Lay out subscription number and event."""
        self._plan.encode(out, value if self.event.callback else value[1])

    def encode_legacy(self, out: bytearray, event: Event) -> None:
        """Lay out an event for an old client."""
        self._legacy_plan.encode(out, event)

    def decode(self, message: Message) -> tuple[int | None, Event]:
        """The subscription number, if it is told, and the event."""
        if message.procedure == self.event.legacy:
            return None, message.decode(self._legacy_plan.decode)
        value = message.decode(self._plan.decode)
        return value if self.event.callback else (None, value)

    @cached_property
    def _plan(self) -> Plan:
        return Plan(self.layout)

    @cached_property
    def _legacy_plan(self) -> Plan:
        return Plan(self.legacy_layout)


@cache
def codec_of(call: AnyCall) -> CallCodec:
    """The codec of a call."""
    return CallCodec(call)


@cache
def event_codec_of(event: EventDeclaration) -> EventCodec:
    """The codec of an event."""
    return EventCodec(event)


EncodeResult = Callable[[bytearray, Any], None]
