# SPDX-License-Identifier: LGPL-2.1-or-later
"""Dataclasses to text, in exactly the form that libvirt writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from covirt.xml.context import Context
from covirt.xml.element import Element
from covirt.xml.layout import layout_of
from covirt.xml.slots import escape
from covirt.xml.spec import element_name, namespaces_of


def format(value: Any, context: Context = Context.NONE, *, name: str | None = None, indent: int = 0) -> str:
    """Write an object as a document, under the name of its class or another; ends with a newline."""
    out: list[str] = []
    Writing(context).object(out, " " * indent, name or element_name(type(value)), value)
    for prefix, uri in namespaces_of(type(value)).items():
        if any(line.startswith(f"{' ' * (indent + 2)}<{prefix}:") for line in out):
            out[0] = f"{out[0][:-2]} xmlns:{prefix}='{uri}'>\n"
    return "".join(out)


class Writing:
    """One document being written."""

    __slots__ = ("context",)

    def __init__(self, context: Context) -> None:
        """Write for a context."""
        self.context = context

    def object(
        self, out: list[str], indent: str, name: str, value: Any, attributes: str = "", *, omit_empty: bool = False
    ) -> None:
        """Write an object under a name, with attributes that stand before its own."""
        layout = layout_of(type(value), self.context)
        if layout.for_format is not None:
            value = layout.for_format(value, self.context)
            if value is None:
                return
        if layout.to_element is not None:
            element = layout.to_element(value, name, self.context)
            if element is not None:
                self.element(out, indent, element)
            return
        objects: Sequence[Any] = (value,)
        if len(layout.owners) > 1:
            layout, objects = self._embedded(value)
        layout.place.write_as(
            name, out, indent, objects, self, attributes, omit_empty=omit_empty, open_empty=layout.open_empty
        )

    def _embedded(self, value: Any) -> tuple[Any, list[Any]]:
        """The layout for an object with embedded ones, and all of these objects."""
        layout = layout_of(type(value), self.context)
        objects = [value]
        while True:
            for owner in layout.owners[len(objects) :]:
                assert owner.spec is not None
                part = getattr(objects[owner.parent], owner.spec.name, None)
                hook = getattr(part, "for_format", None)
                objects.append(hook(self.context) if hook else part)
            if layout.undecided is None:
                return layout, objects
            layout = layout.decided(None if objects[-1] is None else type(objects[-1]))

    def element(self, out: list[str], indent: str, element: Element) -> None:
        """Write a tree."""
        attributes = "".join(f" {name}='{escape(text)}'" for name, text in element.attributes.items())
        if element.children:
            out.append(f"{indent}<{element.name}{attributes}>\n")
            for child in element.children:
                self.element(out, indent + "  ", child)
            out.append(f"{indent}</{element.name}>\n")
        elif element.text:
            out.append(f"{indent}<{element.name}{attributes}>{escape(element.text)}</{element.name}>\n")
        else:
            out.append(f"{indent}<{element.name}{attributes}/>\n")
