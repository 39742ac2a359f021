# SPDX-License-Identifier: LGPL-2.1-or-later
"""covirtd: the command line of the daemon."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from covirt.daemon.daemon import Daemon, Setup
from covirt.daemon.settings import DaemonSettings
from covirt.errors import Error
from covirt.runtime.loop import run
from covirt.version import LIBVIRT_VERSION


def main(argv: list[str] | None = None) -> int:
    """Read the options and serve."""
    options = _parser().parse_args(argv)
    setup = Setup(
        root=options.root.absolute() if options.root else None,
        program=options.name,
        listen=options.listen,
        timeout=options.timeout,
        privileged=os.geteuid() == 0 and not options.session,
        also=tuple(options.also),
    )
    path = options.config or setup.roots.config / f"{options.name}.conf"
    try:
        settings = DaemonSettings.load(path)
        with _PidFile(options.pid_file):
            run(_serve(setup, settings))
    except Error as error:
        print(f"covirtd: {error.explain()}", file=sys.stderr)
        return 1
    return 0


async def _serve(setup: Setup, settings: DaemonSettings) -> None:
    await Daemon(setup, settings).run()


class _PidFile:
    """A file with the number of this process, as long as it runs."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def __enter__(self) -> None:
        if self.path is not None:
            self.path.write_text(f"{os.getpid()}\n")

    def __exit__(self, *_: object) -> None:
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def _parser() -> argparse.ArgumentParser:
    major, minor = LIBVIRT_VERSION // 1_000_000, LIBVIRT_VERSION // 1000 % 1000
    parser = argparse.ArgumentParser(prog="covirtd", description="The virtualization daemon.")
    parser.add_argument("-v", "--verbose", action="store_true", help="tell more in the log")
    parser.add_argument("-l", "--listen", action="store_true", help="listen for TCP and TLS connections")
    parser.add_argument("-t", "--timeout", type=int, default=0, metavar="SECONDS", help="end when idle for so long")
    parser.add_argument("-f", "--config", type=Path, metavar="FILE", help="configuration file")
    parser.add_argument("-p", "--pid-file", type=Path, metavar="FILE", help="write the process number here")
    parser.add_argument("-V", "--version", action="version", version=f"covirtd (libvirt) {major}.{minor}.0")
    parser.add_argument("--root", type=Path, metavar="DIR", help="put sockets, state, configuration and logs below DIR")
    parser.add_argument("--session", action="store_true", help="serve one user, even when started by root")
    parser.add_argument("--name", default="libvirtd", metavar="DAEMON", help="take the place of this daemon")
    parser.add_argument("--also", action="append", default=[], metavar="DAEMON", help="serve its sockets too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
