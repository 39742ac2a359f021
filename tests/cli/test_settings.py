# SPDX-License-Identifier: LGPL-2.1-or-later
import pytest

from covirt.cli.failure import CommandFailed
from covirt.cli.settings import read_settings


def test_options_end_at_the_command() -> None:
    settings = read_settings(["-c", "test:///default", "-q", "list", "--all"], {})
    assert (settings.uri, settings.quiet, settings.words) == ("test:///default", True, ["list", "--all"])


def test_environment_names_the_default() -> None:
    settings = read_settings([], {"VIRSH_DEFAULT_CONNECT_URI": "test:///default"})
    assert (settings.uri, settings.default_uri) == (None, "test:///default")


def test_versions() -> None:
    assert read_settings(["--version=long"], {}).show == "long version"
    assert read_settings(["-v"], {}).show == "short version"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-c"], "option '-c'/'--connect' requires an argument"),
        (["--connect"], "option '-c'/'--connect' requires an argument"),
        (["-z"], "unsupported option '-z'. See --help."),
        (["--nope"], "unsupported option '--nope'. See --help."),
        (["-d", "9"], "option -d takes a numeric argument"),
        (["-k", "-1"], "option -k requires a positive integer argument"),
        (["-k", "x"], "Invalid value for option -k"),
        (["-e", "^1"], "Invalid string '^1' for escape sequence"),
        (["-o", "yaml"], "unknown form of output 'yaml': it is text or json"),
    ],
)
def test_refused_settings(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandFailed) as failure:
        read_settings(arguments, {})
    assert failure.value.message == message
