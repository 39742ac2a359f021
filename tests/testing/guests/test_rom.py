# SPDX-License-Identifier: LGPL-2.1-or-later
from covirt.testing.guests import rom


def test_image_begins_at_the_reset_vector() -> None:
    image = rom.rom_image()
    assert len(image) == rom.ROM_SIZE
    assert image[0xFFF0:0xFFF5] == b"\xea\x00\x00\x00\xf0"
    assert rom.BANNER.encode() in image


def test_disk_has_a_boot_sector() -> None:
    disk = rom.disk_image()
    assert disk[510:512] == b"\x55\xaa"
    assert len(disk) == 1024 * 1024
