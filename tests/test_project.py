# SPDX-License-Identifier: LGPL-2.1-or-later
"""The project's own order: style, types, licence lines, and a wheel that needs no compiler."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

OURS = ("src", "libvirt-face", "tests", "tools", "bench", "examples")
LICENCE = "# SPDX-License-Identifier: LGPL-2.1-or-later"


def python_files(project: Path) -> Iterator[Path]:
    for folder in OURS:
        yield from (project / folder).rglob("*.py")


def run(project: Path, *argv: str) -> None:
    done = subprocess.run([sys.executable, "-m", *argv], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def present(project: Path) -> list[str]:
    return [folder for folder in OURS if (project / folder).is_dir()]


def tracked(project: Path, *folders: str) -> list[str]:
    listing = subprocess.run(["git", "ls-files", *folders], cwd=project, capture_output=True, text=True)
    return listing.stdout.splitlines()


def copy_tracked(project: Path, to: Path, *names: str) -> None:
    for name in tracked(project, *names):
        if (project / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            (to / name).write_bytes((project / name).read_bytes())


def test_ruff_finds_nothing(project: Path) -> None:
    run(project, "ruff", "check", "--quiet", *present(project))


def test_files_are_formatted(project: Path) -> None:
    run(project, "ruff", "format", "--check", "--quiet", *present(project))


@pytest.mark.timeout(900)
def test_types_hold(project: Path) -> None:
    run(project, "mypy")


def test_every_file_names_its_licence(project: Path) -> None:
    without = [file for file in python_files(project) if LICENCE not in file.read_text().splitlines()[:2]]
    assert not without


def test_packages_say_what_lives_in_them(project: Path) -> None:
    silent = [
        file.relative_to(project) for file in (project / "src").rglob("__init__.py") if '"""' not in file.read_text()
    ]
    assert not silent


def test_generated_files_are_fresh(project: Path) -> None:
    generator = project / "tools" / "generate.py"
    if not generator.exists():
        pytest.skip("nothing is generated yet")
    done = subprocess.run([sys.executable, generator, "--check"], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_core_dependencies_come_as_wheels_or_pure_python(project: Path) -> None:
    """An sdist that has to be compiled would break the promise of an installation without a compiler."""
    settings = tomllib.loads((project / "pyproject.toml").read_text())
    assert settings["build-system"]["requires"] == ["setuptools>=68"]
    assert not (project / "setup.py").exists()


@pytest.mark.timeout(300)
def test_wheel_has_no_compiled_part(project: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    copy_tracked(project, source, "pyproject.toml", "README.md", "LICENSE", "src")
    run(project, "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", f"--wheel-dir={tmp_path}", str(source))
    (wheel,) = tmp_path.glob("covirt-*-py3-none-any.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "covirt/py.typed" in names
    assert all(name.startswith("covirt") for name in names), "a module libvirt comes only with its own distribution"
    assert not [name for name in names if name.endswith((".so", ".pyd"))]
