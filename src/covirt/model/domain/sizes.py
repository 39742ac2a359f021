# SPDX-License-Identifier: LGPL-2.1-or-later
"""Spellings of values that several elements of a guest share: amounts of memory and sets of CPUs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from covirt.errors import ConfigUnsupported
from covirt.values import CpuSet
from covirt.xml import At, Scalar, Size
from covirt.xml.scalars import INT64_MAX

Memory = Annotated[int, Size("KiB", high=INT64_MAX)]
"""An amount of memory in KiB, less than 2^63 bytes."""


def memory_at(path: str, xpath: str | None = None, **more: Any) -> At:
    """The place of an amount of memory; refusals name it by `xpath`."""
    return At(path, invalid=f"Invalid value '{{value}}' for element or attribute '{xpath or f'./{path}[1]'}'", **more)


CPU_NUMBERS = 16384
"""Numbers of host CPUs and nodes, and of processors in groups, are less than this."""


@dataclass(frozen=True, slots=True)
class Members(Scalar):
    """A set of CPUs or nodes."""

    def read(self, text: str) -> CpuSet:
        """The set of a text."""
        return CpuSet.parse(text, limit=CPU_NUMBERS)


@dataclass(frozen=True, slots=True)
class NotEmpty(Members):
    """A set of CPUs or nodes that is not empty; refusals name the attribute."""

    name: str = ""

    def read(self, text: str) -> CpuSet:
        """The set of a text."""
        members = CpuSet.parse(text, limit=CPU_NUMBERS)
        if not members:
            raise ConfigUnsupported(f"Invalid value of '{self.name}': {text}")
        return members


Cpus = Annotated[CpuSet, NotEmpty("cpuset")]
Nodes = Annotated[CpuSet, NotEmpty("nodeset")]
Numbers = Annotated[CpuSet, Members()]
