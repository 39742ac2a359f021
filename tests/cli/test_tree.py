# SPDX-License-Identifier: LGPL-2.1-or-later
from covirt.cli.tree import draw


def test_leaf_that_is_last_is_followed_by_an_empty_line() -> None:
    assert draw({"a": None, "b": "a", "c": "a", "d": "b"}) == (
        "a\n  |\n  +- b\n  |   |\n  |   +- d\n  |     \n  +- c\n    \n"
    )


def test_single_root() -> None:
    assert draw({"a": None}) == "a\n\n"
