# SPDX-License-Identifier: LGPL-2.1-or-later
"""JSON as users meet it: read strictly, written in libvirt's form, dotted keys taken apart."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from covirt.errors import InternalError, InvalidArg


def read_json(text: str | bytes) -> Any:
    """The value of a text that is nothing but JSON in UTF-8; NaN, infinities and comments are none."""
    try:
        return json.loads(text.decode("utf-8") if isinstance(text, bytes) else text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as problem:
        message = f"failed to parse JSON: {problem.msg}"
        raise InternalError(message, line=problem.lineno, column=problem.colno) from None
    except UnicodeDecodeError:
        raise InternalError("failed to parse JSON: invalid utf-8 string") from None
    except RecursionError:
        raise InternalError("failed to parse JSON: nesting too deep") from None


def write_json(value: Any, *, pretty: bool = False) -> str:
    """The text of a value: without blanks, or for people, indented by two blanks and with an end of line."""
    if pretty:
        return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def nest_dotted_keys(value: dict[str, Any]) -> Any:
    """Objects in place of keys like `file.driver`, lists in place of objects whose keys count from 0.

    QEMU accepts both spellings in the names of backing files.
    """
    return _lists(_nested(value))


def _nested(value: dict[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for key, item in value.items():
        *path, last = key.split(".")
        here = nested
        for step in path:
            here = here.setdefault(step, {})
            if not isinstance(here, dict):
                raise InvalidArg("mixing nested objects and values is forbidden in JSON deflattening")
        if last in here:
            raise InvalidArg(f"can't deflatten colliding key '{last}'")
        here[last] = _nested(item) if isinstance(item, dict) else item
    return nested


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    members = {key: _lists(item) for key, item in value.items()}
    places = {int(key): item for key, item in members.items() if key.isascii() and key.isdigit()}
    if len(places) == len(members) and sorted(places) == list(range(len(members))):
        return [places[place] for place in range(len(places))]
    return members


def _refuse_constant(word: str) -> NoReturn:
    raise InternalError(f"failed to parse JSON: unexpected word '{word}'")
