# SPDX-License-Identifier: LGPL-2.1-or-later
"""The syntax of libvirt's configuration files."""

from __future__ import annotations

from pathlib import Path

import pytest

from covirt.errors import ConfSyntax, Error, InternalError, Overflow
from covirt.runtime.conf import Conf, Syntax


def test_written_as_read() -> None:
    text = '# head\na = 1 # one\nb = "two"\nc = [ "x", \'y "z"\' ]\nd = -3\n'
    assert Conf.parse(text).format() == text


def test_values() -> None:
    conf = Conf.parse('s = """a\nb"""\nn=+5;m=-5\nl=[1,[2,"x"],]\nempty=[]', "f")
    assert conf.get("s") == "a\nb"
    assert (conf.get("n"), conf.get("m")) == (5, -5)
    assert conf.get("l") == [1, [2, "x"]]
    assert conf.get("empty") == []
    assert conf.get("other") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb = 'x\n", "configuration file syntax error: f:2: unterminated string"),
        ("a = 1 b", "configuration file syntax error: f:1: expecting a separator"),
        ("a 1", "configuration file syntax error: f:1: expecting an assignment"),
        ("= 1", "configuration file syntax error: f:1: expecting a name"),
        ("a = x", "configuration file syntax error: f:1: expecting a value"),
        ("a = ", "configuration file syntax error: f:1: expecting a value"),
        ("a = -", "configuration file syntax error: f:1: unterminated number"),
        ("a = [ 1\n2 ]", "configuration file syntax error: f:2: expecting a separator in list"),
        ("a = [ 1,\n2", "configuration file syntax error: f:2: list is not closed with ]"),
        ("\n\na = 99999999999999999999", "numerical overflow: f:3: numeric overflow in conf value"),
    ],
)
def test_errors_name_file_and_line(text: str, message: str) -> None:
    with pytest.raises((ConfSyntax, Overflow)) as caught:
        Conf.parse(text, "f")
    assert str(caught.value) == message


def test_deep_lists_are_refused() -> None:
    with pytest.raises(ConfSyntax, match="too deeply"):
        Conf.parse("a = " + "[" * 100_000)


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("a = 1", "string", "f: expected a string for 'a' parameter"),
        ("a = 'x'", "boolean", "f: expected a bool for 'a' parameter"),
        ("a = 2", "boolean", "f: value for 'a' parameter must be 0 or 1"),
        ("a = 'x'", "integer", "f: expected a signed integer for 'a' parameter"),
        ("a = 3000000000", "integer", "f: value for 'a' parameter must be in range -2147483648:2147483647"),
        ("a = -1", "unsigned", "f: expected an unsigned integer for 'a' parameter"),
        ("a = 5000000000", "unsigned", "f: value for 'a' parameter must be in range 0:4294967295"),
        ("a = 'x'", "strings", "f: expected a string list for 'a' parameter"),
        ("a = [ 1 ]", "strings", "f: expected a string list for 'a' parameter"),
    ],
)
def test_wrong_types_are_told_in_libvirts_words(text: str, kind: str, message: str) -> None:
    with pytest.raises((InternalError, ConfSyntax)) as caught:
        getattr(Conf.parse(text, "f"), kind)("a")
    assert str(caught.value).endswith(message)


def test_one_string_will_do_for_a_list() -> None:
    assert Conf.parse("a = 'x'").strings("a", one_will_do=True) == ["x"]


def test_dialects() -> None:
    assert Conf.parse('scsi0:0.present = "true"\n', syntax=Syntax.VMX).get("scsi0:0.present") == "true"
    assert Conf.parse("lxc.utsname = my guest  \n", syntax=Syntax.LXC).get("lxc.utsname") == "my guest"
    with pytest.raises(ConfSyntax, match="numbers not allowed in VMX format"):
        Conf.parse("a = 1", syntax=Syntax.VMX)


def test_setting_changes_in_its_place() -> None:
    conf = Conf.parse("# x\na = 1 # why\nb = 2\n")
    conf.set("a", "new")
    conf.set("c", [1, 2])
    assert conf.format() == '# x\na = "new" # why\nb = 2\nc = [ 1, 2 ]\n'


def test_missing_file_is_a_system_error(tmp_path: Path) -> None:
    with pytest.raises(Error, match="Failed to open file"):
        Conf.read(tmp_path / "none.conf")
