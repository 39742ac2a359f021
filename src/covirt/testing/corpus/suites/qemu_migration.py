# SPDX-License-Identifier: LGPL-2.1-or-later
"""Migration of QEMU's guests: its parameters."""

from __future__ import annotations

from covirt.drivers.qemu.migration.parameters import ELEMENT, MigrationParameters
from covirt.json_text import write_json
from covirt.testing.corpus.compare import CannotRun
from covirt.testing.corpus.manifest import Case
from covirt.xml.reader import read


def run(case: Case) -> object:
    """Carry out one case."""
    match case.kind:
        case "reply2xml":
            return _status(_reported(case))
        case "reply2json":
            return write_json(_reported(case).for_qemu(), pretty=True)
        case "xml-roundtrip":
            element = read(case.text())[0].child(ELEMENT)
            assert element is not None
            return _status(MigrationParameters.of_status(element))
    raise CannotRun(f"{case.kind} is not there")


def _reported(case: Case) -> MigrationParameters:
    return MigrationParameters.of_reply(case.json("reply")["return"])


def _status(parameters: MigrationParameters) -> str:
    return f"<test>\n{parameters.status_text(2)}</test>\n"
