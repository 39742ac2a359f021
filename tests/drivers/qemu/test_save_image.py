# SPDX-License-Identifier: LGPL-2.1-or-later
"""The header of saved guests, as libvirt reads and writes it."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from covirt.drivers.qemu.save_image import PartialImage, SaveFormat, SaveImage, read_image
from covirt.errors import OperationFailed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "image"


def read_back(path: Path, data: bytes) -> SaveImage:
    path.write_bytes(data)
    fd = os.open(path, os.O_RDONLY)
    try:
        return read_image(fd, path)
    finally:
        os.close(fd)


def test_what_is_written_is_read(path: Path) -> None:
    image = SaveImage(xml="<domain/>", cookie="<cookie/>", was_running=True, complete=True)
    assert read_back(path, image.pack() + b"state") == image


def test_header_has_libvirts_layout() -> None:
    data = SaveImage(xml="<domain/>", was_running=True, complete=True).pack()
    magic, version, room, running, kind, cookie = struct.unpack_from("=16s5I", data)
    assert (magic, version, running, kind, cookie) == (b"LibvirtQemudSave", 2, 1, 0, 0)
    assert room == len("<domain/>") + 1 + 64 * 1024
    assert len(data) == 92 + room


def test_an_image_that_was_not_completed_is_told_apart(path: Path) -> None:
    with pytest.raises(PartialImage):
        read_back(path, SaveImage(xml="<domain/>", was_running=True).pack())


def test_an_image_of_the_other_byte_order_is_read(path: Path) -> None:
    header = struct.pack(">16s5I56x", b"LibvirtQemudSave", 2, 10, 0, 5, 0)
    found = read_back(path, header + b"<domain/>\0")
    assert (found.xml, found.format, found.was_running) == ("<domain/>", SaveFormat.ZSTD, False)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"short", "failed to read qemu header"),
        (bytes(92), "image magic is incorrect"),
        (struct.pack("=16s5I56x", b"LibvirtQemudSave", 3, 1, 0, 0, 0), "image version is not supported"),
        (struct.pack("=16s5I56x", b"LibvirtQemudSave", 2, 0, 0, 0, 0), "invalid header data length: 0"),
        (struct.pack("=16s5I56x", b"LibvirtQemudSave", 2, 9, 0, 0, 0), "failed to read domain XML"),
        (struct.pack("=16s5I56x", b"LibvirtQemudSave", 2, 1, 0, 99, 0) + b"x", "Invalid save image format 99"),
    ],
)
def test_files_that_are_no_images_are_refused(path: Path, data: bytes, message: str) -> None:
    with pytest.raises(OperationFailed, match=message):
        read_back(path, data)


def test_a_definition_that_grew_too_much_does_not_fit() -> None:
    image = SaveImage(xml="<domain/>", was_running=False)
    image.pack()
    image.xml = "<domain>" + "x" * (65 * 1024)
    with pytest.raises(OperationFailed, match="new xml too large to fit in file"):
        image.pack()
