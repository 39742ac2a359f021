# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tell people and programs how a run of the corpus went."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from covirt.testing.corpus.runner import Outcome


def count(outcomes: Sequence[Outcome]) -> str:
    """Passed and all, as `passed/total`."""
    return f"{sum(outcome.passed for outcome in outcomes)}/{len(outcomes)}"


def failure_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """One line per case that did not pass."""
    return [f"  {outcome.case}: {_why(outcome)}" for outcome in outcomes if not outcome.passed]


def case_report(outcome: Outcome) -> str:
    """Everything about one case, for the person who wants to mend it."""
    head = f"{outcome.case} ({outcome.kind}): {'passed' if outcome.passed else _why(outcome)}"
    return f"{head}\n{outcome.details}" if outcome.details else head


def as_json(results: Mapping[str, Sequence[Outcome]]) -> str:
    """The whole run for programs."""
    everything = [outcome for outcomes in results.values() for outcome in outcomes]
    document = {
        "suites": {name: _suite_json(outcomes) for name, outcomes in results.items()},
        "total": _counts(everything),
    }
    return json.dumps(document, indent=1)


def _suite_json(outcomes: Sequence[Outcome]) -> dict[str, object]:
    cases = [
        {"id": outcome.case, "kind": outcome.kind, "status": str(outcome.status), "reason": outcome.reason}
        for outcome in outcomes
    ]
    return {**_counts(outcomes), "cases": cases}


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    return {"passed": sum(outcome.passed for outcome in outcomes), "total": len(outcomes)}


def _why(outcome: Outcome) -> str:
    return f"{outcome.status}: {outcome.reason}"
