# SPDX-License-Identifier: LGPL-2.1-or-later
import pytest

from covirt.testing.guests.listing import assemble


def test_bytes_text_and_comments() -> None:
    assert assemble('start: fa 31c0 ; cli; xor ax, ax\n"hi" 00') == b"\xfa\x31\xc0hi\0"


def test_distances_count_from_the_end_of_the_reference() -> None:
    assert assemble("back: eb >back\n e8 >>ahead\nahead: f4") == b"\xeb\xfe\xe8\0\0\xf4"


def test_addresses_count_from_the_origin() -> None:
    assert assemble("be @text\ntext: 00", origin=0x7C05) == b"\xbe\x08\x7c\0"


def test_distance_too_long_for_one_byte_is_refused() -> None:
    with pytest.raises(OverflowError):
        assemble(f"eb >end {'90' * 200}\nend: f4")
