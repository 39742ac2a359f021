# SPDX-License-Identifier: LGPL-2.1-or-later
"""One element as the fields see it: the compiled form of declarations that reading and writing walk through."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from covirt.xml.children import ChildSlot, ObjectSlot
from covirt.xml.element import Element
from covirt.xml.problems import local
from covirt.xml.slots import IGNORED, Ignored, ParentTag, ScalarSlot, Values
from covirt.xml.spec import DeclarationError

if TYPE_CHECKING:
    from covirt.xml.format import Writing
    from covirt.xml.parse import Reading


class Place:
    """One element as the fields see it: which attributes, children and text it can have."""

    __slots__ = (
        "attributes",
        "children",
        "finish",
        "fixed",
        "name",
        "single",
        "text",
        "written",
        "written_children",
        "written_text",
    )

    def __init__(self, name: str, fixed: str = "") -> None:
        """Make a place without fields; `fixed` is an attribute that tells it from others of its name."""
        self.name = name
        self.fixed = fixed
        self.single = True
        self.attributes: dict[str, ScalarSlot | Ignored] = {}
        self.children: dict[str, ChildSlot | Place | Keyed | Ignored] = {}
        self.text: ScalarSlot | None = None
        self.written_text: ScalarSlot | None = None
        self.finish: list[ObjectSlot] = []
        self.written: list[ScalarSlot | ParentTag] = []
        self.written_children: list[ChildSlot | Place] = []

    def group(self, step: str, key: str) -> Place:
        """The place of a child element, made when it is first named; `key` is its name with its namespace."""
        if "[" in step:
            return self._keyed_group(step)
        place = self.children.get(key)
        if place is None or place is IGNORED:
            place = self.children[key] = Place(step)
            self.written_children.append(place)
        if not isinstance(place, Place):
            raise DeclarationError(f"<{step}> is one field's own element: other fields cannot be in it")
        return place

    def _keyed_group(self, step: str) -> Place:
        """The place of ``name[@attribute='word']``: the child that has this attribute."""
        found = _KEYED.fullmatch(step)
        if not found:
            raise DeclarationError(f"{step!r} is no step of a path")
        name, attribute, word = found.groups()
        keyed = self.children.setdefault(name, Keyed(attribute))
        if not isinstance(keyed, Keyed):
            raise DeclarationError(f"<{name}> is declared with and without [@{attribute}=...]")
        if word not in keyed.places:
            place = keyed.places[word] = Place(name, f" {attribute}='{word}'")
            place.attributes[attribute] = IGNORED
            self.written_children.append(place)
        return keyed.places[word]

    def read(self, element: Element, parent: Element, values: Values, reading: Reading) -> None:
        """Take what is in an element."""
        slots = self.attributes
        for name, text in element.attributes.items():
            slot = slots.get(name)
            if slot is None:
                reading.unknown_attribute(name, element, slots)
            else:
                slot.read(text, element, values, reading)
        if element.children:
            self._read_children(element, values, reading)
        if self.text is not None:
            self.text.read(element.text, element, values, reading)
        for child in self.finish:
            child.finish(element, values, reading)

    def _read_children(self, element: Element, values: Values, reading: Reading) -> None:
        seen = set()
        for child in element.children:
            name = child.name
            slot = self.children.get(name)
            if slot is None:
                reading.unknown_element(child, self.children)
                continue
            if slot.single:
                if name in seen:
                    reading.problems.add(f"<{local(name)}> is given again; the first one counts", child, warning=True)
                    continue
                seen.add(name)
            slot.read(child, element, values, reading)

    def write(self, out: list[str], indent: str, objects: Sequence[Any], writing: Writing) -> None:
        """Write the element of a group, unless nothing is in it."""
        attributes = self._attributes(objects) if self.written else ""
        if attributes or self.written_children or self._has_text(objects):
            self._write(self.name, out, indent, objects, writing, attributes, omit_empty=True, open_empty=False)

    def write_as(
        self,
        name: str,
        out: list[str],
        indent: str,
        objects: Sequence[Any],
        writing: Writing,
        attributes: str = "",
        *,
        omit_empty: bool,
        open_empty: bool = False,
    ) -> None:
        """Write the element under a name, after attributes that stand first; `open_empty` never shortens its tags."""
        attributes += self._attributes(objects)
        self._write(name, out, indent, objects, writing, attributes, omit_empty=omit_empty, open_empty=open_empty)

    def _has_text(self, objects: Sequence[Any]) -> bool:
        slot = self.written_text
        if slot is None:
            return False
        value = getattr(objects[slot.owner], slot.field, None)
        return value is not None and value != slot.omit

    def _attributes(self, objects: Sequence[Any]) -> str:
        attributes = ""
        for slot in self.written:
            value = getattr(objects[slot.owner], slot.field, None)
            if value is not None and (slot.omit is None or value != slot.omit):
                attributes += slot.put(value)
        return attributes

    def _write(
        self,
        name: str,
        out: list[str],
        indent: str,
        objects: Sequence[Any],
        writing: Writing,
        attributes: str,
        *,
        omit_empty: bool,
        open_empty: bool,
    ) -> None:
        """Write the children, then put the right tags around them."""
        if self.written_children:
            start = len(out)
            out.append("")
            self._write_children(out, indent + "  ", objects, writing)
            if len(out) > start + 1:
                out[start] = f"{indent}<{name}{self.fixed}{attributes}>\n"
                out.append(f"{indent}</{name}>\n")
                return
            out.pop()
        text = None
        if self.written_text is not None and self._has_text(objects):
            value = getattr(objects[self.written_text.owner], self.written_text.field)
            more, text = self.written_text.put_as_text(value)
            attributes += more
        if text is not None:
            out.append(f"{indent}<{name}{self.fixed}{attributes}>{text}</{name}>\n")
        elif attributes or not omit_empty:
            tail = f">\n{indent}</{name}>\n" if open_empty else "/>\n"
            out.append(f"{indent}<{name}{self.fixed}{attributes}{tail}")

    def _write_children(self, out: list[str], indent: str, objects: Sequence[Any], writing: Writing) -> None:
        for child in self.written_children:
            if isinstance(child, Place):
                child.write(out, indent, objects, writing)
                continue
            value = getattr(objects[child.owner], child.field, None)
            if value is not None and (child.omit is None or value != child.omit):
                child.put_all(out, indent, value, writing)


class Keyed:
    """Child elements of one name that an attribute tells apart."""

    __slots__ = ("attribute", "places")
    single = False

    def __init__(self, attribute: str) -> None:
        """Begin without any."""
        self.attribute = attribute
        self.places: dict[str, Place] = {}

    def read(self, child: Element, parent: Element, values: Values, reading: Reading) -> None:
        """Read a child into the place of its word."""
        word = child.attributes.get(self.attribute, "")
        place = self.places.get(word)
        if place is not None:
            place.read(child, parent, values, reading)
        else:
            reading.unknown_word(self.attribute, word, child, self.places)


_KEYED = re.compile(r"([^\[]+)\[@([^=]+)='([^']*)'\]")
