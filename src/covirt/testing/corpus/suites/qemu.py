# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU's guests: documents as they are stored, command lines, refusals."""

from __future__ import annotations

from covirt.testing.corpus.compare import CannotRun
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.qemu_host import QemuHost
from covirt.testing.corpus.qemu_start import SimulatedStart


def run(case: Case) -> object:
    """Carry out one case."""
    host = QemuHost(case)
    match case.kind:
        case "xml2xml":
            return host.stored()
        case "parse-error":
            host.define()
            return None
        case "xml2argv" | "argv-error":
            return str(SimulatedStart(host, host.define()).command())
    raise CannotRun(f"{case.kind} is not there")
