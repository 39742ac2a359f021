# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

import socket
from pathlib import Path

import pytest

from covirt.runtime.sockets import LONGEST, connect_unix, near


@pytest.mark.parametrize("length", [1, LONGEST + 50])
async def test_sockets_at_short_and_long_paths_are_found(tmp_path: Path, length: int) -> None:
    directory = tmp_path / ("d" * length)
    directory.mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        with near(directory / "socket") as name:
            listening.bind(name)
        listening.listen()
        with await connect_unix(directory / "socket") as connected:
            accepted, _ = listening.accept()
            with accepted:
                accepted.send(b"hello")
                assert connected.recv(10) == b"hello"
    assert (directory / "socket").is_socket()


async def test_missing_socket_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await connect_unix(tmp_path / "none")
