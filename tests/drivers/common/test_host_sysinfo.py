# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a host says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from covirt.drivers.common.host_sysinfo import OemString, parse_oem_strings, parse_tables, read_host_sysinfo
from covirt.errors import InternalError, SystemCallFailed
from covirt.runtime.command import Finished
from covirt.runtime.exits import ExitStatus

TABLES = """BIOS Information
\tVendor: ACME
\tVersion: 1.0
\tRelease Date: 01/02/2023

Memory Device
\tSize: No Module Installed

Memory Device
\tSize: 8 GB
\tLocator: DIMM 2

OEM Strings
\tString 1: Hello
\tString 2: two.lines
"""


async def answer(argv: Sequence[str]) -> Finished:
    text = "two\nlines\n" if "--oem-string" in argv else TABLES
    return Finished(tuple(argv), ExitStatus(code=0), text.encode(), b"")


def test_tables() -> None:
    info = parse_tables(TABLES)
    assert info.bios is not None
    assert (info.bios.vendor, info.bios.date, info.bios.release) == ("ACME", "01/02/2023", None)
    assert [module.locator for module in info.memory] == ["DIMM 2"]
    assert info.system is None


def test_strings_of_the_maker() -> None:
    assert parse_oem_strings(TABLES) == [OemString(1, "Hello"), OemString(2, "two.lines")]
    with pytest.raises(InternalError, match="Malformed output of dmidecode"):
        parse_oem_strings("OEM Strings\n\tString x: y\n")


async def test_dots_may_be_line_breaks() -> None:
    info = await read_host_sysinfo("x86_64", run=answer)
    assert info.oem_strings == ["Hello", "two\nlines"]


async def test_arm_without_tables_has_its_processors(tmp_path: Path) -> None:
    async def missing(argv: Sequence[str]) -> Finished:
        raise SystemCallFailed.from_errno(2, "Cannot find 'dmidecode' in path")

    (tmp_path / "cpuinfo").write_text("Processor\t: ARMv7\nprocessor\t: 0\n\nprocessor\t: 1\n")
    info = await read_host_sysinfo("armv7l", tmp_path, missing)
    assert [(one.socket_destination, one.type) for one in info.processors] == [("0", "ARMv7"), ("1", "ARMv7")]
