# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connection URIs, read and written."""

from __future__ import annotations

import pytest

from covirt.errors import ConfSyntax, InternalError, InvalidArg
from covirt.uri import Uri, resolve_alias


def test_parts_of_a_remote_uri() -> None:
    uri = Uri.parse("qemu+ssh://root@example.com:2222/system?no_tty=1&keyfile=/a%20b")
    assert (uri.driver, uri.transport, uri.user, uri.host, uri.port, uri.path) == (
        "qemu",
        "ssh",
        "root",
        "example.com",
        2222,
        "/system",
    )
    assert uri.parameter("KEYFILE") == "/a b"
    assert str(uri.local().without(["no_tty", "keyfile"])) == "qemu:///system"


@pytest.mark.parametrize(
    "text", ["test:///default", "qemu+tls://[::1]:16514/system", "esx://a@b/?no_verify=1", "qemu:///embed?root=/a%3Ab"]
)
def test_round_trip(text: str) -> None:
    assert str(Uri.parse(text)) == text


def test_query_forms() -> None:
    assert Uri.parse("test:///default?a&b=&=c&&d=1").parameters == (("a", ""), ("b", ""), ("d", "1"))
    assert Uri.parse("test:///default?a=1;b=2").parameters == (("a", "1"), ("b", "2"))


@pytest.mark.parametrize("text", ["", "test", "/path", "test:///a b", "test://%zz", "1test:///x"])
def test_what_is_no_uri_is_refused(text: str) -> None:
    with pytest.raises(InternalError, match="Unable to parse URI"):
        Uri.parse(text)


def test_missing_parameter_is_named() -> None:
    with pytest.raises(InvalidArg, match="Missing URI parameter 'root'"):
        Uri.parse("qemu:///embed").required("root")


def test_aliases() -> None:
    aliases = ["work=qemu+ssh://work/system", "t=test:///default"]
    assert resolve_alias("t", aliases) == "test:///default"
    assert resolve_alias("test:///x", aliases) == "test:///x"
    assert resolve_alias("other", aliases) == "other"
    with pytest.raises(ConfSyntax, match="expected"):
        resolve_alias("x", ["broken"])
    with pytest.raises(ConfSyntax, match="may only contain"):
        resolve_alias("x", ["a b=c"])


def test_query_stays_as_it_was_written_until_a_parameter_goes() -> None:
    uri = Uri.parse("test:///default?plain&a=b")
    assert str(uri) == "test:///default?plain&a=b"
    assert str(uri.without(["a"])) == "test:///default?plain="
