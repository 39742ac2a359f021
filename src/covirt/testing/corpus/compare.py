# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether a result is the expected one: texts byte for byte, command lines option by option, JSON as values."""

from __future__ import annotations

import difflib
import json
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from covirt.testing.corpus.manifest import Case

COMMAND_LINE_SUFFIXES = (".args", ".ldargs", ".argv")


class Mismatch(Exception):
    """A result is not the expected one; the text says where, `diff` shows it."""

    def __init__(self, reason: str, diff: str = "") -> None:
        super().__init__(reason)
        self.diff = diff


class CannotRun(Exception):
    """A case that covirt or its suite module cannot carry out yet."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A result for cases that are compared in another form than the expected file has: both sides in that form."""

    actual: object
    expected: object


def check_result(case: Case, result: object) -> None:
    """Raise `Mismatch` unless a result is what the case expects."""
    expect = case.expect
    if expect.get("error"):
        raise Mismatch("accepted, but must be refused")
    if isinstance(result, Compared):
        check_value(result.expected, result.actual)
    elif "files" in expect:
        _check_files(case, result)
    elif "file" in expect:
        _check_file(case, str(expect["file"]), case.expected(), result)
    elif "value" in expect:
        check_value(expect["value"], result)
    elif result is False:
        raise Mismatch("does not hold")


def check_error(case: Case, message: str) -> None:
    """Raise `Mismatch` unless a refusal with that message is what the case expects."""
    if not case.expect.get("error"):
        raise Mismatch(f"refused: {message}")
    if "file" in case.expect:
        check_text(case.expected(), without_place(case.root, message))


def without_place(root: Path, text: str) -> str:
    """Replace the directories of the corpus as its expected messages do."""
    return re.sub(re.escape(str(root)) + r"/[^/\s]+", "ABS_SRCDIR", text)


def check_text(expected: str, actual: str) -> None:
    """Byte for byte; an end of line missing at the end of the result is added first."""
    if expected.endswith("\n") and not actual.endswith("\n"):
        actual += "\n"
    if expected != actual:
        raise Mismatch(_first_difference(expected.splitlines(), actual.splitlines()), _diff(expected, actual))


def check_value(expected: object, actual: object) -> None:
    """Equal, with texts compared as texts and numbers never taken for truth values."""
    if isinstance(expected, str) and isinstance(actual, str):
        check_text(expected, actual)
    elif not _same_json(expected, actual):
        raise Mismatch(f"expected {_short(expected)}, got {_short(actual)}", _diff(_pretty(expected), _pretty(actual)))


def check_command_lines(expected: str, actual: str) -> None:
    """Word by word in the same order; a word that is a JSON object is compared as its value."""
    expected_words, actual_words = _words(expected), _words(actual)
    if [_word_value(word) for word in expected_words] != [_word_value(word) for word in actual_words]:
        left, right = _option_lines(expected_words), _option_lines(actual_words)
        raise Mismatch(_first_difference(left, right), _diff("\n".join(left), "\n".join(right)))


# Which comparison


def _check_files(case: Case, result: object) -> None:
    if not isinstance(result, Mapping):
        raise Mismatch(f"gave {type(result).__name__} where several texts are expected")
    for role, name in case.expect["files"].items():
        if role not in result:
            raise Mismatch(f"gave no {role}")
        _check_file(case, str(name), case.expected(role), result[role])


def _check_file(case: Case, name: str, expected: str, actual: object) -> None:
    if isinstance(actual, bytes):
        actual = actual.decode("utf-8", "surrogateescape")
    if case.options.get("compare") == "json" or not isinstance(actual, str):
        check_value(json.loads(expected), json.loads(actual) if isinstance(actual, str) else actual)
    elif name.endswith(COMMAND_LINE_SUFFIXES):
        check_command_lines(expected, actual)
    else:
        check_text(expected, actual)


# Command lines


def _words(text: str) -> list[str]:
    """The words of the commands of a text, with a marker where one command ends."""
    words: list[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        words += [*shlex.split(line), ""] if line.strip() else []
    return words


def _word_value(word: str) -> Any:
    if not word.startswith("{"):
        return word
    try:
        return _comparable(json.loads(word))
    except ValueError:
        return word


def _option_lines(words: Iterable[str]) -> list[str]:
    """Words as lines for a reader: an option stays with its value, JSON is sorted."""
    lines: list[str] = []
    for word in words:
        value = _word_value(word)
        shown = word if isinstance(value, str) else json.dumps(json.loads(word), sort_keys=True)
        if lines and lines[-1].startswith("-") and " " not in lines[-1] and not word.startswith("-"):
            lines[-1] += " " + shown
        else:
            lines.append(shown)
    return lines


# Values


def _same_json(left: object, right: object) -> bool:
    return bool(_comparable(left) == _comparable(right))


def _comparable(value: object) -> object:
    """A value in a form in which `True` differs from 1, and the order of members does not matter."""
    if isinstance(value, Mapping):
        return {str(key): _comparable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_comparable(item) for item in value]
    return (isinstance(value, bool), value)


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, sort_keys=True, default=str) + "\n"


def _short(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


# For the reader


def _first_difference(expected: list[str], actual: list[str]) -> str:
    for number, (left, right) in enumerate(zip(expected, actual, strict=False), 1):
        if left != right:
            return f"line {number}: expected {left.strip()!r}, got {right.strip()!r}"
    number = min(len(expected), len(actual)) + 1
    if len(expected) > len(actual):
        return f"ends before line {number}: {expected[number - 1].strip()!r}"
    if len(actual) > len(expected):
        return f"line {number} is too much: {actual[number - 1].strip()!r}"
    return "the ends of line differ"


def _diff(expected: str, actual: str) -> str:
    lines = difflib.unified_diff(expected.splitlines(), actual.splitlines(), "expected", "result", lineterm="")
    return "\n".join(lines)
