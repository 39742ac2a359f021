# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the programs can do that serve a guest beside QEMU."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable

from covirt.drivers.qemu.capabilities.domain_caps import HostSupport
from covirt.errors import Error
from covirt.runtime.command import run_command
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread

log = get("qemu.capabilities")

SWTPM = ("swtpm", "swtpm_setup", "swtpm_ioctl")
"""An emulated TPM needs them all."""

TPM_VERSIONS = {"tpm-1.2": "1.2", "tpm-2.0": "2.0"}

FindProgram = Callable[[str], str | None]


class Helpers:
    """Asks the programs, and again when one of them has changed."""

    def __init__(self, host_arch: str, rdp: str, find: FindProgram = shutil.which) -> None:
        self._host_arch = host_arch
        self._rdp = rdp
        self._find = find
        self._stamp: tuple[object, ...] | None = None
        self._known = HostSupport(arch=host_arch)

    async def support(self) -> HostSupport:
        """What the programs that are there now can do."""
        stamp = await in_thread(self._look)
        if stamp != self._stamp:
            versions = await _tpm_versions() if all(found is not None for found in stamp[: len(SWTPM)]) else None
            rdp = stamp[-1] is not None
            self._known = HostSupport(arch=self._host_arch, tpm_versions=versions, rdp=rdp)
            self._stamp = stamp
        return self._known

    def _look(self) -> tuple[object, ...]:
        """Path and time of each program; None for one that is not there."""
        found = (self._find(name) for name in (*SWTPM, self._rdp))
        return tuple(None if path is None else (path, os.stat(path).st_mtime_ns) for path in found)


async def _tpm_versions() -> frozenset[str]:
    try:
        said = json.loads((await run_command([SWTPM[1], "--print-capabilities"])).stdout)
        features = said["features"]
        return frozenset(version for feature, version in TPM_VERSIONS.items() if feature in features)
    except (Error, ValueError, LookupError, TypeError) as problem:
        log.warning("swtpm does not tell what it can do", problem=problem)
        return frozenset()
