# SPDX-License-Identifier: LGPL-2.1-or-later
"""A daemon of the system runs guests as the user of its settings; virsh drives it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root runs guests as somebody else"),
    pytest.mark.skipif(shutil.which("virsh") is None, reason="needs virsh"),
]

GUEST = """<domain type='qemu'><name>vm</name><memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type><loader type='rom'>{rom}</loader></os>
  <devices>
    <disk type='file'><driver name='qemu' type='raw'/><source file='{disk}'/><target dev='vda' bus='virtio'/></disk>
  </devices>
</domain>"""

Virsh = Callable[..., str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    for settings in (tmp_path / "etc", tmp_path / "etc" / "libvirt"):
        settings.mkdir()
        (settings / "qemu.conf").write_text('user = "nobody"\ngroup = "nogroup"\n')
    return tmp_path


@pytest.fixture
def virsh(root: Path) -> Iterator[Virsh]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        # The daemon says when it listens, as to systemd.
        ready.bind(str(root / "ready"))
        ready.settimeout(30)
        covirtd = str(Path(sys.executable).with_name("covirtd"))
        environment = {**os.environ, "NOTIFY_SOCKET": str(root / "ready")}
        daemon = subprocess.Popen([covirtd, "--root", str(root)], env=environment, stderr=subprocess.DEVNULL)
        try:
            ready.recv(1024)
            uri = f"qemu+unix:///system?socket={root}/run/libvirt/libvirt-sock"

            def run(*words: str) -> str:
                done = subprocess.run(["virsh", "-c", uri, *words], capture_output=True, text=True, timeout=60)
                assert done.returncode == 0, done.stderr
                return done.stdout

            yield run
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(30)


def test_guest_and_its_disk_belong_to_the_user_of_the_settings(virsh: Virsh, root: Path, rom_guest: Path) -> None:
    rom, disk, document = root / "guest.rom", root / "disk.img", root / "vm.xml"
    shutil.copy(rom_guest, rom)
    rom.chmod(0o644)
    disk.write_bytes(bytes(1 << 20))
    document.write_text(GUEST.format(rom=rom, disk=disk))
    virsh("create", str(document))
    try:
        pid = next(root.rglob("vm.pid")).read_text().strip()
        owner = Path(f"/proc/{pid}").owner()
        assert (owner, disk.owner(), disk.group()) == ("nobody", "nobody", "nogroup")
    finally:
        virsh("destroy", "vm")
    assert disk.owner() == "root"
