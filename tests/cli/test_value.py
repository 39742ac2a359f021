# SPDX-License-Identifier: LGPL-2.1-or-later
from collections.abc import Callable

import pytest

from covirt.cli import value
from covirt.cli.failure import CommandFailed


@pytest.mark.parametrize(
    ("convert", "text", "number"),
    [
        (value.signed, "-1", -1),
        (value.signed, " +7", 7),
        (value.unsigned, "4294967295", 4294967295),
        (value.wrapping, "-1", 2**64 - 1),
        (value.kibibytes, "2", 2048),
        (value.kibibytes, "2G", 2 * 2**30),
        (value.kibibytes, "3kB", 3000),
        (value.plain_bytes, "2MiB", 2 * 2**20),
        (value.timeout_seconds, "5", 5),
    ],
)
def test_numbers(convert: Callable[[str, str], int], text: str, number: int) -> None:
    assert convert("size", text) == number


@pytest.mark.parametrize(
    ("convert", "text", "kind"),
    [
        (value.signed, "abc", "Numeric"),
        (value.signed, "42MB", "Numeric"),
        (value.signed, "2147483648", "Numeric"),
        (value.unsigned, "-1", "Numeric"),
        (value.timeout_seconds, "0", "Numeric"),
        (value.kibibytes, "42WB", "Scaled numeric"),
        (value.kibibytes, "-1", "Scaled numeric"),
        (value.kibibytes, "", "Scaled numeric"),
        (value.kibibytes, "18446744073709551616E", "Scaled numeric"),
    ],
)
def test_malformed_numbers(convert: Callable[[str, str], int], text: str, kind: str) -> None:
    with pytest.raises(CommandFailed) as failure:
        convert("size", text)
    assert failure.value.message == f"{kind} value '{text}' for <size> option is malformed or out of range"
