# SPDX-License-Identifier: LGPL-2.1-or-later
import pytest

from covirt.cli.table import Table, display_width, printable
from covirt.errors import InternalError


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    table = Table("Id", "Name", "State")
    table.append("1", "guest", "running")
    table.append("-", "a", "shut off")
    assert table.format() == (
        " Id   Name    State\n------------------------\n 1    guest   running\n -    a       shut off\n"
    )
    assert table.format(headings=False) == " 1   guest   running\n -   a       shut off\n"


def test_row_of_another_width_is_refused() -> None:
    with pytest.raises(InternalError, match="Incorrect number of cells"):
        Table("Id", "Name").append("1")


def test_table_without_headings_is_refused() -> None:
    with pytest.raises(InternalError, match="cannot be empty"):
        Table()


@pytest.mark.parametrize(
    ("text", "shown", "width"),
    [
        ("a\tb", "a\\x09b", 6),
        ("\\x41", "\\x5cx41", 7),
        ("名", "名", 2),
        ("e\u0301", "e\u0301", 1),
        ("a\u200bb", "a\u200bb", 2),
    ],
)
def test_cells_as_a_terminal_shows_them(text: str, shown: str, width: int) -> None:
    assert printable(text) == shown
    assert display_width(shown) == width
