# SPDX-License-Identifier: LGPL-2.1-or-later
"""`python -m covirt.testing.corpus`: run the corpus and print what passes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from covirt.testing.corpus.environment import default_corpus
from covirt.testing.corpus.manifest import load_suite, suite_names
from covirt.testing.corpus.report import as_json, case_report, count, failure_lines
from covirt.testing.corpus.runner import Outcome, run_suite, run_suites


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; the exit status only tells whether it ran."""
    options = _parser().parse_args(arguments)
    root: Path = options.corpus or default_corpus()
    known = suite_names(root)
    if not known:
        print(f"no corpus in {root}: name one with --corpus", file=sys.stderr)
        return 2
    if options.suite is not None and options.suite not in known:
        print(f"no suite {options.suite} in {root}", file=sys.stderr)
        return 2
    if options.case:
        return _run_cases(root, options.suite, options.case, options.json)
    return _run_all(root, [options.suite] if options.suite else known, options)


def _run_all(root: Path, names: list[str], options: argparse.Namespace) -> int:
    results: dict[str, list[Outcome]] = {}
    for name, outcomes in run_suites(root, names, options.processes):
        results[name] = outcomes
        if not options.json:
            print(f"{name}: {count(outcomes)}", flush=True)
            for line in failure_lines(outcomes) if options.failures else ():
                print(line, flush=True)
    everything = [outcome for outcomes in results.values() for outcome in outcomes]
    print(as_json(results) if options.json else f"total: {count(everything)}")
    return 0


def _run_cases(root: Path, name: str, wanted: list[str], json: bool) -> int:
    suite = load_suite(root, name)
    unknown = sorted(set(wanted) - {case.id for case in suite.cases})
    if unknown:
        print(f"no case {', '.join(unknown)} in {name}", file=sys.stderr)
        return 2
    outcomes = run_suite(suite, wanted)
    if json:
        print(as_json({name: outcomes}))
        return 0
    for outcome in outcomes:
        print(case_report(outcome))
    print(f"{name}: {count(outcomes)}\ntotal: {count(outcomes)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m covirt.testing.corpus", description="Run the conformance corpus.")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="directory of the corpus")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--failures", action="store_true", help="name each case that did not pass, with the reason")
    parser.add_argument("-j", "--processes", type=int, default=1, metavar="N", help="run in N processes")
    parser.add_argument("suite", nargs="?", metavar="SUITE", help="only this suite")
    parser.add_argument("case", nargs="*", metavar="CASE", help="only these cases, with their differences")
    return parser


if __name__ == "__main__":
    sys.exit(main())
