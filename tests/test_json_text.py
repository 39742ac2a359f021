# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

import pytest

from covirt.errors import InternalError, InvalidArg
from covirt.json_text import nest_dotted_keys, read_json, write_json


@pytest.mark.parametrize("text", ["[1] [2]", "{'a': 1}", "[NaN]", "[01]", "// x\n1", "", b'"\x80"', "[" * 100_000])
def test_what_is_not_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(InternalError, match="failed to parse JSON"):
        read_json(text)


def test_text_has_no_blanks_or_is_for_people() -> None:
    assert write_json({"a": [1, "ä/"], "b": {}}) == '{"a":[1,"ä/"],"b":{}}'
    assert write_json({"a": [1], "b": {}}, pretty=True) == '{\n  "a": [\n    1\n  ],\n  "b": {}\n}\n'


def test_dotted_keys_are_taken_apart() -> None:
    flat = {"driver": "raw", "file.driver": "nbd", "file.server.0.host": "a", "file.server.1.host": "b"}
    server = [{"host": "a"}, {"host": "b"}]
    assert nest_dotted_keys(flat) == {"driver": "raw", "file": {"driver": "nbd", "server": server}}


@pytest.mark.parametrize("flat", [{"a": 1, "a.b": 2}, {"a.b": 1, "a": {"b": 2}}, {"a": {"b": 1}, "a.b": 2}])
def test_colliding_keys_are_refused(flat: dict[str, object]) -> None:
    with pytest.raises(InvalidArg):
        nest_dotted_keys(flat)
