# SPDX-License-Identifier: LGPL-2.1-or-later
"""Firmware descriptions: read, written, put in order, and chosen for machines."""

from __future__ import annotations

import json
from pathlib import Path

from covirt.drivers.qemu.firmware import Firmware, description_files, read_descriptions, supported
from covirt.drivers.qemu.firmware.description import Interface
from covirt.drivers.qemu.firmware.search import directories
from covirt.testing.corpus.compare import CannotRun, Compared
from covirt.testing.corpus.manifest import Case

_DATA = "qemufirmware/qemufirmwaredata"
_WORDS = {Interface.BIOS: "bios", Interface.UEFI: "efi"}


def run(case: Case) -> object:
    """Carry out one case."""
    match case.kind:
        case "parse-format":
            ignored = case.options["ignore_keys"]
            wanted = {key: value for key, value in case.json("json").items() if key not in ignored}
            written = json.loads(Firmware.parse(case.text("json")).format())
            return Compared(json.dumps(written, sort_keys=True), json.dumps(wanted, sort_keys=True))
        case "precedence":
            return [f"/{path.relative_to(case.root / _DATA)}" for path in firmware_files(case.root)]
        case "supported":
            return _supported(case)
        case _:
            raise CannotRun(f"{case.kind} is not there")


def firmware_files(root: Path) -> list[Path]:
    """The descriptions on the simulated machine."""
    data = root / _DATA
    return description_files(directories(privileged=False, config_home=data / "home/user/.config", root=data))


def firmwares(root: Path) -> list[Firmware]:
    """The firmware on the simulated machine."""
    return read_descriptions(_followed(path) for path in firmware_files(root))


def _followed(path: Path) -> Path:
    """The file itself; the corpus keeps symbolic links as files with the target in them."""
    text = path.read_text()
    return path.parent / text if text.startswith("../") else path


def _supported(case: Case) -> object:
    _, machine, arch = case.id.split("#")[0].split(" ")
    found = supported(firmwares(case.root), arch.removeprefix("VIR_ARCH_").lower(), machine)
    return {
        "secure": found.secure,
        "firmwares": [list(images) for images in found.images],
        "interfaces": sorted(_WORDS[interface] for interface in found.interfaces if interface in _WORDS),
    }
