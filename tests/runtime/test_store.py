# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files are the old ones or the new ones, whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from covirt.errors import InternalError
from covirt.runtime import files
from covirt.runtime.loop import BlockingDetector
from covirt.runtime.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "etc/qemu", mode=0o640, dir_mode=0o750)
    assert await store.open() == []
    return store


async def test_files_and_directory_have_their_modes(store: Store) -> None:
    await store.write("vm1.xml", "<domain/>")
    await store.write("open.xml", b"x", mode=0o644)
    assert await store.read("vm1.xml") == b"<domain/>"
    assert store.path("vm1.xml").stat().st_mode & 0o777 == 0o640
    assert store.path("open.xml").stat().st_mode & 0o777 == 0o644
    assert store.directory.stat().st_mode & 0o777 == 0o750


async def test_names(store: Store) -> None:
    await store.write_many({"b.xml": "2", "a.xml": "1", "c.pid": "3"})
    await store.link("auto.xml", "a.xml")
    (store.directory / "inner.xml").mkdir()
    assert await store.names(".xml") == ["a.xml", "auto.xml", "b.xml"]
    await store.rename("b.xml", "d.xml")
    await store.remove("a.xml")
    assert await store.names(".xml") == ["auto.xml", "d.xml"]


async def test_link_is_replaced(store: Store) -> None:
    await store.link("auto.xml", "/old")
    await store.link("auto.xml", "/new")
    assert os.readlink(store.path("auto.xml")) == "/new"


async def test_missing_file(store: Store) -> None:
    with pytest.raises(FileNotFoundError):
        await store.remove("none")
    await store.remove("none", missing_ok=True)
    with pytest.raises(FileNotFoundError):
        await store.read("none")


@pytest.mark.parametrize("name", ["", "..", "a/b", "/etc/passwd", "a\0b"])
async def test_names_cannot_lead_out(store: Store, name: str) -> None:
    with pytest.raises(InternalError, match="invalid file name"):
        await store.write(name, "x")


async def test_last_of_two_writes_counts(store: Store) -> None:
    await asyncio.gather(*(store.write("vm1.xml", str(number)) for number in range(50)))
    assert await store.read("vm1.xml") == b"49"


async def test_one_failure_does_not_fail_the_others(store: Store) -> None:
    (store.directory / "dir").mkdir()
    results = await asyncio.gather(store.write("dir", "x"), store.write("good", "y"), return_exceptions=True)
    assert isinstance(results[0], OSError)
    assert results[1] is None
    assert await store.read("good") == b"y"


async def test_cancelled_write_is_done_all_the_same(store: Store) -> None:
    task = asyncio.create_task(store.write("vm1.xml", "x"))
    await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await store.write("other", "y")
    assert await store.read("vm1.xml") == b"x"


async def test_many_writes_share_their_syncs(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    original = files.sync_directory

    def sync(path: Path) -> None:
        synced.append(path)
        original(path)

    monkeypatch.setattr(files, "sync_directory", sync)
    await store.write_many({f"{number}.xml": "x" for number in range(200)})
    assert len(synced) <= 3


async def test_loop_goes_on_while_the_disk_works(store: Store) -> None:
    detector = BlockingDetector(0.2)
    with detector.watch():
        await store.write_many({f"{number}.xml": "x" * 10_000 for number in range(100)})
    detector.check()


async def test_leftovers_of_killed_writers_are_removed(store: Store) -> None:
    leftover = files.temporary_name(store.path("vm1.xml"))
    leftover.write_text("half")
    assert await store.names() == []
    assert await store.open() == [leftover.name]
    assert not leftover.exists()


WRITER = """
import asyncio, sys
from pathlib import Path
from covirt.runtime.store import Store
async def main():
    store = Store(Path(sys.argv[1]))
    await store.open()
    for number in range(1_000_000):
        letter = b"ab"[number % 2 : number % 2 + 1]
        await asyncio.gather(store.write("one.xml", letter * 50_000), store.write("two.xml", letter * 50_000))
        await store.link("auto.xml", letter.decode() * 100)
        if number == 0:
            print("ready", flush=True)
asyncio.run(main())
"""


def test_kill_at_random_moments_leaves_whole_files(tmp_path: Path) -> None:
    """Each writer is killed several times as it were: the files are looked at after each kill."""
    times = int(os.environ.get("COVIRT_KILLS", "15"))
    chance = random.Random(4)
    for _ in range(times):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0, 0.02))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        for name in ("one.xml", "two.xml"):
            assert (tmp_path / name).read_bytes() in (b"a" * 50_000, b"b" * 50_000)
        assert os.readlink(tmp_path / "auto.xml") in ("a" * 100, "b" * 100)
    files.tidy_directory(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["auto.xml", "one.xml", "two.xml"]
