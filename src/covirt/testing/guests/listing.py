# SPDX-License-Identifier: LGPL-2.1-or-later
"""Machine code from an annotated listing.

A line is `label: bytes ; what they mean`. The bytes are hex digits, or a reference to a label:
`>name` a signed distance in one byte, `>>name` in two, `@name` the address, `"text"` characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LABEL = re.compile(r"\s*(\w+):")
_TOKEN = re.compile(r'"[^"]*"|\S+')


@dataclass
class _Code:
    """Bytes so far, where the labels are, and the places that refer to one."""

    octets: bytearray = field(default_factory=bytearray)
    labels: dict[str, int] = field(default_factory=dict)
    references: list[tuple[int, str, str]] = field(default_factory=list)


def assemble(listing: str, origin: int = 0) -> bytes:
    """The bytes of a listing whose first byte stands at the address `origin`."""
    code = _Code()
    for line in listing.splitlines():
        _read_line(code, line.partition(";")[0])
    for at, kind, label in code.references:
        _resolve(code, at, kind, code.labels[label], origin)
    return bytes(code.octets)


def _read_line(code: _Code, line: str) -> None:
    if label := _LABEL.match(line):
        code.labels[label[1]] = len(code.octets)
        line = line[label.end() :]
    for token in _TOKEN.findall(line):
        reference = re.fullmatch(r"(>>|>|@)(\w+)", token)
        if reference:
            code.references.append((len(code.octets), reference[1], reference[2]))
            code.octets.extend(bytes(1 if reference[1] == ">" else 2))
        elif token.startswith('"'):
            code.octets.extend(token.strip('"').encode("ascii"))
        else:
            code.octets.extend(bytes.fromhex(token))


def _resolve(code: _Code, at: int, kind: str, target: int, origin: int) -> None:
    if kind == "@":
        code.octets[at : at + 2] = (origin + target).to_bytes(2, "little")
        return
    width = len(kind)
    code.octets[at : at + width] = (target - at - width).to_bytes(width, "little", signed=True)
