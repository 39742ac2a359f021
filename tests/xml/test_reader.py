# SPDX-License-Identifier: LGPL-2.1-or-later
"""Text to elements: what is not well-formed, and what is too much."""

from __future__ import annotations

import pytest

from covirt.errors import XmlDetail, XmlError
from covirt.xml.reader import Limits, read


def test_elements_attributes_and_text() -> None:
    root, source = read("<a b='1'>\n <c>t&amp;u</c><c/>\n</a>")
    assert root.attributes == {"b": "1"}
    assert [child.text for child in root.children] == ["t&u", ""]
    assert root.get("c") == "t&u"
    assert root.get("@b") == "1"
    assert source.position(root.children[0].offset) == (2, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "at line 1: Document is empty\n\n^"),
        ("foo", "at line 1: Start tag expected, '<' not found\nfoo\n^"),
        ("<dom\n", "at line 2: Couldn't find end of Start Tag dom line 1\n<dom\n----^"),
        ("<a>\n <b>\n</a>", "at line 3: Opening and ending tag mismatch: b line 2 and a\n</a>\n--^"),
        ("<a><b x=1/></a>", "at line 1: AttValue: \" or ' expected\n<a><b x=1/></a>\n--------^"),
        ("<a x/>", "at line 1: Specification mandates value for attribute x\n<a x/>\n----^"),
        ("<a x='1' x='2'/>", "at line 1: Attribute x redefined\n<a x='1' x='2'/>\n---------^"),
        ("<a/><b/>", "at line 1: Extra content at the end of the document\n<a/><b/>\n----^"),
        ("<a>&foo;</a>", "at line 1: Entity 'foo' not defined\n<a>&foo;</a>\n---^"),
        ("<a><b/>", "at line 1: Premature end of data in tag a line 1\n<a><b/>\n-------^"),
        ("<a b='<'/>", "at line 1: Unescaped '<' not allowed in attributes values\n<a b='<'/>\n------^"),
    ],
)
def test_faults_of_syntax_are_told_as_libxml2_does(text: str, message: str) -> None:
    with pytest.raises(XmlDetail) as caught:
        read(text)
    assert str(caught.value) == message


def test_file_name_stands_in_the_message() -> None:
    with pytest.raises(XmlDetail, match=r"^/some/file:1: Extra content"):
        read("<a/><b/>", name="/some/file")


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
        "<a>\ud800</a>",
        "<a>\x01</a>",
        "<a>\x00</a>",
    ],
)
def test_nothing_expands_and_nothing_strange_enters(text: str) -> None:
    with pytest.raises(XmlDetail):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "<a>" * 200 + "</a>" * 200,
        "<a>" + "<b/>" * 1001 + "</a>",
        "<a " + " ".join(f"b{number}=''" for number in range(2001)) + "/>",
        "<a>" + "x" * 100_001 + "</a>",
    ],
)
def test_limits(text: str) -> None:
    with pytest.raises(XmlError):
        read(text, Limits(size=100_000, depth=160, elements=1000, attributes=2000))


def test_encoding_of_the_declaration_does_not_matter() -> None:
    assert read("<?xml version='1.0' encoding='latin1'?><a>é</a>")[0].text == "é"
