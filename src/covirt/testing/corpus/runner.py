# SPDX-License-Identifier: LGPL-2.1-or-later
"""Carry out cases and note what became of each."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from covirt.errors import Error, NoSupport
from covirt.testing.corpus.compare import CannotRun, Mismatch, check_error, check_result
from covirt.testing.corpus.manifest import Case, Suite, load_suite
from covirt.testing.corpus.suites import SUITES

SECONDS_PER_CASE = 60


class Status(StrEnum):
    """What became of a case."""

    PASSED = "passed"
    DIFFERS = "differs"
    CANNOT_RUN = "cannot run"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case, and why."""

    case: str
    kind: str
    status: Status
    reason: str = ""
    details: str = ""
    counted: bool = True

    @property
    def passed(self) -> bool:
        """Whether the result was the expected one."""
        return self.status is Status.PASSED


class TookTooLong(Exception):
    """A case was still running when its time was over."""


def run_suite(suite: Suite, wanted: Iterable[str] = ()) -> list[Outcome]:
    """Carry out a suite, or some cases of it, and what must have happened before them."""
    run = _load_run(suite.name)
    names = set(wanted)
    outcomes = []
    for group in suite.groups():
        for number, case in enumerate(group):
            if names and not any(later.id in names for later in group[number:]):
                break
            outcome = run_case(case, run)
            if not case.context and (not names or case.id in names):
                outcomes.append(outcome)
    return _in_manifest_order(suite, outcomes)


def run_suites(root: Path, names: Iterable[str], processes: int = 1) -> Iterator[tuple[str, list[Outcome]]]:
    """Carry out whole suites, several at a time when asked to."""
    names = list(names)
    if processes <= 1:
        for name in names:
            yield name, run_suite(load_suite(root, name))
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        parts = {
            name: [pool.submit(_run_part, root, name, part, processes) for part in range(processes)] for name in names
        }
        for name in names:
            outcomes = [outcome for part in parts[name] for outcome in part.result()]
            yield name, _in_manifest_order(load_suite(root, name), outcomes)


def run_case(case: Case, run: Callable[[Case], object]) -> Outcome:
    """Carry out one case and judge the result."""
    status, reason, details = Status.PASSED, "", ""
    try:
        with _deadline(SECONDS_PER_CASE):
            _judge(case, run)
    except Mismatch as problem:
        status, reason, details = Status.DIFFERS, str(problem), problem.diff
    except CannotRun as problem:
        status, reason = Status.CANNOT_RUN, str(problem)
    except Exception as problem:
        status, reason = Status.CRASHED, f"{type(problem).__name__}: {problem}"
        details = "".join(traceback.format_exception(problem))
    return Outcome(case.id, case.kind, status, reason.splitlines()[0] if reason else "", details)


def _judge(case: Case, run: Callable[[Case], object]) -> None:
    try:
        result = run(case)
        if inspect.iscoroutine(result):
            result = asyncio.run(result)
    except NoSupport as missing:
        raise CannotRun(str(missing)) from missing
    except Error as refusal:
        check_error(case, str(refusal))
    else:
        check_result(case, result)


def _load_run(suite: str) -> Callable[[Case], object]:
    if suite not in SUITES:
        return _nothing
    try:
        run: Callable[[Case], object] = import_module(f"covirt.testing.corpus.suites.{SUITES[suite]}").run
    except Exception as problem:
        return partial(_broken, problem)
    return run


def _nothing(case: Case) -> object:
    raise CannotRun("nothing runs this suite yet")


def _broken(problem: Exception, case: Case) -> object:
    raise problem


def _run_part(root: Path, name: str, part: int, parts: int) -> list[Outcome]:
    """Every so-many-th group of a suite, in a process of its own."""
    suite = load_suite(root, name)
    mine = [group for number, group in enumerate(suite.groups()) if number % parts == part]
    return run_suite(Suite(name, tuple(case for group in mine for case in group))) if mine else []


def _in_manifest_order(suite: Suite, outcomes: list[Outcome]) -> list[Outcome]:
    places = {case.id: place for place, case in enumerate(suite.cases)}
    return sorted(outcomes, key=lambda outcome: places[outcome.case])


@contextlib.contextmanager
def _deadline(seconds: int) -> Iterator[None]:
    """End a case that hangs."""

    def too_late(number: int, frame: FrameType | None) -> Any:
        raise TookTooLong(f"still running after {seconds} s")

    previous = signal.signal(signal.SIGALRM, too_late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
