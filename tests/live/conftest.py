# SPDX-License-Identifier: LGPL-2.1-or-later
"""What live tests share: guests to boot. Everything in this folder is marked `live`."""

from __future__ import annotations

from pathlib import Path

import pytest

from covirt.testing.guests.linux import LinuxGuest, PackageUnavailable
from covirt.testing.guests.linux import linux_guest as make_linux_guest
from covirt.testing.guests.rom import rom_guest as make_rom_guest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.live)


@pytest.fixture(scope="session")
def rom_guest() -> Path:
    """A firmware image that is a whole guest: `<loader type='rom'>`, see `covirt.testing.guests.rom`."""
    return make_rom_guest()


@pytest.fixture(scope="session")
def linux_guest() -> LinuxGuest:
    """Kernel, initial file system and command line of a Linux guest with a shell on its serial port."""
    try:
        return make_linux_guest()
    except PackageUnavailable as error:
        pytest.skip(str(error))
