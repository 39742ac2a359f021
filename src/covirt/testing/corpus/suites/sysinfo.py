# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the makers of a host wrote into it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from covirt import xml
from covirt.drivers.common.host_sysinfo import read_host_sysinfo
from covirt.model.domain.sysinfo import SysinfoDocument
from covirt.runtime.command import Finished
from covirt.runtime.exits import ExitStatus
from covirt.testing.corpus.manifest import Case

ARCHITECTURES = {"dmi": "x86_64", "arm": "aarch64", "ppc": "ppc64", "s390": "s390x"}


async def run(case: Case) -> object:
    """Carry out one case."""
    reader = case.options["reader"]

    async def dmidecode(argv: Sequence[str]) -> Finished:
        """The recorded answers."""
        if "--oem-string" in argv:
            strings = case.options["oem_strings"]
            answer = strings.get(argv[-1], strings["other"])
        else:
            answer = {"stdout": case.text("sysinfo"), "exit": 0} if case.has("sysinfo") else {"exit": 1}
        outputs = (answer.get("stdout", "").encode(), answer.get("stderr", "").encode())
        return Finished(tuple(argv), ExitStatus(code=answer["exit"]), *outputs).check()

    with tempfile.TemporaryDirectory() as directory:
        proc = Path(directory)
        for role in ("cpuinfo", "sysinfo"):
            if case.has(role):
                (proc / role).symlink_to(case.path(role))
        info = await read_host_sysinfo(ARCHITECTURES[reader], proc, dmidecode)
    return xml.format(SysinfoDocument(info=info))
