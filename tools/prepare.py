#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Make a checkout ready to run: its virtual environment and the Debian packages it uses.

Runs with any Python 3.11 and nothing else. As root on Debian it installs what is missing; otherwise it says what to
install. A second run with nothing to do takes no time.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"

GUEST_PACKAGES = ["qemu-system-x86"]
"""What it takes to start a guest; without them the quick start cannot go on."""

TEST_PACKAGES = [
    *GUEST_PACKAGES,
    "qemu-utils",
    "busybox-static",
    "cpio",
    "dnsmasq-base",
    "nftables",
    "libvirt-clients",
    "libvirt-daemon-system",
    "python3-libvirt",
    "virtinst",
    "swtpm",
    "swtpm-tools",
    "iproute2",
]
"""What tests use besides; a test skips with the reason when its program is missing."""


class CannotPrepare(Exception):
    """Something is missing that this user has to install."""


def main() -> int:
    """Prepare for the purpose on the command line and report what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purpose", choices=["quickstart", "test"])
    purpose = parser.parse_args().purpose
    try:
        if sys.version_info < (3, 11):  # noqa: UP036 (tells whoever has an older one)
            raise CannotPrepare(f"covirt needs Python 3.11 or later; this is {sys.version.split()[0]}")
        prepare_environment(extra="[dev]" if purpose == "test" else "")
        if purpose == "test":
            prepare_packages_for_tests()
        else:
            prepare_packages(GUEST_PACKAGES)
    except CannotPrepare as reason:
        print(f"error: {reason}", file=sys.stderr)
        return 1
    return 0


# The virtual environment


def prepare_environment(extra: str) -> None:
    """Create `.venv` and install this checkout into it, unless that is done for the present pyproject.toml."""
    project = (ROOT / "pyproject.toml").read_bytes()
    done = ENVIRONMENT / f"prepared-{hashlib.sha256(project + extra.encode()).hexdigest()[:12]}"
    if done.exists():
        return
    if not (ENVIRONMENT / "bin" / "pip").exists():
        say("creating the virtual environment .venv")
        create_environment()
    say("installing covirt and what it needs into .venv")
    pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, "--editable", f"{ROOT}{extra}"], "pip could not install covirt's dependencies")
    done.touch()


def create_environment() -> None:
    """`python3 -m venv`; Debian keeps a part of it in a package of its own."""
    create = [sys.executable, "-m", "venv", str(ENVIRONMENT)]
    if subprocess.run(create, capture_output=True).returncode != 0:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        prepare_packages(["python3-venv"])
        run(create, "python3 -m venv failed")


# Debian packages


def prepare_packages_for_tests() -> None:
    """Install what tests use; who cannot install runs the tests that are left."""
    try:
        prepare_packages(TEST_PACKAGES)
    except CannotPrepare as reason:
        print(f"warning: {reason}; tests that need these will be skipped", file=sys.stderr)


def prepare_packages(wanted: list[str]) -> None:
    """Have the packages installed."""
    missing = missing_packages(wanted)
    if not missing:
        return
    names = " ".join(missing)
    if shutil.which("apt-get") is None:
        raise CannotPrepare(f"please install what Debian calls {names}")
    if os.geteuid() != 0:
        raise CannotPrepare(f"please install as root: apt-get install {names}")
    say(f"installing {names}")
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *missing]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if subprocess.run(install, capture_output=True, env=environment).returncode != 0:
        run(["apt-get", "update", "--quiet"], "apt-get update failed", environment)
        run(install, f"apt-get could not install {names}", environment)


def missing_packages(wanted: list[str]) -> list[str]:
    """Those that dpkg does not have; a system without dpkg is judged by the programs on its path."""
    if shutil.which("dpkg-query") is None:
        return wanted if shutil.which("qemu-system-x86_64") is None else []
    query = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *wanted]
    answer = subprocess.run(query, capture_output=True, text=True).stdout.splitlines()
    return [package for package in wanted if f"{package} installed" not in answer]


def run(argv: list[str], failure: str, environment: dict[str, str] | None = None) -> None:
    """Run a program that has to succeed; its words are shown when it does not."""
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    if done.returncode != 0:
        raise CannotPrepare(f"{failure}:\n{done.stdout.strip()}")


def say(what: str) -> None:
    """Tell which step is going on."""
    print(f"covirt: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
