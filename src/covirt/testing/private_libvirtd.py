# SPDX-License-Identifier: LGPL-2.1-or-later
"""A real libvirtd for tests, apart from everything else on this machine: own sockets, own namespaces."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = """
unix_sock_dir = "{run}"
auth_unix_ro = "none"
auth_unix_rw = "none"
max_clients = 5000
log_outputs = "3:file:{run}/log"
"""
_TIMEOUT = 30.0
_APART = """
mkdir -p /run/libvirt /var/lib/libvirt /var/cache/libvirt
for place in /run/libvirt /var/lib/libvirt /var/cache/libvirt; do mount -t tmpfs none $place || exit; done
ip link set lo up
exec "$@"
"""


def installed() -> bool:
    """Is there a libvirtd, and may we give it namespaces of its own?"""
    if shutil.which("libvirtd") is None or shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-m", "-n", "true"], check=False, capture_output=True).returncode == 0


@contextmanager
def private_libvirtd() -> Iterator[Path]:
    """Run libvirtd and give the directory of its sockets."""
    with tempfile.TemporaryDirectory(prefix="libvirtd-") as name:
        run = Path(name)
        (run / "libvirtd.conf").write_text(_SETTINGS.format(run=run))
        argv = ["libvirtd", "-f", str(run / "libvirtd.conf"), "-p", str(run / "pid")]
        process = subprocess.Popen(
            ["unshare", "-m", "-n", "--propagation", "private", "--", "sh", "-c", _APART, "sh", *argv],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_listening(run / "libvirt-sock", process)
            yield run
        finally:
            process.terminate()
            process.wait(_TIMEOUT)


def _wait_listening(path: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody takes connections; a foreign program cannot be given a socket that says when."""
    deadline = time.monotonic() + _TIMEOUT
    while True:
        with socket.socket(socket.AF_UNIX) as sock:
            if sock.connect_ex(str(path)) == 0:
                return
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("libvirtd does not start")
        time.sleep(0.05)
