# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command `lint`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from covirt.cli.main import run

GOOD = "<network><name>n</name></network>"
BAD = "<network><name>n</name><forward mode='natt'/></network>"
ODD = "<network><name>n</name><bridg/></network>"


@pytest.mark.parametrize(
    ("text", "options", "status", "said"),
    [
        (GOOD, [], 0, ""),
        (BAD, [], 1, "{}:1:24: error: "),
        (ODD, [], 0, "{}:1:24: warning: unknown element 'bridg' (did you mean 'bridge'?) [/network/bridg]"),
        (ODD, ["--strict"], 1, "{}:1:24: error: unknown element 'bridg'"),
    ],
)
async def test_status_and_text(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    options: list[str],
    status: int,
    said: str,
) -> None:
    file = tmp_path / "network.xml"
    file.write_text(text)
    assert await run(["-q", "lint", "--no-emulator", *options, str(file)]) == status
    output = capsys.readouterr()
    assert output.out.startswith(said.format(file))
    assert output.err == ""


async def test_json_has_all_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = []
    for number, text in enumerate((BAD, GOOD, ODD)):
        files.append(tmp_path / f"{number}.xml")
        files[-1].write_text(text)
    assert await run(["-o", "json", "lint", "--no-emulator", *map(str, files)]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [(row["file"], row["severity"]) for row in rows] == [(str(files[0]), "error"), (str(files[2]), "warning")]
    assert rows[1]["hint"] == "did you mean 'bridge'?"


async def test_json_of_nothing_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "network.xml"
    file.write_text(GOOD)
    assert await run(["-o", "json", "lint", "--no-emulator", str(file)]) == 0
    assert json.loads(capsys.readouterr().out) == []


async def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert await run(["lint", "--no-emulator", "/nowhere.xml"]) == 1
    assert capsys.readouterr().err == "error: cannot read /nowhere.xml: No such file or directory\n"
