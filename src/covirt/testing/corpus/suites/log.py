# SPDX-License-Identifier: LGPL-2.1-or-later
"""The syntax of log filters and outputs."""

from __future__ import annotations

from typing import Any

from covirt.runtime.log import looks_like_log_line, parse_filters
from covirt.runtime.log_outputs import parse_outputs
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.trace import Out, Player, Vocabulary


def run(case: Case) -> object:
    """Carry out one case."""
    Player(case, VOCABULARY).play()
    return True


def _give(out: Out, found: list[Any]) -> int:
    out.value = found
    return len(found)


VOCABULARY: Vocabulary = {
    "virLogProbablyLogMessage": lambda text: int(looks_like_log_line(text)),
    "virLogParseOutputs": lambda text, out: _give(out, parse_outputs(text)),
    "virLogParseFilters": lambda text, out: _give(out, parse_filters(text)),
}
