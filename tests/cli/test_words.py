# SPDX-License-Identifier: LGPL-2.1-or-later
import pytest

from covirt.cli.failure import CommandFailed
from covirt.cli.words import Mark, split

NEXT = Mark.NEXT_COMMAND


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("echo a", ["echo", "a"]),
        ("  echo\ta ", ["echo", "a"]),
        ("a; b\nc", ["a", NEXT, "b", NEXT, "c"]),
        ("echo 'a  b' \"c'd\"", ["echo", "a  b", "c'd"]),
        (r"echo \' \" \;a", ["echo", "'", '"', ";a"]),
        (r"echo '\' x", ["echo", "\\", "x"]),
        ("echo a # b\necho c", ["echo", "a", NEXT, "echo", "c"]),
        ("echo a#b", ["echo", "a#b"]),
        ("ec\\\nho \\\n b", ["echo", "b"]),
        ("echo ''", ["echo", ""]),
        ("", []),
    ],
)
def test_words(text: str, tokens: list[object]) -> None:
    assert list(split(text)) == tokens


@pytest.mark.parametrize(("text", "message"), [("echo \\", "dangling \\"), ('echo "a', 'missing "')])
def test_unfinished_word_is_refused(text: str, message: str) -> None:
    with pytest.raises(CommandFailed) as failure:
        list(split(text))
    assert failure.value.message == message


def test_unfinished_word_can_be_completed() -> None:
    assert list(split('echo "a b', complete=False)) == ["echo", "a b"]
