# SPDX-License-Identifier: LGPL-2.1-or-later
"""Descriptions of firmware: which are read, in which order, and for which machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from covirt.drivers.qemu.firmware import Firmware, description_files, read_descriptions, supported
from covirt.drivers.qemu.firmware.description import BadDescription, Interface
from covirt.drivers.qemu.firmware.search import directories

OVMF: dict[str, Any] = {
    "interface-types": ["uefi"],
    "mapping": {
        "device": "flash",
        "executable": {"filename": "/code.fd", "format": "raw"},
        "nvram-template": {"filename": "/vars.fd", "format": "raw"},
    },
    "targets": [{"architecture": "x86_64", "machines": ["pc-q35-*"]}],
    "features": ["requires-smm", "something-new"],
}


def test_machine_names_are_patterns() -> None:
    firmware = Firmware.parse(json.dumps(OVMF))
    assert firmware.fits("x86_64", "pc-q35-8.2")
    assert not firmware.fits("x86_64", "pc-i440fx-8.2")
    assert not firmware.fits("i686", "pc-q35-8.2")


@pytest.mark.parametrize(
    "change",
    [
        {"interface-types": ["tianocore"]},
        {"mapping": {"device": "rom"}},
        {"mapping": {**OVMF["mapping"], "mode": "joined"}},
        {"mapping": {"device": "flash", "executable": {"filename": "/code.fd", "format": "raw"}}},
        {"targets": [{"architecture": "pdp11", "machines": []}]},
        {"targets": {}},
        {"features": None},
    ],
)
def test_description_that_is_not_understood_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadDescription):
        Firmware.parse(json.dumps({**OVMF, **change}))


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000])
def test_what_is_no_description_is_refused(text: str) -> None:
    with pytest.raises(BadDescription):
        Firmware.parse(text)


def test_more_specific_directory_wins_and_empty_file_hides(tmp_path: Path) -> None:
    where = directories(privileged=False, config_home=tmp_path / "home", root=tmp_path)
    for directory, names in zip(
        where, (["50-a.json", "60-b.json", "70-c.json"], ["60-b.json"], ["50-a.json"]), strict=True
    ):
        directory.mkdir(parents=True)
        for name in names:
            empty = directory == where[-1]
            (directory / name).write_text("" if empty else json.dumps(OVMF))
    assert description_files(where) == [where[1] / "60-b.json", where[0] / "70-c.json"]


def test_support_is_told_once_for_equal_images(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(OVMF))
    (tmp_path / "b.json").write_text(json.dumps({**OVMF, "features": []}))
    (tmp_path / "c.json").write_text("broken")
    firmwares = read_descriptions(description_files([tmp_path]))
    found = supported(firmwares, "x86_64", "pc-q35-8.2")
    images = (("/code.fd", "/vars.fd"),)
    assert (found.interfaces, found.secure, found.images) == (frozenset({Interface.UEFI}), True, images)
    assert supported(firmwares, "x86_64", "isapc").images == ()


def test_programs_that_are_devices_are_described_beside_firmware(tmp_path: Path) -> None:
    where = directories(privileged=True, config_home=tmp_path / "home", root=tmp_path, kind="vhost-user")
    assert where == [tmp_path / "usr/share/qemu/vhost-user", tmp_path / "etc/qemu/vhost-user"]
