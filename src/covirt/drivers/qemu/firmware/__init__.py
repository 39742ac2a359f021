# SPDX-License-Identifier: LGPL-2.1-or-later
"""Firmware that guests can boot with: the descriptions that firmware packages install, and which of them fit.

Begin with `Firmware` in `description`; `search` finds the files in order of precedence.
"""

from covirt.drivers.qemu.firmware.description import Firmware as Firmware
from covirt.drivers.qemu.firmware.search import FirmwareSupport as FirmwareSupport
from covirt.drivers.qemu.firmware.search import description_files as description_files
from covirt.drivers.qemu.firmware.search import read_descriptions as read_descriptions
from covirt.drivers.qemu.firmware.search import supported as supported
