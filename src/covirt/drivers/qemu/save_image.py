# SPDX-License-Identifier: LGPL-2.1-or-later
"""The file of a saved guest, in libvirt's form: a header, the guest's definition with room to grow, QEMU's state."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from covirt.errors import OperationFailed, SystemCallFailed

_MAGIC, _PARTIAL = b"LibvirtQemudSave", b"LibvirtQemudPart"
_VERSION = 2
_HEADER = struct.Struct("16s5I56x")
_SWAPPED = struct.Struct(">16s5I56x") if struct.pack("=H", 1) == b"\1\0" else struct.Struct("<16s5I56x")
_ROOM = 64 * 1024
"""The definition may grow by so much when it is edited."""
_MOST_XML = 1024 * 1024 * 64


class SaveFormat(IntEnum):
    """How QEMU's state is compressed; the numbers are in files."""

    RAW = 0
    GZIP = 1
    BZIP2 = 2
    XZ = 3
    LZOP = 4
    ZSTD = 5
    SPARSE = 6


@dataclass(slots=True, kw_only=True)
class SaveImage:
    """What stands before QEMU's state."""

    xml: str
    cookie: str | None = None
    was_running: bool
    format: SaveFormat = SaveFormat.RAW
    room: int = 0
    """Bytes for definition and cookie; 0 while the file is new."""
    complete: bool = False

    def pack(self) -> bytes:
        """The bytes before QEMU's state."""
        text = os.fsencode(self.xml) + b"\0"
        cookie = b"" if self.cookie is None else os.fsencode(self.cookie) + b"\0"
        needed = len(text) + len(cookie)
        self.room = self.room or needed + _ROOM
        if needed > self.room:
            raise OperationFailed("new xml too large to fit in file")
        return self._header(len(text)) + (text + cookie).ljust(self.room, b"\0")

    def _header(self, text_length: int) -> bytes:
        magic = _MAGIC if self.complete else _PARTIAL
        offset = text_length if self.cookie is not None else 0
        return _HEADER.pack(magic, _VERSION, self.room, self.was_running, self.format, offset)


class PartialImage(OperationFailed):
    """The file was never completed: saving was cut short."""


def read_image(fd: int, path: Path) -> SaveImage:
    """What stands before QEMU's state, which is what is read next."""
    header = _read(fd, _HEADER.size, path, "failed to read qemu header")
    magic = header[:16]
    if magic == _PARTIAL:
        raise PartialImage("save image is incomplete")
    if magic != _MAGIC:
        raise OperationFailed("image magic is incorrect")
    layout = _HEADER
    if _HEADER.unpack(header)[1] > _VERSION:
        layout = _SWAPPED
    _, version, room, was_running, number, offset = layout.unpack(header)
    if version > _VERSION:
        raise OperationFailed(f"image version is not supported ({version} > {_VERSION})")
    if not 0 < room <= _MOST_XML:
        raise OperationFailed(f"invalid header data length: {room}")
    data = _read(fd, room, path, "failed to read domain XML")
    try:
        kind = SaveFormat(number)
    except ValueError:
        raise OperationFailed(f"Invalid save image format {number}") from None
    text = data[: offset or None].partition(b"\0")[0]
    cookie = data[offset:].partition(b"\0")[0] if offset else None
    return SaveImage(
        xml=os.fsdecode(text),
        cookie=None if cookie is None else os.fsdecode(cookie),
        was_running=bool(was_running),
        format=kind,
        room=room,
        complete=True,
    )


def _read(fd: int, size: int, path: Path, failure: str) -> bytes:
    data = b""
    while len(data) < size:
        try:
            part = os.read(fd, size - len(data))
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, f"failed to read from '{path}'") from error
        if not part:
            raise OperationFailed(failure)
        data += part
    return data
