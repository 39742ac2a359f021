# SPDX-License-Identifier: LGPL-2.1-or-later
"""What all pretended screens show: bars of colour, as a PNG file."""

from __future__ import annotations

import struct
import zlib
from functools import cache

WIDTH, HEIGHT = 640, 480
BARS = (0xFFFFFF, 0xFFFF00, 0x00FFFF, 0x00FF00, 0xFF00FF, 0xFF0000, 0x0000FF, 0x000000)


@cache
def picture() -> bytes:
    """The file."""
    bar = WIDTH // len(BARS)
    row = b"\0" + b"".join(colour.to_bytes(3, "big") * bar for colour in BARS)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(row * HEIGHT)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
