# SPDX-License-Identifier: LGPL-2.1-or-later
"""Small values: URIs, sets of numbers, typed parameters, key codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from covirt.api.params import ParamName, ParamType, TypedParam, TypedParams
from covirt.errors import Error
from covirt.keycodes import key_number
from covirt.testing.corpus.compare import CannotRun, check_value
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.trace import Player
from covirt.uri import Uri
from covirt.values import CpuSet
from covirt.xml.scalars import INT32_MAX


def run(case: Case) -> object:
    """Carry out one case."""
    if case.kind not in KINDS:
        raise CannotRun(f"{case.kind} is not there")
    return KINDS[case.kind](case)


def uri(case: Case) -> object:
    """A URI taken apart and put together from its parameters."""
    wanted = case.inline
    parsed = Uri.parse(wanted["uri"])
    parts = {
        "scheme": parsed.scheme,
        "server": parsed.host,
        "port": parsed.port,
        "path": parsed.path or None,
        "fragment": parsed.fragment,
        "user": parsed.user,
        "params": [list(pair) for pair in parsed.parameters],
        "uri_out": str(parsed.without(())),
    }
    parameters = [[one["name"], one["value"]] for one in wanted["params"] or () if one["name"] is not None]
    check_value({name: wanted[name] for name in parts} | {"params": parameters}, parts)
    return True


# Sets of numbers

SET_OPERATIONS: dict[str, Callable[[frozenset[int], frozenset[int]], frozenset[int]]] = {
    "11": frozenset.intersection,
    "14": frozenset.difference,
    "15": frozenset.union,
}


def number_sets(case: Case) -> object:
    """Two sets combined."""
    a, b, result = (CpuSet.parse(case.inline[name], limit=INT32_MAX) for name in ("a", "b", "res"))
    return SET_OPERATIONS[case.kind](a, b) == result


def refused_number_sets(case: Case) -> object:
    """Texts with numbers beyond a limit."""
    Player(case, {"virBitmapParse": lambda text, out, size: CpuSet.parse(text, limit=size)}).play()
    return True


# Typed parameters


def typed_params_check(case: Case) -> object:
    """Parameters held against the names that may be there."""
    (step,) = (step for step in case.trace["steps"] if step.get("call") == "virTypedParamsValidate")
    given, _, *allowed = step["args"]
    flagged = [(name, *type_of(word)) for name, word in zip(allowed[::2], allowed[1::2], strict=False)]
    make: Any = ParamName
    names = make("names", {name: (name, kind) for name, kind, _ in flagged})
    repeated = [names(name) for name, _, many in flagged if many]
    params = TypedParams(TypedParam(one["field"], type_of(one["type"])[0], 0) for one in given)
    try:
        params.check(names, repeated=repeated)
    except Error as refusal:
        if "value" not in case.expect:
            raise
        return str(refusal)
    return True


def type_of(word: Any) -> tuple[ParamType, bool]:
    """The type that a constant of a trace stands for, and whether the name may be repeated."""
    words = word.split("|") if isinstance(word, str) else [part for part in word["args"] if isinstance(part, str)]
    kinds = [one.removeprefix("VIR_TYPED_PARAM_") for one in words]
    return ParamType[next(one for one in kinds if one != "MULTIPLE")], "MULTIPLE" in kinds


def typed_params_list(case: Case) -> object:
    """All texts of one name."""
    (step,) = case.trace["steps"]
    given, _, name, _ = step["args"]
    params = TypedParams()
    for one in given:
        params.add(one["field"], type_of(one["type"])[0], (one.get("value") or {}).get("s") or "")
    return len(params.all(name)) == sum(one["field"] == name for one in given)


def typed_params_add_list(case: Case) -> object:
    """A list of texts as parameters of one name."""
    (step,) = case.trace["steps"]
    *_, name, texts = step["args"]
    return TypedParams.guess({name: texts[:-1]}).all(name) == texts[:-1]


# Keys

CODE_SETS = {"VIR_KEYCODE_SET_LINUX": "linux", "VIR_KEYCODE_SET_OSX": "os_x", "VIR_KEYCODE_SET_WIN32": "win32"}


def key_codes(case: Case) -> object:
    """Keys found by name."""
    Player(case, {"virKeycodeValueFromString": lambda code_set, name: key_number(CODE_SETS[code_set], name)}).play()
    return True


KINDS: dict[str, Callable[[Case], object]] = {
    "URIParse": uri,
    "11": number_sets,
    "14": number_sets,
    "15": number_sets,
    "9": refused_number_sets,
    "TypedParamsValidate": typed_params_check,
    "TypedParamsGetStringList": typed_params_list,
    "TypedParamsAddStringList": typed_params_add_list,
    "KeycodeStrings": key_codes,
}
