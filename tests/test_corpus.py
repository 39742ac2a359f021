# SPDX-License-Identifier: LGPL-2.1-or-later
"""The corpus never passes less than it once did: each registered suite has a floor in `corpus_floors.json`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from covirt.testing.corpus.environment import default_corpus
from covirt.testing.corpus.manifest import load_suite, suite_names
from covirt.testing.corpus.report import count, failure_lines
from covirt.testing.corpus.runner import run_suite
from covirt.testing.corpus.suites import SUITES

CORPUS = default_corpus()
FLOORS: dict[str, int] = json.loads((Path(__file__).parent / "corpus_floors.json").read_text())

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus in {CORPUS}")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("suite", SUITES)
def test_suite_keeps_its_floor(suite: str) -> None:
    outcomes = run_suite(load_suite(CORPUS, suite))
    passed = sum(outcome.passed for outcome in outcomes)
    assert passed >= FLOORS.get(suite, 0), "\n".join([f"{suite}: {count(outcomes)}", *failure_lines(outcomes)])


def test_table_names_only_suites_of_the_corpus() -> None:
    assert set(SUITES) <= set(suite_names(CORPUS))


def test_floors_are_of_registered_suites() -> None:
    assert set(FLOORS) <= set(SUITES)
