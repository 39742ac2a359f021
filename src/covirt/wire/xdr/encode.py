# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions that write values, written from type descriptions.

They append to a bytearray. A run of numbers, and the length or flag that ends it, is written by one call of `pack`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from covirt.wire.errors import EncodeError
from covirt.wire.xdr import types as t
from covirt.wire.xdr.source import Writer, build

_GUARD = [
    "    except (struct_error, AttributeError, TypeError, ValueError) as error:",
    "        raise EncodeError(str(error)) from error",
]
_PADDING = (b"", b"\0\0\0", b"\0\0", b"\0")
_SIGNS = bytes(0xFF if byte & 0x80 else 0 for byte in range(256))


def encoder(type_: t.Type) -> tuple[Callable[[bytearray, Any], None], str]:
    """The function `(out, value)` for a layout, and its source."""
    pen = _Encode()
    pen.names |= {"struct_error": struct.error, "EncodeError": EncodeError}
    pen.names |= {"PAD": _PADDING, "spread": spread, "wrong_size": wrong_size}
    pen.value(type_, "value")
    pen.flush()
    return build("def plan(out, value):", pen.lines or ["        pass"], _GUARD, pen.names)


def spread(data: bytes) -> bytearray:
    """Each byte as a signed 32-bit number."""
    out = bytearray(4 * len(data))
    out[3::4] = data
    out[0::4] = out[1::4] = out[2::4] = data.translate(_SIGNS)
    return out


def wrong_size(size: int, limit: int) -> EncodeError:
    """What to raise for a value that does not fit its place."""
    return EncodeError(f"an item of length {size} where {limit} is the limit" if size > limit else "a NUL in a string")


class _Encode(Writer):
    """Writes the steps; `run` holds numbers that are not written yet."""

    def __init__(self) -> None:
        super().__init__()
        self.run: list[tuple[str, str]] = []

    def value(self, type_: t.Type, source: str) -> None:
        """Write what lays out the value of an expression."""
        match type_:
            case t.Number():
                self._number(type_, source)
            case t.Void():
                return
            case t.Text():
                self._text(type_, source)
            case t.Opaque():
                self._opaque(type_, source)
            case t.FixedOpaque():
                self._fixed_opaque(type_.count, source)
            case t.Chars():
                self._length(type_.limit, source := self.keep(source))
                self.line(f"out += spread({source})")
            case t.FixedChars():
                self.flush()
                source = self._exactly(type_.count, source)
                self.line(f"out += spread({source})")
            case t.Optional():
                self._optional(type_, source)
            case t.Array():
                self._array(type_, source)
            case t.FixedArray():
                self.flush()
                self._items(type_.inner, self._exactly(type_.count, source))
            case t.Struct():
                self._struct(type_, source)
            case t.Union():
                tag, arm = self.fresh(), self.fresh()
                self.line(f"{tag}, {arm} = {source}")
                self._union(type_, tag, arm)
            case t.Converted():
                self.value(type_.inner, f"{self.refer(type_.dump)}({source})" if type_.dump else source)
            case _:
                raise TypeError(f"no layout: {type_!r}")

    def keep(self, source: str) -> str:
        """A variable with the value of an expression, so that it is computed once."""
        if source.isidentifier():
            return source
        name = self.fresh()
        self.line(f"{name} = {source}")
        return name

    # Numbers and runs

    def flush(self) -> None:
        """Write the present run."""
        if not self.run:
            return
        codes = "".join(code for code, _ in self.run)
        self.line(f"out += {self.layout(codes, 'pack')}({', '.join(source for _, source in self.run if source)})")
        self.run = []

    def _number(self, number: t.Number, source: str) -> None:
        if number.narrow is not None:
            source = self.keep(source)
            low, high = number.narrow
            self.line(f"if not {low} <= {source} <= {high}: raise ValueError(f'{number.name} {{{source}}}')")
        self.run.append((number.code, source))

    # Parts of variable size

    def _length(self, limit: int, source: str, extra: str = "") -> None:
        self.line(f"if len({source}) > {limit}{extra}: raise wrong_size(len({source}), {limit})")
        self.run.append(("I", f"len({source})"))
        self.flush()

    def _exactly(self, count: int, source: str) -> str:
        source = self.keep(source)
        self.line(f"if len({source}) != {count}: raise ValueError(f'{{len({source})}} items instead of {count}')")
        return source

    def _text(self, text: t.Text, source: str) -> None:
        name = self.fresh()
        self.line(f"{name} = {source}.encode('utf-8', 'surrogateescape')")
        self._length(text.limit, name, f" or 0 in {name}")
        self.line(f"out += {name}")
        self.line(f"if len({name}) & 3: out += PAD[len({name}) & 3]")

    def _opaque(self, opaque: t.Opaque, source: str) -> None:
        source = self.keep(source)
        self._length(opaque.limit, source)
        self.line(f"out += {source}")
        self.line(f"if len({source}) & 3: out += PAD[len({source}) & 3]")

    def _fixed_opaque(self, count: int, source: str) -> None:
        self.run.append((f"{count}s", self._exactly(count, source)))
        if count % 4:
            self.run.append((f"{-count % 4}x", ""))

    def _optional(self, optional: t.Optional, source: str) -> None:
        source = self.keep(source)
        self.run.append(("I", f"{source} is not None"))
        self.flush()
        with self.block(f"if {source} is not None:"):
            self.value(optional.inner, source)
            self.flush()

    # Arrays

    def _array(self, array: t.Array, source: str) -> None:
        source = self.keep(source)
        self._length(array.limit, source)
        if isinstance(array.inner, t.Number) and array.inner.narrow is None:
            pack = self.refer(struct.pack)
            self.line(f"out += {pack}(f'>{{len({source})}}{array.inner.code}', *{source})")
        else:
            self._items(array.inner, source)

    def _items(self, inner: t.Type, source: str) -> None:
        name = self.fresh()
        with self.block(f"for {name} in {source}:"):
            self.value(inner, name)
            self.flush()

    # Structs and unions

    def _struct(self, struct_: t.Struct, source: str) -> None:
        source = self.keep(source)
        fields: list[tuple[t.Type, tuple[str, ...]]] = []
        for field in struct_.fields:
            names: tuple[str, ...] = field.type.names if isinstance(field.type, t.Union) else (field.name,)
            by_items = struct_.access == "items"
            fields.append((field.type, tuple(self.fresh() if by_items else f"{source}.{name}" for name in names)))
        if struct_.access == "items":
            parts = ", ".join(name for _, names in fields for name in names)
            self.line(f"({parts}{',' if parts else ''}) = {source}")
        for type_, names in fields:
            if isinstance(type_, t.Union):
                self._union(type_, self.keep(names[0]), self.keep(names[1]))
            else:
                self.value(type_, names[0])

    def _union(self, union: t.Union, tag: str, arm: str) -> None:
        self.run.append((union.tag.code, tag))
        self.flush()
        word = "if"
        for number, type_ in union.arms.items():
            with self.block(f"{word} {tag} == {int(number)}:"):
                self.value(type_, arm)
                self.flush()
            word = "elif"
        self.line(f"else: raise ValueError(f'no such kind of value: {{{tag}}}')")
