# SPDX-License-Identifier: LGPL-2.1-or-later
"""A layout with its two functions, which are made when first needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from covirt.wire.xdr.decode import decoder
from covirt.wire.xdr.encode import encoder
from covirt.wire.xdr.types import Type


class Plan:
    """Writes and reads the values of one layout.

    `decode(buffer, offset)` gives the value and takes no notice of bytes behind it, as libvirt does; the offset has
    to be a multiple of four. `encode(out, value)` appends to a bytearray. They raise DecodeError and EncodeError.
    """

    def __init__(self, type_: Type) -> None:
        """Remember the layout; nothing is compiled yet."""
        self.type = type_

    @cached_property
    def decode(self) -> Callable[[bytes, int], Any]:
        """The reading function."""
        return decoder(self.type)[0]

    @cached_property
    def encode(self) -> Callable[[bytearray, Any], None]:
        """The writing function."""
        return encoder(self.type)[0]

    def dumps(self, value: Any) -> bytes:
        """The bytes of a value."""
        out = bytearray()
        self.encode(out, value)
        return bytes(out)

    def loads(self, data: bytes) -> Any:
        """The value at the beginning of some bytes."""
        return self.decode(data, 0)
