# SPDX-License-Identifier: LGPL-2.1-or-later
"""JSON texts: read, written, dotted keys taken apart."""

from __future__ import annotations

from covirt.json_text import nest_dotted_keys, read_json, write_json
from covirt.testing.corpus.compare import CannotRun, Compared
from covirt.testing.corpus.manifest import Case


def run(case: Case) -> object:
    """Carry out one case."""
    match case.kind:
        case "FromString":
            document = case.inline["doc"]
            text = document if isinstance(document, str) else bytes.fromhex(document["bytes_hex"])
            return write_json(read_json(text))
        case "FromFile":
            # Expected files are wrapped by a backslash at the end of a line.
            expected = case.expected().replace("\\\n", "").rstrip("\n")
            return Compared(write_json(read_json(case.text("json").replace("\\\n", ""))), expected)
        case "EscapeObj":
            inner = write_json(case.inline["object"])
            outer = read_json(write_json({case.inline["member"]: inner}))
            return bool(read_json(outer[case.inline["member"]]) == case.inline["object"])
        case "Deflatten":
            return write_json(nest_dotted_keys(read_json(case.text("json"))), pretty=True)
    raise CannotRun(f"{case.kind} is not there")
