# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the driver finds what others install."""

from __future__ import annotations

import os
from pathlib import Path

from covirt.drivers.qemu.firmware.description import Firmware
from covirt.drivers.qemu.firmware.search import description_files, directories, read_descriptions


def firmware_descriptions(privileged: bool) -> list[Firmware]:
    """The firmware that is installed; blocks shortly."""
    config_home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return read_descriptions(description_files(directories(privileged=privileged, config_home=config_home)))
