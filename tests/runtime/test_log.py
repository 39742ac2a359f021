# SPDX-License-Identifier: LGPL-2.1-or-later
"""Logs: what is written, and where."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from covirt.errors import InvalidArg, OperationFailed
from covirt.runtime.log import (
    Filter,
    Priority,
    Record,
    Sink,
    get,
    looks_like_log_line,
    parse_filters,
    route,
    timestamp,
)
from covirt.runtime.log_outputs import Logs, OutputSpec, _journal_field, default_output, parse_outputs


class Kept(Sink):
    def __init__(self) -> None:
        self.records: list[Record] = []

    def __call__(self, record: Record) -> None:
        self.records.append(record)


@pytest.fixture
def kept() -> Iterator[Kept]:
    sink = Kept()
    yield sink
    route()


def test_filters_decide_by_source(kept: Kept) -> None:
    route(kept, Priority.WARNING, parse_filters("1:qemu 4:qemu.monitor"))
    get("qemu.start").debug("a")
    get("network.start").info("b")
    get("network.start").error("c")
    assert [record.message for record in kept.records] == ["a", "c"]


def test_filters_may_change_while_running(kept: Kept) -> None:
    log = get("qemu.changes")
    route(kept, Priority.WARNING)
    log.info("a")
    route(kept, Priority.INFO)
    log.info("b")
    assert [record.message for record in kept.records] == ["b"]


def test_lines_are_libvirts() -> None:
    record = Record("qemu.start", Priority.ERROR, "no start", {"guest": "my vm", "error": OperationFailed("x")}, 0.5, 7)
    assert record.line() == (
        "1970-01-01 00:00:00.500+0000: 7: error : qemu.start : no start guest='my vm' error='operation failed: x'\n"
    )
    assert looks_like_log_line(record.line())
    assert not looks_like_log_line("qemu: fatal")


def test_unexpected_errors_bring_their_trace() -> None:
    with pytest.raises(KeyError) as caught:
        raise KeyError("x")
    assert "test_log.py" in Record("a", Priority.ERROR, "m", {"error": caught.value}).line()


def test_time_is_utc() -> None:
    assert timestamp(1381506223.8663) == "2013-10-11 15:43:43.866+0000"


@pytest.mark.parametrize("text", ["5:foo", "1:", ":foo", "foo", "1:+", "x:foo"])
def test_bad_filters(text: str) -> None:
    with pytest.raises(InvalidArg):
        parse_filters(text)


@pytest.mark.parametrize("text", ["1:bar", "1:stderr:foobar", "1:file", "0:stderr", "stderr", "1:file:a:b"])
def test_bad_outputs(text: str) -> None:
    with pytest.raises(InvalidArg):
        parse_outputs(text)


def test_later_filter_of_the_same_pattern_counts() -> None:
    assert parse_filters("1:a  2:a 3:+b") == [Filter("*a*", Priority.INFO), Filter("*b*", Priority.WARNING)]


def test_file_output(tmp_path: Path) -> None:
    path = tmp_path / "covirtd.log"
    logs = Logs(Priority.DEBUG, "", f"1:file:{path} 4:file:{tmp_path / 'errors'}")
    logs.start()
    get("a").info("one", n=1)
    get("a").error("two")
    assert logs.flush()
    assert path.read_text().count("\n") == 2
    logs.stop()
    assert (tmp_path / "errors").read_text().endswith(" error : a : two\n")
    assert path.stat().st_mode & 0o777 == 0o600


def test_too_many_records_are_lost_and_counted(tmp_path: Path) -> None:
    logs = Logs(outputs=f"1:file:{tmp_path / 'log'}", limit=3)
    for number in range(5):
        logs(Record("a", Priority.ERROR, str(number)))
    assert logs.lost == 2


def test_as_a_library_it_uses_pythons_logging(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "covirt"):
        get("library").warning("careful", guest="vm1")
    assert caplog.record_tuples == [("covirt.library", logging.WARNING, "careful guest=vm1")]


def test_journal_fields_may_have_several_lines() -> None:
    assert _journal_field("A", "x") == b"A=x\n"
    assert _journal_field("A", "x\ny") == b"A\n\x03\0\0\0\0\0\0\0x\ny\n"


def test_default_output(tmp_path: Path) -> None:
    def default(*, daemon: bool) -> OutputSpec:
        return default_output("covirtd", daemon=daemon, interactive=True, log_dir=tmp_path, priority=Priority.WARNING)

    assert default(daemon=False).destination == "stderr"
    assert default(daemon=True).destination in ("file", "journald")
