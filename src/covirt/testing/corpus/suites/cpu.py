# SPDX-License-Identifier: LGPL-2.1-or-later
"""Processor models: comparison, baseline, update, decoding of CPUID data."""

from __future__ import annotations

from covirt.testing.corpus.compare import CannotRun
from covirt.testing.corpus.manifest import Case


def run(case: Case) -> object:
    """Carry out one case."""
    raise CannotRun(f"{case.kind} is not there")
