# SPDX-License-Identifier: LGPL-2.1-or-later
"""Parts of a document, chosen by an expression.

Location paths of elements as `xml.etree` knows them (`/domain/devices/disk[@device='disk']`, `//target`), with an
attribute as the last step; functions and other axes are refused.
"""

from __future__ import annotations

from xml.etree import ElementTree

from covirt.cli.failure import CommandFailed
from covirt.cli.output import Output
from covirt.cli.quoting import escape_xml


def print_xml(output: Output, text: str, xpath: str | None, wrap: bool) -> None:
    """Print a document, or what an expression finds in it."""
    if xpath is None:
        output.write(text)
        return
    found = [indented(node) if isinstance(node, ElementTree.Element) else node for node in select(text, xpath)]
    if wrap:
        output.line("<nodes>" + "".join(found) + "</nodes>" if found else "<nodes/>")
    else:
        for part in found:
            output.line(part)


def select(text: str, xpath: str) -> list[ElementTree.Element | str]:
    """Elements, or attributes as ` name="value"`."""
    steps, _, last = xpath.rpartition("/")
    attribute = last[1:] if last.startswith("@") else None
    path = steps.rstrip("/") if attribute else xpath
    top = ElementTree.Element("document")
    top.append(ElementTree.fromstring(text))
    try:
        elements = top.findall("." + path if path.startswith("/") else "./" + path)
    except (SyntaxError, KeyError) as error:
        raise CommandFailed(f"cannot evaluate the expression '{xpath}': {error}") from error
    if attribute is None:
        return list(elements)
    return [f' {attribute}="{escape_xml(item.attrib[attribute])}"' for item in elements if attribute in item.attrib]


def indented(element: ElementTree.Element) -> str:
    """An element on lines of its own, without the text that followed it."""
    element.tail = None
    ElementTree.indent(element, "  ")
    return ElementTree.tostring(element, encoding="unicode").replace(" />", "/>")
