# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from covirt.errors import ConfigUnsupported, NoSupport
from covirt.testing.corpus.compare import Mismatch, check_command_lines, check_text, check_value, without_place
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.runner import Status, run_case
from covirt.testing.corpus.trace import Out, Player


def case(**members: object) -> Case:
    return Case(suite="s", id="c", kind="k", root=Path("/corpus"), **members)  # type: ignore[arg-type]


def test_missing_final_line_end_is_added() -> None:
    check_text("a\n", "a")
    with pytest.raises(Mismatch):
        check_text("a", "a\n")


def test_difference_of_texts_is_placed() -> None:
    with pytest.raises(Mismatch, match="line 2: expected 'b', got 'c'"):
        check_text("a\nb\n", "a\nc\n")


def test_command_lines_compare_json_as_values() -> None:
    check_command_lines('A=1 \\\nq -device \'{"a":1,"b":2}\'\n', 'A=1 q -device \'{"b":2,"a":1}\'')
    with pytest.raises(Mismatch):
        check_command_lines("q -device '{\"a\":1}'\n", "q -device '{\"a\":true}'")
    with pytest.raises(Mismatch):
        check_command_lines("q -a -b\n", "q -b -a\n")


def test_truth_is_not_a_number() -> None:
    check_value({"a": [1]}, {"a": (1,)})
    with pytest.raises(Mismatch):
        check_value(True, 1)


def test_corpus_directories_have_one_name_in_messages() -> None:
    assert without_place(Path("/corpus"), "'/corpus/suite/data/x.xml'") == "'ABS_SRCDIR/data/x.xml'"


def refuse(case: Case) -> object:
    raise ConfigUnsupported("no")


def lack(case: Case) -> object:
    raise NoSupport("no")


def crash(case: Case) -> object:
    raise KeyError("no")


@pytest.mark.parametrize(
    ("run", "expect", "status"),
    [
        (refuse, {"error": True}, Status.PASSED),
        (refuse, {"value": 1}, Status.DIFFERS),
        (lack, {"error": True}, Status.CANNOT_RUN),
        (crash, {"error": True}, Status.CRASHED),
        (lambda case: 1, {"error": True}, Status.DIFFERS),
        (lambda case: 1, {"value": 1}, Status.PASSED),
        (lambda case: None, {}, Status.PASSED),
        (lambda case: False, {}, Status.DIFFERS),
    ],
)
def test_outcome(run: object, expect: dict[str, object], status: Status) -> None:
    assert run_case(case(expect=expect), run).status is status  # type: ignore[arg-type]


def test_async_case_is_awaited() -> None:
    async def answer(case: Case) -> object:
        return 42

    assert run_case(case(expect={"value": 42}), answer).passed


def test_trace_is_played() -> None:
    def store(out: Out, value: int) -> int:
        out.value = value
        return 0

    steps = [
        {"n": 1, "call": "store", "args": [{"ref": "x", "value": None}, 7], "ok": True},
        {"equal": [{"out_of": 1, "arg": 0}, 7]},
        {"relation": ">=", "of": [{"result_of": 1}, 1], "holds": False},
    ]
    Player(case(trace={"steps": steps}), {"store": store}).play()
    with pytest.raises(Mismatch):
        Player(case(trace={"steps": [*steps, {"differ": [{"result_of": 1}, 0]}]}), {"store": store}).play()
