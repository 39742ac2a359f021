# SPDX-License-Identifier: LGPL-2.1-or-later
"""The modules have every name, signature and value that Python programs know."""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))

from covirt.api.catalogue import all_calls
from generators import face_names

MODULES = ("libvirt", "libvirt_qemu", "libvirt_lxc", "libvirtaio")
SLOWEST_IMPORT = 0.060


@pytest.fixture(scope="module")
def facts(shared: Path) -> dict[str, Any]:
    known: dict[str, Any] = json.loads((shared / "facts" / "python_binding.json").read_text())["modules"]
    return known


def signature(function: Any) -> list[tuple[str, str | None]]:
    """Names and defaults as the facts write them."""
    stars: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    return [
        (stars.get(one.kind, "") + one.name, None if one.default is one.empty else repr(one.default))
        for one in inspect.signature(function).parameters.values()
        if one.name != "self"
    ]


def stated(entry: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(parameter["name"], parameter.get("default")) for parameter in entry["params"]]


def callables(name: str, facts: dict[str, Any]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Every function and method of a module, with what is known of it."""
    module = importlib.import_module(name)
    for entry in facts[name]["functions"]:
        yield entry["name"], getattr(module, entry["name"], None), entry
    for known in facts[name]["classes"]:
        cls = getattr(module, known["name"])
        for entry in known["methods"]:
            yield f"{known['name']}.{entry['name']}", getattr(cls, entry["name"], None), entry


@pytest.mark.parametrize("name", MODULES)
def test_every_function_and_method_is_there_with_its_signature(name: str, facts: dict[str, Any]) -> None:
    wrong = [
        (label, found and signature(found), stated(entry))
        for label, found, entry in callables(name, facts)
        if found is None or ("params" in entry and not label.endswith("__init__") and signature(found) != stated(entry))
    ]
    assert not wrong


@pytest.mark.parametrize("name", MODULES)
def test_constants_are_the_same_and_no_others(name: str, facts: dict[str, Any]) -> None:
    module = vars(importlib.import_module(name))
    ours = {key: value for key, value in module.items() if key.startswith("VIR_")}
    theirs = facts[name].get("constants") or {}
    assert ours == theirs
    assert {key: type(value) for key, value in ours.items()} == {key: type(value) for key, value in theirs.items()}


def test_exceptions_from_the_rule_are_counted() -> None:
    """Each is stated with its reason in tools/generators/face_names.py; more of them is a thing to think about."""
    assert len(face_names.wrapped_calls()) == 309
    assert len(face_names.NAMES) <= 27
    assert len(face_names.SIGNATURES) <= 52
    assert len(face_names.BY_HAND) <= 65
    assert len(face_names.RESULTS) <= 21
    assert len(face_names.INSTEAD) <= 5


def test_every_exception_is_about_a_call_there_is() -> None:
    declared = {call.qualified for call in all_calls()}
    tables = (face_names.NAMES, face_names.SIGNATURES, face_names.BY_HAND, face_names.INSTEAD, face_names.ABSENT)
    assert set().union(*tables) <= declared


def test_signatures_have_as_many_parameters_as_the_declarations() -> None:
    for call in face_names.wrapped_calls():
        assert len(face_names.parameters(call)) == len(call.parameters), call.qualified


def imported(code: str, project: Path) -> subprocess.CompletedProcess[str]:
    path = f"{project / 'libvirt-face' / 'src'}:{project / 'src'}"
    return subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )


def test_nothing_below_is_imported_before_a_connection_is_opened(project: Path) -> None:
    code = "import sys, libvirt; print([n for n in sys.modules if n.split('.')[0] in ('covirt', 'asyncio', 'uvloop')])"
    assert imported(code, project).stdout.strip() == "[]"


def test_import_takes_little_time(project: Path) -> None:
    """Time of the processor, for other tests run beside this one; the best of some."""
    code = "import time; t = time.process_time(); import libvirt; print(time.process_time() - t)"

    best = min(float(imported(code, project).stdout) for _ in range(5))
    assert best < SLOWEST_IMPORT
