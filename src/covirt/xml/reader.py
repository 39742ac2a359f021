# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads text into elements: well-formed XML without document types and entities, within limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from covirt.errors import XmlDetail, XmlError
from covirt.xml.element import Element
from covirt.xml.syntax import syntax_error


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a document may hold."""

    size: int = 10 * 1024 * 1024
    """Bytes of UTF-8."""
    depth: int = 160
    elements: int = 200_000
    attributes: int = 400_000
    """Of all elements together."""


DEFAULT_LIMITS = Limits()


class Source:
    """The text of a document, for finding lines and columns again."""

    __slots__ = ("data", "scopes")

    def __init__(self, data: bytes, scopes: dict[int, dict[str, str]]) -> None:
        """Keep the bytes that were parsed, and the prefixes in scope at each element that is in such a scope."""
        self.data = data
        self.scopes = scopes

    def position(self, offset: int) -> tuple[int | None, int | None]:
        """Line and column, both from 1, of a place in the bytes."""
        if offset < 0:
            return None, None
        line_start = self.data.rfind(b"\n", 0, offset) + 1
        column = len(self.data[line_start:offset].decode("utf-8", "replace")) + 1
        return self.data.count(b"\n", 0, offset) + 1, column


class _Builder:
    """Puts elements together as expat meets them."""

    __slots__ = ("attributes", "elements", "limits", "open", "parser", "root", "scope_of", "top")

    def __init__(self, parser: expat.XMLParserType, limits: Limits) -> None:
        self.parser = parser
        self.limits = limits
        self.elements = limits.elements
        self.attributes = limits.attributes
        self.root = Element("")
        self.top = self.root
        self.open = [self.root]
        self.scope_of: dict[int, dict[str, str]] = {}
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element inside the one that is open."""
        element = Element(name, attributes, [], "", self.parser.CurrentByteIndex)
        self.top.children.append(element)
        self.open.append(element)
        self.top = element
        self.elements -= 1
        self.attributes -= len(attributes)
        if self.elements < 0 or self.attributes < 0 or len(self.open) > self.limits.depth:
            raise XmlError("the document has too many elements or attributes, or is nested too deeply")

    def end(self, name: str) -> None:
        """End the element that is open."""
        self.open.pop()
        self.top = self.open[-1]

    def characters(self, data: str) -> None:
        """Add to the text of the element that is open; what stands after a child element belongs to nobody."""
        if not self.top.children:
            self.top.text += data


class _NamespaceBuilder(_Builder):
    """Also resolves prefixes; chosen only for documents that declare namespaces."""

    __slots__ = ("scopes",)

    def __init__(self, parser: expat.XMLParserType, limits: Limits) -> None:
        super().__init__(parser, limits)
        self.scopes: list[dict[str, str]] = [{}]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        scope = self.scopes[-1]
        declared = [key for key in attributes if key.startswith("xmlns")]
        if declared:
            scope = {**scope, **{key[6:]: attributes.pop(key) for key in declared if key[5:6] in ("", ":")}}
        self.scopes.append(scope)
        if scope:
            self.scope_of[self.parser.CurrentByteIndex] = scope
        for key in [key for key in attributes if ":" in key]:
            attributes[_resolved(key, scope, "")] = attributes.pop(key)
        super().start(_resolved(name, scope, scope.get("", "")), attributes)

    def end(self, name: str) -> None:
        self.scopes.pop()
        super().end(name)


def _resolved(name: str, scope: dict[str, str], default: str) -> str:
    """The name as ``{uri}local``; as it is when it is in no namespace or its prefix is unknown."""
    prefix, colon, local = name.partition(":")
    uri = scope.get(prefix) if colon else default
    return f"{{{uri}}}{local if colon else name}" if uri else name


def read(text: str, limits: Limits = DEFAULT_LIMITS, *, name: str | None = None) -> tuple[Element, Source]:
    """The root element of a document and its source; `name` is the file to be named in messages.

    Text that is not well-formed raises XmlDetail with libvirt's message. A document type declaration is refused, so
    there is nothing that could expand.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise XmlDetail(f"at line {text.count(chr(10), 0, error.start) + 1}: Input is not proper UTF-8") from None
    if len(data) > limits.size:
        raise XmlError(f"the document is larger than {limits.size} bytes")
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.buffer_size = 65536
    parser.StartDoctypeDeclHandler = _refuse_doctype(parser)
    builder = (_NamespaceBuilder if "xmlns" in text else _Builder)(parser, limits)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise syntax_error(data, error, builder.open, name) from None
    finally:
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
    return builder.root.children[0], Source(data, builder.scope_of)


def _refuse_doctype(parser: expat.XMLParserType) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise XmlDetail(
            f"at line {parser.CurrentLineNumber}: document type declarations are not accepted",
            line=parser.CurrentLineNumber,
            column=parser.CurrentColumnNumber + 1,
        )

    return refuse
