# SPDX-License-Identifier: LGPL-2.1-or-later
"""The supervisor and its launchpads, with real processes."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from covirt.errors import InternalError, OperationTimeout, SystemCallFailed
from covirt.runtime.command import run_command
from covirt.runtime.exits import ExitStatus, start_time
from covirt.runtime.launch import Command
from covirt.runtime.process import ProcessGone, Supervisor

ROOT = os.geteuid() == 0
LIST_DESCRIPTORS = "import os; print(sorted(map(int, os.listdir('/proc/self/fd'))))"


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    for process in supervisor.processes:
        await process.terminate(grace=0)
    await supervisor.close()


async def run_python(supervisor: Supervisor, code: str, output: Path, **surroundings: object) -> str:
    """What a small program writes when it is started with these surroundings."""
    argv = [sys.executable, "-I", "-S", "-c", code]
    process = await supervisor.spawn(Command(argv=argv, stdout=output, stderr=output, **surroundings))  # type: ignore[arg-type]
    status = await process.wait_exit()
    assert status == ExitStatus(code=0), output.read_text()
    return output.read_text().strip()


def read_status(path: Path) -> dict[str, str]:
    """The fields of a copy of /proc/self/status."""
    return dict(line.split(":", 1) for line in path.read_text().splitlines())


async def test_exit_status_is_seen(supervisor: Supervisor) -> None:
    process = await supervisor.spawn(Command(argv=["sh", "-c", "exit 3"]))
    assert await process.wait_exit() == ExitStatus(code=3)
    assert str(process.status) == "exit status 3"
    assert not process.running


async def test_signal_is_seen(supervisor: Supervisor) -> None:
    process = await supervisor.spawn(Command(argv=["sleep", "100"]))
    seen: list[int] = []
    process.on_exit(lambda ended: seen.append(ended.pid))
    process.signal(signal.SIGKILL)
    assert str(await process.wait_exit()) == "fatal signal 9"
    await asyncio.sleep(0)
    assert seen == [process.pid]
    process.signal(signal.SIGKILL)  # harmless now


async def test_terminate_asks_first(supervisor: Supervisor) -> None:
    process = await supervisor.spawn(Command(argv=["sleep", "100"]))
    assert await process.terminate() == ExitStatus(signal=signal.SIGTERM)


async def test_terminate_kills_who_does_not_listen(supervisor: Supervisor, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    argv = ["sh", "-c", f"trap '' TERM; echo yes > {ready}; while :; do sleep 1; done"]
    process = await supervisor.spawn(Command(argv=argv))
    while not ready.exists():
        await asyncio.sleep(0.01)
    assert await process.terminate(grace=0.2) == ExitStatus(signal=signal.SIGKILL)


async def test_descriptors_keep_their_numbers(supervisor: Supervisor, tmp_path: Path) -> None:
    read, write = os.pipe()
    code = (
        "import os; os.write(3, b'three'); os.write(77, b'more'); print(sorted(map(int, os.listdir('/proc/self/fd'))))"
    )
    try:
        listed = await run_python(supervisor, code, tmp_path / "out", fds={3: write, 77: write})
        assert os.read(read, 100) == b"threemore"
    finally:
        os.close(read)
        os.close(write)
    assert eval(listed)[:5] == [0, 1, 2, 3, 4]  # 4 is the directory itself
    assert eval(listed)[-1] == 77
    assert len(eval(listed)) == 6


async def test_nothing_else_is_inherited(supervisor: Supervisor, tmp_path: Path) -> None:
    read, write = os.pipe()
    os.set_inheritable(write, True)
    try:
        assert await run_python(supervisor, LIST_DESCRIPTORS, tmp_path / "out") == "[0, 1, 2, 3]"
    finally:
        os.close(read)
        os.close(write)


async def test_environment_directory_and_umask(supervisor: Supervisor, tmp_path: Path) -> None:
    code = "import os; print(dict(os.environ), os.getcwd(), oct(os.umask(0)))"
    said = await run_python(supervisor, code, tmp_path / "out", env={"A": "b"}, cwd=tmp_path, umask=0o27)
    assert "'A': 'b'" in said
    assert "HOME" not in said
    assert f"{tmp_path} 0o27" in said


async def test_limits_nice_and_affinity(supervisor: Supervisor, tmp_path: Path) -> None:
    code = (
        "import os; from resource import *; print(getrlimit(RLIMIT_CORE), getrlimit(RLIMIT_NOFILE), "
        "os.nice(0), os.sched_getaffinity(0), open('/proc/self/oom_score_adj').read())"
    )
    said = await run_python(
        supervisor,
        code,
        tmp_path / "out",
        limits={resource.RLIMIT_CORE: (0, 0), resource.RLIMIT_NOFILE: (100, 200)},
        nice=3,
        affinity=frozenset({0}),
        oom_score_adj=500,
    )
    assert said == "(0, 0) (100, 200) 3 {0} 500"


async def test_signals_are_as_a_program_expects_them(supervisor: Supervisor, tmp_path: Path) -> None:
    process = await supervisor.spawn(Command(argv=["cat", "/proc/self/status"], stdout=tmp_path / "out"))
    await process.wait_exit()
    status = read_status(tmp_path / "out")
    threads_own = 0b11 << 31  # 32 and 33 belong to the C library; whoever runs the tests may have ignored them
    assert int(status["SigIgn"], 16) & ~threads_own == 0
    assert int(status["SigBlk"], 16) == 0


@pytest.mark.skipif(not ROOT, reason="changing the user needs root")
async def test_another_user(supervisor: Supervisor, tmp_path: Path) -> None:
    out = tmp_path / "out"
    who = Command(
        argv=["cat", "/proc/self/status"], stdout=out, uid=65534, gid=65533, groups=[65533, 7], capabilities=frozenset()
    )
    assert await (await supervisor.spawn(who)).wait_exit() == ExitStatus(code=0)
    status = read_status(out)
    assert status["Uid"].split() == ["65534"] * 4
    assert status["Gid"].split() == ["65533"] * 4
    assert sorted(status["Groups"].split()) == ["65533", "7"]
    assert int(status["CapBnd"], 16) == int(status["CapEff"], 16) == 0


@pytest.mark.skipif(not ROOT, reason="changing the user needs root")
async def test_another_user_with_a_capability(supervisor: Supervisor, tmp_path: Path) -> None:
    out = tmp_path / "out"
    net_admin = frozenset({12})
    who = Command(
        argv=["cat", "/proc/self/status"], stdout=out, uid=65534, gid=65534, groups=[], capabilities=net_admin
    )
    assert await (await supervisor.spawn(who)).wait_exit() == ExitStatus(code=0)
    assert int(read_status(out)["CapBnd"], 16) == int(read_status(out)["CapEff"], 16) == 1 << 12


@pytest.mark.skipif(not ROOT, reason="namespaces need root")
async def test_mounts_of_its_own(supervisor: Supervisor, tmp_path: Path) -> None:
    from covirt.runtime import launch

    place = tmp_path / "place"
    code = f"import os; print(sorted(os.listdir({str(place)!r})))"
    steps = [
        launch.mount(None, Path("/"), None, 0x44000),  # MS_REC | MS_SLAVE
        launch.make_directory(place),
        launch.mount("tmpfs", place, "tmpfs", 0, "mode=755"),
        launch.make_file(place / "file"),
        launch.make_node(place / "null", 0o20666, os.makedev(1, 3)),
    ]
    said = await run_python(supervisor, code, tmp_path / "out", unshare=0x20000, steps=steps)
    assert said == "['file', 'null']"
    assert list(place.iterdir()) == []


async def test_failed_step_is_named(supervisor: Supervisor) -> None:
    with pytest.raises(SystemCallFailed, match="cannot start 'true': directory /no/where: No such file"):
        await supervisor.spawn(Command(argv=["true"], cwd=Path("/no/where")))


async def test_missing_program(supervisor: Supervisor) -> None:
    with pytest.raises(SystemCallFailed, match="Cannot find 'no-such-program' in path: No such file or directory"):
        await supervisor.spawn(Command(argv=["no-such-program"]))


async def test_broken_program(supervisor: Supervisor, tmp_path: Path) -> None:
    (tmp_path / "broken").write_text("#!/no/interpreter\n")
    (tmp_path / "broken").chmod(0o755)
    with pytest.raises(SystemCallFailed, match="cannot execute binary"):
        await supervisor.spawn(Command(argv=[str(tmp_path / "broken")]))


async def test_pid_file_is_held(supervisor: Supervisor, tmp_path: Path) -> None:
    process = await supervisor.spawn(Command(argv=["sleep", "100"], pid_file=tmp_path / "pid"))
    assert (tmp_path / "pid").read_text() == f"{process.pid}\n"
    with pytest.raises(SystemCallFailed, match="pid file"):
        await supervisor.spawn(Command(argv=["true"], pid_file=tmp_path / "pid"))


async def test_adopt_takes_the_right_one_only(supervisor: Supervisor) -> None:
    child = subprocess.Popen(["sleep", "100"], start_new_session=True)
    began = start_time(child.pid)
    assert began is not None
    with pytest.raises(ProcessGone, match="belongs to another"):
        await supervisor.adopt(child.pid, began - 1)
    found = await supervisor.adopt(child.pid, began, name="sleeper")
    child.kill()
    await found.wait_exit()
    child.wait()
    with pytest.raises(ProcessGone):
        await supervisor.adopt(child.pid, began)


async def test_stranger_is_adopted(supervisor: Supervisor) -> None:
    """One whose parent has died: its end is seen, its status is not known."""
    script = "setsid sleep 100 >/dev/null 2>&1 & echo $!"
    pid = int(subprocess.run(["sh", "-c", script], capture_output=True, check=True).stdout)
    found = await supervisor.adopt(pid, start_time(pid))
    assert await found.terminate() is None
    assert not found.running


async def test_processes_outlive_the_daemon(tmp_path: Path) -> None:
    code = f"""
import asyncio, os, signal
from pathlib import Path
from covirt.runtime.launch import Command
from covirt.runtime.process import Supervisor
async def main():
    process = await Supervisor().spawn(Command(argv=["sleep", "100"], stdout=Path({str(tmp_path / "out")!r})))
    print(process.pid, process.start_time, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    daemon = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=False)
    assert daemon.returncode == -signal.SIGKILL
    pid, began = map(int, daemon.stdout.split())
    assert start_time(pid) == began
    assert os.getsid(pid) == pid
    supervisor = Supervisor()
    found = await supervisor.adopt(pid, began)
    await found.terminate()
    await supervisor.close()


async def test_killed_launchpad_is_replaced(supervisor: Supervisor) -> None:
    await supervisor.prepare()
    os.kill(supervisor._spares[0].pid, signal.SIGKILL)
    while supervisor._spares[0].alive:
        await asyncio.sleep(0.001)
    process = await supervisor.spawn(Command(argv=["true"]))
    assert await process.wait_exit() == ExitStatus(code=0)


async def test_waiting_launchpad_ends_with_the_daemon(supervisor: Supervisor) -> None:
    await supervisor.prepare()
    pad = supervisor._spares[0]
    pad._control.close()
    pidfd = os.pidfd_open(pad.pid)
    await asyncio.to_thread(os.waitid, os.P_PIDFD, pidfd, os.WEXITED | os.WNOWAIT)
    os.close(pidfd)


async def test_command_gives_its_output() -> None:
    done = await run_command(["cat"], input=b"x" * 300_000)
    assert len(done.stdout) == 300_000


async def test_failed_command_is_told_in_libvirts_words() -> None:
    with pytest.raises(
        InternalError, match=r"Child process \(sh -c echo no >&2; exit 4\) unexpected exit status 4: no\n"
    ):
        await run_command(["sh", "-c", "echo no >&2; exit 4"])


async def test_command_that_lasts_is_killed() -> None:
    with pytest.raises(OperationTimeout):
        await run_command(["sh", "-c", "sleep 100 & sleep 100"], timeout=0.2)


async def test_command_that_says_too_much_is_killed() -> None:
    with pytest.raises(InternalError, match="more than 1000 bytes"):
        await run_command(["yes"], limit=1000)
