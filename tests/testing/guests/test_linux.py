# SPDX-License-Identifier: LGPL-2.1-or-later
from pathlib import Path

from covirt.testing.guests.linux import file_system


def module(directory: Path, name: str, depends: str) -> None:
    path = directory / "kernel" / f"{name}.ko"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"\x7fELF...\0license=GPL\0depends=" + depends.encode() + b"\0name=" + name.encode() + b"\0")


def test_modules_are_loaded_after_what_they_need(tmp_path: Path) -> None:
    module(tmp_path, "virtio_blk", "virtio,virtio_ring")
    module(tmp_path, "virtio_ring", "virtio")
    module(tmp_path, "virtio", "")
    module(tmp_path, "unwanted", "")
    busybox = tmp_path / "busybox"
    busybox.write_bytes(b"static")
    archive = file_system(tmp_path, busybox).archive()
    names = [f"/lib/modules/{name}.ko\n" for name in ("virtio", "virtio_ring", "virtio_blk")]
    assert "".join(names).encode() in archive
    assert b"unwanted" not in archive
