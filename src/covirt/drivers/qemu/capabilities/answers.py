# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU answered to the questions of a probe, before it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from covirt.drivers.qemu.capabilities.schema import QapiSchema

#: The properties of a type with their default where QEMU tells one; the key is (kind, type name).
Properties = Mapping[tuple[str, str], Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The evidence for the capability flags."""

    arch: str
    schema: QapiSchema
    accelerators: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    properties: Properties = field(default_factory=dict)
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    migration: frozenset[str] = frozenset()
    tpm_models: frozenset[str] = frozenset()
    tpm_types: frozenset[str] = frozenset()
    cpu_names: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
