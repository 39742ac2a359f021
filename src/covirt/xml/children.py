# SPDX-License-Identifier: LGPL-2.1-or-later
"""The shapes of fields that are child elements."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from covirt.errors import Error
from covirt.xml.element import Element
from covirt.xml.foreign import Foreign
from covirt.xml.problems import local
from covirt.xml.scalars import TEXT
from covirt.xml.slots import Slot, Values, refusal, scalar_writer, words_hint
from covirt.xml.spec import FieldSpec, alternatives, fields_of, tag_field

if TYPE_CHECKING:
    from covirt.xml.format import Writing
    from covirt.xml.parse import Reading

BROKEN = object()
"""Stands for an object that could not be made; the problem is noted."""


class ChildSlot(Slot):
    """A child element, or several of one name."""

    __slots__ = ("name", "single")

    def __init__(self, spec: FieldSpec, owner: int, *, name: str, spare: bool = False) -> None:
        super().__init__(spec, owner, spare=spare)
        self.name = name
        self.single = spec.many is None
        """Is only the first element of the name taken?"""

    def read(self, child: Element, parent: Element, values: Values, reading: Reading) -> None:
        """Take one child element."""
        value = self.value_of(child, parent, reading)
        if value is BROKEN:
            if self.spec.many is None:
                self.store(values, None)
        elif self.spec.many is None:
            self.store(values, value)
        else:
            store = values[-1] if self.spare else values[self.owner]
            store.setdefault(self if self.spare else self.field, []).append(value)

    def value_of(self, child: Element, parent: Element, reading: Reading) -> Any:
        """The value of one child element."""
        raise NotImplementedError

    def put_all(self, out: list[str], indent: str, value: Any, writing: Writing) -> None:
        """Write the child, or all of them."""
        if self.single:
            self.put(out, indent, value, writing)
        else:
            for item in value:
                self.put(out, indent, item, writing)

    def put(self, out: list[str], indent: str, value: Any, writing: Writing) -> None:
        """Write one."""
        raise NotImplementedError


class PresenceSlot(ChildSlot):
    """An element whose being there means true."""

    __slots__ = ()

    def value_of(self, child: Element, parent: Element, reading: Reading) -> bool:
        """It is there."""
        return True

    def put(self, out: list[str], indent: str, value: Any, writing: Writing) -> None:
        """An empty element."""
        if value:
            out.append(f"{indent}<{self.name}/>\n")


class NameSlot(ChildSlot):
    """One of the elements of a set whose members are the names of elements."""

    __slots__ = ("member",)

    def __init__(self, spec: FieldSpec, owner: int, member: StrEnum) -> None:
        super().__init__(spec, owner, name=member.value)
        self.member = member

    def read(self, child: Element, parent: Element, values: Values, reading: Reading) -> None:
        """Add the member to the set."""
        values[self.owner].setdefault(self.field, set()).add(self.member)

    def put_all(self, out: list[str], indent: str, value: Any, writing: Writing) -> None:
        """An empty element, when the member is in the set."""
        if self.member in value:
            out.append(f"{indent}<{self.name}/>\n")


class TextListSlot(ChildSlot):
    """Several elements of one name, each with a text."""

    __slots__ = ("convert", "put_text")

    def __init__(self, spec: FieldSpec, owner: int, *, name: str, spare: bool = False) -> None:
        super().__init__(spec, owner, name=name, spare=spare)
        assert spec.scalar is not None
        self.convert = None if spec.scalar == TEXT else spec.scalar.read
        self.put_text = scalar_writer(spec.scalar)

    def value_of(self, child: Element, parent: Element, reading: Reading) -> Any:
        """The converted text."""
        if self.convert is None:
            return child.text
        try:
            return self.convert(child.text)
        except (ValueError, Error) as error:
            message = refusal(self.spec, self.name, child.text, child, error)
            assert self.spec.scalar is not None
            hint = words_hint(child.text, self.spec.scalar.words)
            reading.problems.add(message, child, error=self.spec.at.error, hint=hint)
            return BROKEN

    def put(self, out: list[str], indent: str, value: Any, writing: Writing) -> None:
        """An element with the text."""
        out.append(f"{indent}<{self.name}>{self.put_text(value)}</{self.name}>\n")


class TreeSlot(ChildSlot):
    """An element that is kept as a tree."""

    __slots__ = ()

    def value_of(self, child: Element, parent: Element, reading: Reading) -> Element | Foreign:
        """The element, or its faithful copy."""
        return reading.foreign(child) if self.spec.classes == (Foreign,) else child

    def put(self, out: list[str], indent: str, value: Element | Foreign, writing: Writing) -> None:
        """The tree as it was."""
        if isinstance(value, Element):
            writing.element(out, indent, value)
        else:
            value.write(out, indent)


class ObjectSlot(ChildSlot):
    """An element that is a dataclass."""

    __slots__ = ("cls", "omit_empty", "parent_tag")

    def __init__(self, spec: FieldSpec, owner: int, *, name: str, spare: bool = False) -> None:
        super().__init__(spec, owner, name=name, spare=spare)
        self.cls = spec.classes[0]
        self.omit_empty = spec.omit_empty and spec.many is None
        self.parent_tag = parent_choice(spec)
        """The union that an attribute of the parent decides on in this child, and where in the child it is."""

    def value_of(self, child: Element, parent: Element, reading: Reading) -> Any:
        """The object."""
        return reading.object(self.cls, child, parent=parent)

    def finish(self, parent: Element, values: Values, reading: Reading) -> None:
        """Make the object though its element is absent: the parent's attribute says what it is."""
        if self.field in values[self.owner]:
            return
        chosen = self.parent_tag[0] if self.parent_tag else None
        if chosen is not None and chosen.choice is not None and chosen.choice.absent is not None:
            if chosen_word(chosen, parent, reading) is None:
                return
            tag = chosen.choice.by.rsplit("@", 1)[-1]
            parent = Element(parent.name, {tag: chosen.choice.absent}, offset=parent.offset)
        self.read(Element(self.name, offset=parent.offset), parent, values, reading)

    def put(self, out: list[str], indent: str, value: Any, writing: Writing) -> None:
        """The object's element."""
        writing.object(out, indent, self.name, value, omit_empty=self.omit_empty)


class UnionSlot(ObjectSlot):
    """An element that is one of several dataclasses, chosen by a word in an attribute or by its name."""

    __slots__ = ("by_name", "by_parent", "choice", "tag", "words")

    def __init__(self, spec: FieldSpec, owner: int, *, name: str, spare: bool = False) -> None:
        super().__init__(spec, owner, name=name, spare=spare)
        assert spec.choice is not None
        self.choice = spec.choice
        self.tag = tag_field(spec.choice)
        self.words = alternatives(spec.classes, self.tag)
        self.by_parent = spec.choice.by.startswith("../")
        self.by_name = spec.choice.by == "."

    def value_of(self, child: Element, parent: Element, reading: Reading) -> Any:
        """The object of the class chosen."""
        if self.by_name:
            return reading.object(self.words[child.name], child, {self.tag: child.name})
        word = chosen_word(self.spec, parent if self.by_parent else child, reading)
        return (
            BROKEN
            if word is None
            else reading.object(self.words[word], child, {self.tag: word}, "" if self.by_parent else self.choice.by[1:])
        )

    def put(self, out: list[str], indent: str, value: Any, writing: Writing) -> None:
        """The object's element, with its tag unless that is elsewhere."""
        name, tag = self.name, ""
        if self.by_name:
            name = getattr(value, self.tag)
        elif not self.by_parent:
            word = getattr(value, self.tag)
            tag = "" if word == self.choice.omit else f" {self.choice.by[1:]}='{word}'"
        writing.object(out, indent, name, value, tag, omit_empty=self.omit_empty)


def parent_choice(spec: FieldSpec) -> tuple[FieldSpec, tuple[str, ...]] | None:
    """The union that the parent's attribute decides on: the field itself, or one embedded in its class."""
    if spec.choice is not None:
        return (spec, ()) if spec.choice.by.startswith("../") else None
    for field in fields_of(spec.classes[0]):
        if field.embedded and field.choice is not None and field.choice.by.startswith("../"):
            return field, (field.name,)
    return None


def chosen_word(spec: FieldSpec, element: Element, reading: Reading) -> str | None:
    """The word in the attribute that chooses a class; None when there is no such choice, which is noted."""
    assert spec.choice is not None
    choice = spec.choice
    name = choice.by.rsplit("@", 1)[-1]
    words = alternatives(spec.classes, tag_field(choice))
    word = element.attributes.get(name, choice.default)
    if word in words:
        return word
    fill = {"value": word, "name": name, "element": local(element.name)}
    if word is None:
        text = choice.missing or "Missing required attribute '{name}' in element '{element}'"
        hint = f"one of: {', '.join(words)}"
    else:
        text = choice.invalid or "Invalid value for attribute '{name}' in element '{element}': '{value}'."
        hint = words_hint(word, tuple(words)) or ""
    reading.problems.add(text.format(**fill), element, f"@{name}", error=choice.error, hint=hint)
    return None
