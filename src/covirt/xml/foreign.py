# SPDX-License-Identifier: LGPL-2.1-or-later
"""Other people's XML inside ours: kept with its namespaces, comments and mixed text, and written as libxml2 does."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from covirt.xml.element import Element
    from covirt.xml.reader import Source


@dataclass(slots=True)
class Markup:
    """A comment or processing instruction, with its marks."""

    text: str


@dataclass(slots=True)
class Cdata:
    """Text that stood in a CDATA section."""

    text: str


@dataclass(slots=True)
class Foreign:
    """An element kept as it was: prefixed name, namespace declarations, attributes, and content in order."""

    name: str
    namespaces: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    content: list[Foreign | Markup | Cdata | str] = field(default_factory=list)

    def uri(self) -> str | None:
        """The namespace of the element, as far as it declares it itself."""
        prefix, colon, _ = self.name.partition(":")
        return self.namespaces.get(prefix if colon else "")

    def child_uri(self, child: Foreign) -> str | None:
        """The namespace of a child, declared by itself or by this element."""
        prefix, colon, _ = child.name.partition(":")
        prefix = prefix if colon else ""
        return child.namespaces.get(prefix) or self.namespaces.get(prefix)

    def keep_one_of_each_namespace(self) -> None:
        """Drop child elements without a namespace, and all but the first of each namespace."""
        seen: set[str] = set()
        kept: list[Foreign | Markup | Cdata | str] = []
        for item in self.content:
            if isinstance(item, Foreign):
                uri = self.child_uri(item)
                if not uri or uri in seen:
                    continue
                seen.add(uri)
                kept.append(item)
        self.content = kept

    def write(self, out: list[str], indent: str = "") -> None:
        """Write the element and a newline after it."""
        parts: list[str] = [indent]
        _write(parts, self, len(indent) // 2, indented=True)
        out.append("".join(parts) + "\n")


def _write(parts: list[str], element: Foreign, level: int, *, indented: bool) -> None:
    parts.append(f"<{element.name}")
    for prefix, uri in element.namespaces.items():
        parts.append(f' xmlns{":" if prefix else ""}{prefix}="{_attribute(uri)}"')
    for name, value in element.attributes.items():
        parts.append(f' {name}="{_attribute(value)}"')
    if not element.content:
        parts.append("/>")
        return
    parts.append(">")
    indented = indented and not any(isinstance(item, str | Cdata) for item in element.content)
    if indented:
        parts.append("\n")
    for item in element.content:
        if indented:
            parts.append("  " * (level + 1))
        if isinstance(item, Foreign):
            _write(parts, item, level + 1, indented=indented)
        elif isinstance(item, Cdata):
            parts.append(f"<![CDATA[{item.text}]]>")
        else:
            parts.append(_text(item) if isinstance(item, str) else item.text)
        if indented:
            parts.append("\n")
    if indented:
        parts.append("  " * level)
    parts.append(f"</{element.name}>")


_TEXT = {ord("<"): "&lt;", ord(">"): "&gt;", ord("&"): "&amp;", ord("\r"): "&#13;"}
_ATTRIBUTE = _TEXT | {ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}


def _text(text: str) -> str:
    return text.translate(_TEXT)


def _attribute(text: str) -> str:
    """As libxml2 does in a document without encoding: what is not ASCII becomes a reference."""
    escaped = text.translate(_ATTRIBUTE)
    return escaped if escaped.isascii() else "".join(c if c < "\x80" else f"&#x{ord(c):X};" for c in escaped)


class _Copier:
    """Builds the copy of one element from expat's events."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.open: list[Foreign] = []
        self.root: Foreign | None = None
        self.in_cdata = False
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.CommentHandler = lambda text: self.add(Markup(f"<!--{text}-->"))
        parser.ProcessingInstructionHandler = lambda target, data: self.add(
            Markup(f"<?{target} {data}?>" if data else f"<?{target}?>")
        )
        parser.StartCdataSectionHandler = lambda: self.cdata(True)
        parser.EndCdataSectionHandler = lambda: self.cdata(False)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = Foreign(name)
        for key, value in attributes.items():
            if key == "xmlns" or key.startswith("xmlns:"):
                element.namespaces[key[6:]] = value
            else:
                element.attributes[key] = value
        if self.open:
            self.add(element)
        self.open.append(element)

    def end(self, name: str) -> None:
        done = self.open.pop()
        _drop_blanks(done)
        if not self.open:
            self.root = done
            raise _Done

    def characters(self, text: str) -> None:
        self.add(Cdata(text) if self.in_cdata else text)

    def cdata(self, begins: bool) -> None:
        self.in_cdata = begins
        if begins:
            self.add(Cdata(""))

    def add(self, item: Foreign | Markup | Cdata | str) -> None:
        if not self.open:
            return
        content = self.open[-1].content
        if isinstance(item, Cdata) and content and isinstance(content[-1], Cdata):
            content[-1].text += item.text
        elif isinstance(item, str) and content and isinstance(content[-1], str):
            content[-1] += item
        else:
            content.append(item)


class _Done(Exception):
    """The element is complete; what follows it is not ours."""


def _drop_blanks(element: Foreign) -> None:
    """Leave out blank text between elements, as libxml2 does for text that is only there for indentation."""
    content = element.content
    if len(content) == 1 or (content and isinstance(content[0], str) and content[0].strip()):
        return
    element.content = [item for item in content if not isinstance(item, str) or item.strip()]


def read_foreign(element: Element, source: Source | None) -> Foreign:
    """The faithful copy of an element, read again from its source."""
    if source is None or element.offset < 0:
        return _from_tree(element)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    copier = _Copier(parser)
    with suppress(_Done):
        parser.Parse(source.data[element.offset :], True)
    assert copier.root is not None
    _declare_missing(copier.root, source.scopes.get(element.offset, {}))
    return copier.root


def _from_tree(element: Element) -> Foreign:
    content: list[Foreign | Markup | Cdata | str] = [_from_tree(child) for child in element.children]
    return Foreign(element.name, {}, dict(element.attributes), content or ([element.text] if element.text else []))


def _declare_missing(root: Foreign, scope: dict[str, str]) -> None:
    """Declare on the copy's root the prefixes that it uses and its former surroundings declared."""
    for prefix in _undeclared(root, frozenset()):
        if prefix in scope and prefix not in root.namespaces:
            root.namespaces[prefix] = scope[prefix]


def _undeclared(element: Foreign, declared: frozenset[str]) -> list[str]:
    declared = declared | element.namespaces.keys()
    names = [element.name, *(name for name in element.attributes if ":" in name)]
    found = [prefix for name in names if (prefix := name.partition(":")[0] if ":" in name else "") not in declared]
    for item in element.content:
        if isinstance(item, Foreign):
            found.extend(_undeclared(item, declared))
    return found
