# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a class is read and written in one context: its fields sorted into the elements they stand in.

A layout is made when first needed and kept. Embedded objects share the element of their owner, so their fields are
sorted into the same places; where an embedded union is met, there is one layout for each class that can be chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from covirt.xml.children import ChildSlot, NameSlot, ObjectSlot, PresenceSlot, TextListSlot, TreeSlot, UnionSlot
from covirt.xml.context import Context
from covirt.xml.place import Place
from covirt.xml.scalars import TEXT, Enumeration, Presence
from covirt.xml.slots import IGNORED, ParentTag, ScalarSlot, scalar_slot
from covirt.xml.spec import DeclarationError, FieldSpec, fields_of, namespaces_of, tag_field


@dataclass(slots=True)
class Owner:
    """An object whose fields are in the element: the class's own (first), or one embedded in it."""

    cls: type | None
    parent: int
    spec: FieldSpec | None
    required: tuple[FieldSpec, ...] = ()


class Layout:
    """The places of a class, for one context and one decision on each embedded union."""

    __slots__ = (
        "_left",
        "after_parse",
        "cls",
        "context",
        "decisions",
        "for_format",
        "from_element",
        "further",
        "open_empty",
        "owners",
        "place",
        "tag",
        "to_element",
        "undecided",
    )

    def __init__(self, cls: type, context: Context, tag: str = "", decisions: tuple[type | None, ...] = ()) -> None:
        """Sort the fields of a class; stops at an embedded union that `decisions` do not cover.

        `tag` is the attribute that told which class it is; it is known, and none of its fields.
        """
        self.cls = cls
        self.context = context
        self.tag = tag
        self.decisions = decisions
        self.further: dict[type | None, Layout] = {}
        self.place = Place("")
        self.owners: list[Owner] = []
        self.undecided: FieldSpec | None = None
        self._left = list(decisions)
        self.after_parse = getattr(cls, "after_parse", None)
        self.for_format = getattr(cls, "for_format", None)
        self.from_element = getattr(cls, "from_element", None)
        self.to_element = getattr(cls, "to_element", None)
        self.open_empty = getattr(cls, "OPEN", False)
        if tag:
            self.place.attributes[tag] = IGNORED
        self._add_owner(cls, 0, None, self.place)

    def decided(self, choice: type | None) -> Layout:
        """The layout in which the class of the next embedded union is known."""
        layout = self.further.get(choice)
        if layout is None:
            layout = self.further[choice] = Layout(self.cls, self.context, self.tag, (*self.decisions, choice))
        return layout

    def _add_owner(self, cls: type | None, parent: int, spec: FieldSpec | None, base: Place) -> None:
        index = len(self.owners)
        owner = Owner(cls, parent, spec)
        self.owners.append(owner)
        if cls is None:
            return
        specs = fields_of(cls)
        owner.required = tuple(field for field in specs if field.required and not field.embedded)
        for field in specs:
            if self.undecided:
                return
            if field.embedded:
                self._embed(field, index, _descend(base, field, field.steps))
            else:
                self._add(field, index, base)

    def _embed(self, spec: FieldSpec, parent: int, base: Place) -> None:
        if spec.choice is None:
            self._add_owner(spec.classes[0], parent, spec, base)
        elif not self._left:
            self.undecided = spec
            self.owners.append(Owner(None, parent, spec))
        else:
            cls = self._left.pop(0)
            if not spec.choice.by.startswith("../"):
                base.attributes[spec.choice.by[1:]] = IGNORED
                if cls is not None:
                    base.written.insert(_tag_index(base, spec), _embedded_tag(spec, len(self.owners)))
            self._add_owner(cls, parent, spec, base)

    # One field

    def _add(self, spec: FieldSpec, owner: int, base: Place) -> None:
        """Sort a field into the places it is read from and written to."""
        at = spec.at
        writable = (at.when | at.write_when) in self.context and not (at.unless | at.write_unless) & self.context
        readable = at.when in self.context and not at.unless & self.context
        self._add_reader(spec, owner, base, readable=readable, writable=writable, spare=False)
        if readable:
            for path in at.also:
                older = replace(spec, at=replace(at, path=path))
                self._add_reader(older, owner, base, readable=True, writable=False, spare=True)

    def _add_reader(
        self, spec: FieldSpec, owner: int, base: Place, *, readable: bool, writable: bool, spare: bool
    ) -> None:
        if spec.attribute is not None:
            place = _descend(base, spec, spec.steps)
            slot = scalar_slot(spec, owner, name=spec.attribute, spare=spare)
            _know(place.attributes, spec.attribute, slot if readable else IGNORED)
            _know_unit(place, slot)
            if writable:
                place.written.append(slot)
            return
        if _is_text(spec):
            place = _descend(base, spec, spec.steps)
            slot = scalar_slot(spec, owner, name=spec.steps[-1] if spec.steps else "", spare=spare)
            _know_unit(place, slot)
            if readable and place.text is None:
                place.text = slot
            if writable:
                place.written_text = slot
            return
        if spec.many in (set, frozenset) and isinstance(spec.scalar, Enumeration):
            self._add_names(spec, owner, _descend(base, spec, spec.steps), readable=readable, writable=writable)
            return
        place = _descend(base, spec, spec.steps[:-1])
        child = _child_slot(spec, owner, spare=spare)
        for name in _names(spec, child):
            _know(place.children, name, child if readable else IGNORED, shared=spec.at.shared)
        if writable:
            place.written_children.append(child)
        if isinstance(child, ObjectSlot) and child.parent_tag:
            _place_tag(place, child, writable=writable)
            if readable and not spec.optional and spec.many is None:
                place.finish.append(child)

    def _add_names(self, spec: FieldSpec, owner: int, place: Place, *, readable: bool, writable: bool) -> None:
        assert isinstance(spec.scalar, Enumeration)
        for member in spec.scalar.kind:
            slot = NameSlot(spec, owner, member)
            _know(place.children, slot.name, slot if readable else IGNORED)
            if writable:
                place.written_children.append(slot)


def _descend(base: Place, spec: FieldSpec, steps: Sequence[str]) -> Place:
    for step in steps:
        base = base.group(step, _key(spec, step))
    return base


def _key(spec: FieldSpec, name: str) -> str:
    """The name of an element with its namespace, as the reader gives it."""
    prefix, colon, rest = name.partition(":")
    if not colon:
        return name
    uri = namespaces_of(spec.owner).get(prefix)
    if uri is None:
        raise DeclarationError(f"{spec.owner.__name__} uses the prefix {prefix!r}, but its NAMESPACES has it not")
    return f"{{{uri}}}{rest}"


def _know(known: dict[str, Any], name: str, slot: Any, *, shared: bool = False) -> None:
    """Enter a slot under its name; two fields cannot read the same, but one may only be written."""
    if known.get(name, IGNORED) is not IGNORED:
        if slot is IGNORED or shared:
            return
        raise DeclarationError(f"{slot.spec.owner.__name__}.{slot.spec.name}: '{name}' is declared twice")
    known[name] = slot


def _know_unit(place: Place, slot: ScalarSlot) -> None:
    unit = getattr(slot.scalar, "attribute", "")
    if unit:
        place.attributes.setdefault(unit, IGNORED)


def _is_text(spec: FieldSpec) -> bool:
    return spec.scalar is not None and spec.many is None and not isinstance(spec.scalar, Presence) and not spec.classes


def _child_slot(spec: FieldSpec, owner: int, *, spare: bool) -> ChildSlot:
    name = spec.steps[-1]
    if spec.raw:
        return TreeSlot(spec, owner, name=name, spare=spare)
    if isinstance(spec.scalar, Presence):
        return PresenceSlot(spec, owner, name=name, spare=spare)
    if spec.classes:
        return (UnionSlot if spec.choice else ObjectSlot)(spec, owner, name=name, spare=spare)
    return TextListSlot(spec, owner, name=name, spare=spare)


def _names(spec: FieldSpec, child: ChildSlot) -> Sequence[str]:
    """The element names under which a field is found."""
    if isinstance(child, UnionSlot) and child.by_name:
        return tuple(child.words)
    return (_key(spec, child.name),)


def _embedded_tag(spec: FieldSpec, owner: int) -> ScalarSlot:
    """The attribute that tells the class of an embedded object, as a field of that object."""
    assert spec.choice is not None
    name = tag_field(spec.choice)
    at = replace(spec.at, path=spec.choice.by, omit=spec.choice.omit)
    slot = scalar_slot(replace(spec, name=name, at=at, scalar=TEXT, choice=None), owner, name=spec.choice.by[1:])
    return slot


def _place_tag(place: Place, child: ObjectSlot, *, writable: bool) -> None:
    """Enter the attribute of the parent that tells the class of a child, or of what is embedded in it."""
    assert child.parent_tag is not None
    chosen, path = child.parent_tag
    choice = chosen.choice
    assert choice is not None
    place.attributes[choice.by.rsplit("@", 1)[-1]] = IGNORED
    if not writable:
        return
    after = child.spec.at.tag_after or choice.after
    where = _after(place, child.spec, after) if after else 0
    place.written.insert(where, ParentTag(child.spec, child.owner, choice, path))


def _tag_index(place: Place, spec: FieldSpec) -> int:
    """Where among the attributes the tag of an embedded object is written: here, or after the one named."""
    assert spec.choice is not None
    return _after(place, spec, spec.choice.after) if spec.choice.after else len(place.written)


def _after(place: Place, spec: FieldSpec, attribute: str) -> int:
    names = [f"@{slot.name}" if isinstance(slot, ScalarSlot) else "" for slot in place.written]
    if attribute not in names:
        raise DeclarationError(f"{spec.owner.__name__}.{spec.name}: {attribute} is not declared before it")
    return names.index(attribute) + 1


_layouts: dict[tuple[type, Context, str], Layout] = {}


def layout_of(cls: type, context: Context, tag: str = "") -> Layout:
    """The layout of a class in a context, before embedded unions are decided."""
    layout = _layouts.get((cls, context, tag))
    if layout is None:
        layout = _layouts[cls, context, tag] = Layout(cls, context, tag)
    return layout
