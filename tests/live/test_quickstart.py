# SPDX-License-Identifier: LGPL-2.1-or-later
"""The quick start of the README, by root and by somebody else, without a terminal and with one."""

from __future__ import annotations

import os
import pwd
import shutil
import site
import subprocess
import sys
import time
from pathlib import Path

import pytest

from covirt.testing.guests.linux import BANNER, PROMPT, LinuxGuest
from covirt.testing.terminal_session import TerminalSession

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "tools" / "quickstart.py"

pytestmark = [
    pytest.mark.usefixtures("linux_guest"),
    pytest.mark.skipif(shutil.which("qemu-system-x86_64") is None, reason="qemu-system-x86_64 is not installed"),
]


def run(*words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a program without a terminal."""
    environment = {**os.environ, **settings}
    return subprocess.run(words, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=100)


def test_batch_shows_a_guest_and_leaves_nothing(tmp_path: Path) -> None:
    done = run(ROOT / "quickstart", "--batch", TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    check_story(done.stdout)
    assert list(tmp_path.iterdir()) == []


def check_story(said: str) -> None:
    """Banner, prompt, the list with the guest, its end, the list without it: in this order."""
    words = [BANNER, PROMPT, " 1    quickstart   running", "covirt destroy quickstart", "covirt list"]
    places = [said.index(word) for word in words[:-1]]
    assert places == sorted(places)
    assert "quickstart" not in said[said.rindex("=> covirt list") :]


def test_prompt_comes_within_30_seconds() -> None:
    begun = time.monotonic()
    done = run(ROOT / "quickstart", "--batch")
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - begun < 30


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_batch_works_for_somebody_without_rights(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    (home := tmp_path / "home").mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    for above in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        above.chmod(0o755)
    identity = (f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    become = ("setpriv", *identity, "env", "--unset=XDG_RUNTIME_DIR")
    python = runnable_python(become)
    packages = os.pathsep.join([str(ROOT / "src"), *site.getsitepackages()])
    settings = {"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": packages, "XDG_CACHE_HOME": str(home / "cache")}
    done = run(*become, python, PROGRAM, "--batch", **settings)
    assert done.returncode == 0, done.stderr
    check_story(done.stdout)


def runnable_python(become: tuple[str, ...]) -> str:
    """A Python like ours that the other user may run."""
    version = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            found = run(*become, python, "-c", version)
        except OSError:
            continue
        if found.returncode == 0:
            return python
    pytest.skip(f"no Python {sys.version_info[0]}.{sys.version_info[1]} that nobody may run")


def test_failure_is_told_by_the_exit_code(tmp_path: Path) -> None:
    """Without QEMU no guest can be started."""
    (tmp_path / "bin").mkdir()
    done = run(sys.executable, PROGRAM, "--batch", PATH=str(tmp_path / "bin"))
    assert done.returncode == 1
    assert "error: " in done.stderr
    assert "Traceback" not in done.stderr


async def test_terminal_gets_the_console() -> None:
    async with TerminalSession(ROOT / "quickstart") as terminal:
        await terminal.expect("Escape character is ^]")
        await terminal.expect(PROMPT)
        await terminal.type("echo six times seven is $((6 * 7))\r")
        await terminal.expect("seven is 42")
        await terminal.type("\x1d")
        await terminal.expect("nothing of the guest is left")
        assert await terminal.wait_exit() == 0


# The shell


def describe(guest: LinuxGuest, to: Path) -> Path:
    """The example, with the guest's files filled in."""
    text = (ROOT / "examples" / "linux.xml").read_text()
    for element, value in (("kernel", guest.kernel), ("initrd", guest.initramfs), ("cmdline", guest.command_line)):
        before, _, rest = text.partition(f"<{element}>")
        text = f"{before}<{element}>{value}</{element}>{rest.partition(f'</{element}>')[2]}"
    to.write_text(text)
    return to


def shell(root: Path, *words: str | Path) -> tuple[str | Path, ...]:
    """The shell's command line for guests below a directory."""
    return (Path(sys.executable).with_name("covirt"), "--connect", f"qemu:///embed?root={root}", *words)


async def test_run_shows_the_console_until_it_is_left(linux_guest: LinuxGuest, tmp_path: Path) -> None:
    file = describe(linux_guest, tmp_path / "guest.xml")
    async with TerminalSession(*shell(tmp_path / "root", "run", file)) as terminal:
        await terminal.expect("Connected to domain 'quickstart'")
        await terminal.expect(PROMPT)
        await terminal.type("\x1d")
        assert await terminal.wait_exit() == 0
    listed = run(*shell(tmp_path / "root", "list", "--all"))
    assert listed.returncode == 0, listed.stderr
    assert "quickstart" not in listed.stdout


async def test_run_ends_with_the_guest(linux_guest: LinuxGuest, tmp_path: Path) -> None:
    file = describe(linux_guest, tmp_path / "guest.xml")
    async with TerminalSession(*shell(tmp_path / "root", "run", file)) as terminal:
        await terminal.expect(PROMPT)
        await terminal.type("poweroff -f\r")
        assert await terminal.wait_exit() == 0


async def test_console_takes_over_a_guest_that_runs(linux_guest: LinuxGuest, tmp_path: Path) -> None:
    """One shell starts the guest and goes; another one finds it and opens its console."""
    file, root = describe(linux_guest, tmp_path / "guest.xml"), tmp_path / "root"
    created = run(*shell(root, "create", file))
    assert created.returncode == 0, created.stderr
    try:
        async with TerminalSession(*shell(root, "console", "quickstart")) as terminal:
            await terminal.expect("Escape character is ^]")
            await terminal.type("\r")
            await terminal.expect(PROMPT)
            await terminal.type("\x1d")
            assert await terminal.wait_exit() == 0
    finally:
        destroyed = run(*shell(root, "destroy", "quickstart"))
    assert destroyed.returncode == 0, destroyed.stderr


def test_console_without_a_terminal_is_refused(linux_guest: LinuxGuest, tmp_path: Path) -> None:
    file = describe(linux_guest, tmp_path / "guest.xml")
    done = run(*shell(tmp_path / "root", "run", file))
    assert done.returncode == 1
    assert "Cannot run interactive console without a controlling TTY" in done.stderr
