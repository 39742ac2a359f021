# SPDX-License-Identifier: LGPL-2.1-or-later
"""Imports point one way: each package may only know those named beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parent.parent / "src" / "covirt"
EVERYBODY = {module.stem for module in SOURCES.glob("*.py")} | {"__version__"}
"""The small modules beside the packages, which import nothing but each other."""

MAY_IMPORT: dict[str, set[str]] = {
    "wire": set(),
    "api": set(),
    "xml": set(),
    "runtime": set(),
    "model": {"xml"},
    "host": {"runtime"},
    "rpc": {"wire", "api"},
    "drivers": {"api", "model", "xml", "runtime", "host"},
    "lint": {"drivers", "model", "xml", "runtime", "host"},
    "access": {"api", "runtime", "host"},
    "client": {"rpc", "wire", "api", "runtime"},
    "cli": {"client", "api"},
    "daemon": {"drivers", "access", "rpc", "wire", "api", "runtime", "host"},
    "testing": {
        "drivers",
        "access",
        "client",
        "cli",
        "lint",
        "daemon",
        "rpc",
        "wire",
        "api",
        "model",
        "xml",
        "runtime",
        "host",
    },
}

EXCEPTIONS = {
    ("client/embedded.py", "daemon"): "opens in-process drivers through the daemon's pipeline",
    ("client/embedded.py", "drivers"): "finds them in the table of drivers",
    ("cli/commands/lint.py", "lint"): "checks documents without a connection; loaded when the command runs",
}


def imported(file: Path) -> Iterator[str]:
    """The packages of covirt that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "covirt" else [node.module]
            )
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("covirt."))


def violations(package: Path, allowed: set[str]) -> Iterator[str]:
    for file in package.rglob("*.py"):
        place = str(file.relative_to(package.parent))
        for name in imported(file):
            if name not in allowed | EVERYBODY | {package.name} and (place, name) not in EXCEPTIONS:
                yield f"{place} imports {name}"


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_package_imports_only_what_is_below_it(name: str, project: Path) -> None:
    package = project / "src" / "covirt" / name
    assert not list(violations(package, MAY_IMPORT[name]))


def test_the_libvirt_module_imports_only_what_is_below_it(project: Path) -> None:
    allowed = {"client", "rpc", "wire", "api"} | EVERYBODY
    for file in (project / "libvirt-face" / "src").rglob("*.py"):
        assert set(imported(file)) <= allowed, file


def test_nothing_imports_the_libvirt_module(project: Path) -> None:
    for file in (project / "src").rglob("*.py"):
        tree = ast.walk(ast.parse(file.read_text()))
        names = [node.module or "" for node in tree if isinstance(node, ast.ImportFrom) and node.level == 0]
        assert not [name for name in names if name.split(".")[0] in ("libvirt", "libvirt_qemu", "libvirtaio")], file


def test_every_package_has_its_place(project: Path) -> None:
    packages = {folder.parent.name for folder in (project / "src" / "covirt").glob("*/__init__.py")}
    assert packages <= set(MAY_IMPORT)


def test_drivers_do_not_import_each_other(project: Path) -> None:
    drivers = project / "src" / "covirt" / "drivers"
    for file in drivers.glob("*/**/*.py"):
        own = file.relative_to(drivers).parts[0]
        tree = ast.parse(file.read_text())
        modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
        others = {module.split(".")[2] for module in modules if module.startswith("covirt.drivers.")}
        shared = {"common", "driver"}
        assert others <= {own} | shared, f"{file} knows another driver"
