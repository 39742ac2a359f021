# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<perf>`: performance counters that are kept for the guest."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from covirt.errors import XmlError
from covirt.xml import At, Reading, YesNo


class PerfEventName(StrEnum):
    """The counters, in the order of output."""

    CMT = "cmt"
    MBMT = "mbmt"
    MBML = "mbml"
    CPU_CYCLES = "cpu_cycles"
    INSTRUCTIONS = "instructions"
    CACHE_REFERENCES = "cache_references"
    CACHE_MISSES = "cache_misses"
    BRANCH_INSTRUCTIONS = "branch_instructions"
    BRANCH_MISSES = "branch_misses"
    BUS_CYCLES = "bus_cycles"
    STALLED_CYCLES_FRONTEND = "stalled_cycles_frontend"
    STALLED_CYCLES_BACKEND = "stalled_cycles_backend"
    REF_CPU_CYCLES = "ref_cpu_cycles"
    CPU_CLOCK = "cpu_clock"
    TASK_CLOCK = "task_clock"
    PAGE_FAULTS = "page_faults"
    CONTEXT_SWITCHES = "context_switches"
    CPU_MIGRATIONS = "cpu_migrations"
    PAGE_FAULTS_MIN = "page_faults_min"
    PAGE_FAULTS_MAJ = "page_faults_maj"
    ALIGNMENT_FAULTS = "alignment_faults"
    EMULATION_FAULTS = "emulation_faults"


@dataclass(slots=True, kw_only=True)
class PerfEvent:
    """One counter."""

    name: Annotated[PerfEventName, At("@name")]
    enabled: Annotated[YesNo, At("@enabled")]


@dataclass(slots=True, kw_only=True)
class Perf:
    """All counters of which something is said."""

    events: Annotated[list[PerfEvent], At("event")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """Each counter once, in their own order."""
        known: dict[PerfEventName, PerfEvent] = {}
        for event in self.events:
            if event.name in known:
                raise XmlError(f"perf event '{event.name}' was already specified")
            known[event.name] = event
        self.events = [known[name] for name in PerfEventName if name in known]
