# SPDX-License-Identifier: LGPL-2.1-or-later
"""Says what is wrong with text that is not well-formed, in the words that libvirt's users know from libxml2."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.parsers.expat import ExpatError, errors

from covirt.errors import XmlDetail
from covirt.xml.element import Element

_CODE = errors.codes
_NAME = rb"[A-Za-z_:\x80-\xff][^\s<>/=\"'&]*"
_TAG = re.compile(rb"<(%s)((?:\s+%s\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*" % (_NAME, _NAME))
_ATTRIBUTE = re.compile(rb"(%s)\s*(=\s*)?([\"'][^\"'<]*<)?" % _NAME)


def syntax_error(data: bytes, error: ExpatError, open_elements: Sequence[Element], name: str | None) -> XmlDetail:
    """The error for a document in which the parser stopped; `name` is its file."""
    message, at = _message(data, error.code, _offset(data, error.lineno, error.offset), open_elements)
    where = f"{name}:{_line(data, at)}" if name else f"at line {_line(data, at)}"
    return XmlDetail(f"{where}: {message}\n{_context(data, at)}", line=error.lineno, column=error.offset + 1)


def _offset(data: bytes, line: int, column: int) -> int:
    """The place in the bytes of a line (from 1) and a column (from 0, in characters)."""
    start = 0
    for _ in range(line - 1):
        start = data.find(b"\n", start) + 1
    text = data[start : start + 4 * column].decode("utf-8", "replace")[:column]
    return min(start + len(text.encode()), len(data))


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, max(at, 0)) + 1


def _word(pattern: bytes, data: bytes, at: int) -> str:
    found = re.compile(pattern).match(data, at)
    return found[1].decode("utf-8", "replace") if found else ""


def _message(data: bytes, code: int, at: int, open_elements: Sequence[Element]) -> tuple[str, int]:
    """What is wrong, and the place at which libxml2 notices it."""
    inner = open_elements[-1]
    end = len(data)
    if code == _CODE[errors.XML_ERROR_NO_ELEMENTS]:
        if not data.strip():
            return ("Start tag expected, '<' not found" if data else "Document is empty"), end
        return f"Premature end of data in tag {inner.name} line {_line(data, inner.offset)}", end
    if code == _CODE[errors.XML_ERROR_TAG_MISMATCH]:
        found = _word(rb"(?:</)?(%s)" % _NAME, data, at)
        return f"Opening and ending tag mismatch: {inner.name} line {_line(data, inner.offset)} and {found}", at
    if code == _CODE[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]:
        return "Extra content at the end of the document", at
    if code == _CODE[errors.XML_ERROR_UNCLOSED_CDATA_SECTION]:
        return "CData section not finished", end
    if code == _CODE[errors.XML_ERROR_DUPLICATE_ATTRIBUTE]:
        return f"Attribute {_word(rb'(%s)' % _NAME, data, at)} redefined", at
    if code == _CODE[errors.XML_ERROR_UNDEFINED_ENTITY]:
        return f"Entity '{_word(rb'&([^;]*)', data, at)}' not defined", at
    if code == _CODE[errors.XML_ERROR_BAD_CHAR_REF]:
        return "xmlParseCharRef: invalid xmlChar value", at
    return _token_message(data, at, inside=len(open_elements) > 1)


def _token_message(data: bytes, at: int, *, inside: bool) -> tuple[str, int]:
    """What is wrong with a token: a start tag, a comment, a reference, or a character."""
    start = data.rfind(b"<", 0, at + 1)
    if data.startswith(b"<!--", start):
        return "Comment not terminated", len(data)
    opening = data.rfind(b"<", 0, start) if data[start - 1 : start] in (b"'", b'"') else start
    tag = _TAG.match(data, opening) if opening >= 0 else None
    if tag and b">" not in data[opening:at]:
        return _tag_message(data, tag, opening)
    here = data[at : at + 1]
    if b"&" in (here, data[at - 1 : at]):
        return "xmlParseEntityRef: no name", at
    if here and here[0] < 32 and here not in b"\t\r\n":
        return f"PCDATA invalid Char value {here[0]}", at
    if not inside and start < 0:
        return "Start tag expected, '<' not found", at
    return "StartTag: invalid element name", at


def _tag_message(data: bytes, tag: re.Match[bytes], start: int) -> tuple[str, int]:
    """What is wrong with a start tag after its well-formed beginning."""
    attribute = _ATTRIBUTE.match(data, tag.end())
    if attribute and not attribute[2]:
        name = attribute[1].decode("utf-8", "replace")
        return f"Specification mandates value for attribute {name}", attribute.end()
    if attribute and attribute[3]:
        return "Unescaped '<' not allowed in attributes values", attribute.end() - 1
    if attribute:
        return "AttValue: \" or ' expected", attribute.end()
    name = tag[1].decode("utf-8", "replace")
    return f"Couldn't find end of Start Tag {name} line {_line(data, start)}", tag.end()


def _context(data: bytes, at: int) -> str:
    """The line with the fault, and below it an arrow to the place."""
    last = min(at, len(data) - 1)
    while last > 0 and data[last : last + 1] in (b"\n", b"\r"):
        last -= 1
    start = max(data.rfind(b"\n", 0, last), data.rfind(b"\r", 0, last)) + 1
    line = re.split(rb"[\r\n]", data[start:], maxsplit=1)[0].decode("utf-8", "replace")
    column = len(data[start:at].decode("utf-8", "replace"))
    arrow = "".join("\t" if character == "\t" else "-" for character in line[:column])
    return f"{line}\n{arrow}^"
