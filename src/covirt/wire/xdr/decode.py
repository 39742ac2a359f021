# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions that read values, written from type descriptions.

A run of numbers, and the length or flag that ends it, is read by one call of `unpack_from`; nested structs have no
frame in XDR and are read in line. So a function has one step for each part of variable size, and nothing else.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from covirt.wire.errors import DecodeError
from covirt.wire.xdr import types as t
from covirt.wire.xdr.source import Writer, build

_GUARD = [
    "    except struct_error:",
    "        raise DecodeError('the payload ends too early') from None",
    "    except (ValueError, TypeError) as error:",
    "        raise DecodeError(str(error)) from error",
]


def decoder(type_: t.Type) -> tuple[Callable[[bytes, int], Any], str]:
    """The function `(buffer, offset) -> value` for a layout, and its source."""
    pen = _Decode()
    pen.names |= {"struct_error": struct.error, "DecodeError": DecodeError, "too_long": too_long}
    pen.names["tuple_new"] = tuple.__new__
    pen.line("end = len(buf)")
    value = pen.value(type_)
    pen.flush()
    pen.line("if p > end: raise DecodeError('the payload ends too early')")
    pen.line(f"return {value}")
    return build("def plan(buf, p):", pen.lines, _GUARD, pen.names)


def too_long(size: int, limit: int) -> DecodeError:
    """What to raise for a length that is over its limit or runs over the end."""
    reason = f"more than {limit} items" if size > limit else "it ends inside an item"
    return DecodeError(f"an item of length {size}: {reason}")


class _Decode(Writer):
    """Writes the steps; `run` holds numbers that are not read yet."""

    def __init__(self) -> None:
        super().__init__()
        self.run: list[tuple[str, str]] = []

    def value(self, type_: t.Type) -> str:
        """Write what reads a value and return the expression that yields it once everything is flushed."""
        values = self.values(type_)
        return values[0] if len(values) == 1 else f"({', '.join(values)})"

    def values(self, type_: t.Type) -> list[str]:
        """Like `value`, but a union gives two expressions."""
        match type_:
            case t.Number():
                return [self._number(type_)]
            case t.Void():
                return ["None"]
            case t.Text():
                return [self._text(type_)]
            case t.Opaque():
                return [self._sized(type_.limit, 1, "buf[p:q]", pad=True)]
            case t.FixedOpaque():
                return [self._fixed_opaque(type_)]
            case t.Chars():
                return [self._sized(type_.limit, 4, "buf[p + 3:q:4]")]
            case t.FixedChars():
                return [f"{self.fixed(f'{4 * type_.count}s')}[3::4]"]
            case t.Optional():
                return [self._optional(type_)]
            case t.Array():
                return [self._array(type_)]
            case t.FixedArray():
                return [self._fixed_array(type_)]
            case t.Struct():
                return [self._struct(type_)]
            case t.Union():
                return self._union(type_)
            case t.Converted():
                return [f"{self.refer(type_.load)}({self.value(type_.inner)})"]
        raise TypeError(f"no layout: {type_!r}")

    # Numbers and runs

    def fixed(self, code: str) -> str:
        """A variable that the present run will fill."""
        name = self.fresh()
        self.run.append((code, name))
        return name

    def flush(self) -> None:
        """Read the present run."""
        if not self.run:
            return
        codes = "".join(code for code, _ in self.run)
        targets = ", ".join(name for _, name in self.run)
        self.line(f"{targets}, = {self.layout(codes, 'unpack_from')}(buf, p)")
        self.line(f"p += {struct.calcsize('>' + codes)}")
        self.run = []

    def _number(self, number: t.Number) -> str:
        name = self.fixed(number.code)
        if number is t.BOOL:
            return f"{name} != 0"
        if number.narrow is None:
            return name
        low, high = number.narrow
        return f"({name} & {high})" if low == 0 else f"(({name} & {high - low}) ^ {-low}) - {-low}"

    # Parts of variable size

    def _length(self, limit: int, unit: int) -> str:
        """Read a length and set `q` to where that many units end."""
        size = self.fixed("I")
        self.flush()
        self.line(f"q = p + {size}" + (f" * {unit}" if unit != 1 else ""))
        self.line(f"if {size} > {limit} or q > end: raise too_long({size}, {limit})")
        return size

    def _sized(self, limit: int, unit: int, expression: str, *, pad: bool = False) -> str:
        """Read a length and what it measures."""
        self._length(limit, unit)
        name = self.fresh()
        self.line(f"{name} = {expression}")
        self.line("p = q + 3 & -4" if pad else "p = q")
        return name

    def _text(self, text: t.Text) -> str:
        name = self._sized(text.limit, 1, "str(buf[p:q], 'utf-8', 'surrogateescape')", pad=True)
        self.line(f"if '\\0' in {name}: {name} = {name}[:{name}.index('\\0')]")
        return name

    def _fixed_opaque(self, opaque: t.FixedOpaque) -> str:
        name = self.fixed(f"{opaque.count}s")
        if opaque.count % 4:
            self.run.append((f"{-opaque.count % 4}s", "_"))
        return name

    def _optional(self, optional: t.Optional) -> str:
        flag, name = self.fixed("I"), self.fresh()
        self.flush()
        with self.block(f"if {flag}:"):
            value = self.value(optional.inner)
            self.flush()
            self.line(f"{name} = {value}")
        with self.block("else:"):
            self.line(f"{name} = None")
        return name

    # Arrays

    def _array(self, array: t.Array) -> str:
        if isinstance(array.inner, t.Number) and array.inner.narrow is None:
            return self._numbers(array.inner, array.limit)
        size = self.fixed("I")
        self.flush()
        self.line(f"if {size} > {array.limit}: raise too_long({size}, {array.limit})")
        return self._items(array.inner, size)

    def _numbers(self, number: t.Number, limit: int) -> str:
        size = self._length(limit, number.size)
        name = self.fresh()
        unpack = self.refer(struct.unpack_from)
        self.line(f"{name} = list({unpack}(f'>{{{size}}}{number.code}', buf, p))")
        self.line("p = q")
        return name

    def _fixed_array(self, array: t.FixedArray) -> str:
        self.flush()
        return self._items(array.inner, str(array.count))

    def _items(self, inner: t.Type, count: str) -> str:
        name, append = self.fresh(), self.fresh()
        self.line(f"{name} = []")
        self.line(f"{append} = {name}.append")
        with self.block(f"for _ in range({count}):"):
            value = self.value(inner)
            self.flush()
            self.line(f"{append}({value})")
        return name

    # Structs and unions

    def _struct(self, struct_: t.Struct) -> str:
        values = [value for field in struct_.fields for value in self.values(field.type)]
        inside = "".join(f"{value}, " for value in values).rstrip() if len(values) == 1 else ", ".join(values)
        if struct_.make is None:
            return f"({inside})"
        make = self.refer(struct_.make)
        if isinstance(struct_.make, type) and issubclass(struct_.make, tuple):
            return f"tuple_new({make}, ({inside}))"
        return f"{make}({inside})"

    def _union(self, union: t.Union) -> list[str]:
        tag, name = self.fixed(union.tag.code), self.fresh()
        self.flush()
        word = "if"
        for number, arm in union.arms.items():
            with self.block(f"{word} {tag} == {int(number)}:"):
                value = self.value(arm)
                self.flush()
                self.line(f"{name} = {value}")
            word = "elif"
        self.line(f"else: raise DecodeError(f'no such kind of value: {{{tag}}}')")
        if all(type(number) is int for number in union.arms):
            return [tag, name]
        return [f"{self.refer({int(number): number for number in union.arms})}[{tag}]", name]
