# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a dataclass declares, as data: the one place that looks at types and annotations."""

from __future__ import annotations

import inspect
import types
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from covirt.xml.element import Element
from covirt.xml.fields import At, Choice
from covirt.xml.foreign import Foreign
from covirt.xml.scalars import TEXT, Enumeration, Number, OneOf, Own, Scalar


class DeclarationError(TypeError):
    """A declaration that makes no sense; found when the class is first used."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One declared field."""

    owner: type
    name: str
    at: At
    choice: Choice | None
    required: bool
    optional: bool
    """May it be None?"""
    many: type | None
    """list, set or frozenset when it holds several."""
    scalar: Scalar | None
    classes: tuple[type, ...]
    """The dataclasses that may stand here; `Element` or `Foreign` for what is kept as a tree."""
    factory: Any
    """Makes the default value; None without one."""

    @property
    def steps(self) -> tuple[str, ...]:
        """The names on the way to the element of the field; none when it is in the element of the class."""
        return tuple(step for step in self.at.path.split("/") if step != "." and not step.startswith("@"))

    @property
    def attribute(self) -> str | None:
        """The name of the attribute, if it is one."""
        last = self.at.path.rsplit("/", 1)[-1]
        return last[1:] if last.startswith("@") else None

    @property
    def embedded(self) -> bool:
        """Are the fields of the dataclass in the element of the class?"""
        return self.at.path.rsplit("/", 1)[-1] == "." and bool(self.classes)

    @property
    def raw(self) -> bool:
        """Is it kept as a tree?"""
        return self.classes in ((Element,), (Foreign,))

    @property
    def omit_empty(self) -> bool:
        """Is an object without content not written?"""
        return not self.optional if self.at.omit_empty is None else self.at.omit_empty

    @property
    def blank_is_none(self) -> bool:
        """Does an empty string read as absent?"""
        return self.attribute is None if self.at.blank_is_none is None else self.at.blank_is_none


_fields: dict[Any, tuple[FieldSpec, ...]] = {}


def fields_of(cls: Any) -> tuple[FieldSpec, ...]:
    """The fields of a class that are in XML, in order; a field declared again takes its new place."""
    specs = _fields.get(cls)
    if specs is None:
        specs = _fields[cls] = _fields_of(cls)
    return specs


def _fields_of(cls: type) -> tuple[FieldSpec, ...]:
    if not is_dataclass(cls):
        raise DeclarationError(f"{cls.__name__} is not a dataclass")
    hints = get_type_hints(cls, include_extras=True)
    known = {field.name: field for field in fields(cls)}
    order: dict[str, None] = {}
    for base in reversed(inspect.getmro(cls)):
        for name in inspect.get_annotations(base):
            order.pop(name, None)
            order[name] = None
    specs = (_spec(cls, known[name], hints[name]) for name in order if name in known)
    return tuple(spec for spec in specs if spec)


def _spec(cls: type, field: Field[Any], hint: Any) -> FieldSpec | None:
    if get_origin(hint) is not Annotated:
        return None
    kind, *marks = get_args(hint)
    at = next((mark for mark in marks if isinstance(mark, At)), None)
    if at is None:
        return None
    shape = _Shape.of(kind, next((mark for mark in marks if isinstance(mark, Scalar)), None))
    choice = next((mark for mark in marks if isinstance(mark, Choice)), None)
    if (choice is None and len(shape.classes) > 1) or (not shape.classes and shape.scalar is None):
        raise DeclarationError(f"{cls.__name__}.{field.name}: the type {kind} needs a Choice or a Scalar")
    factory = field.default_factory
    if factory is MISSING and field.default is not MISSING and field.default is not None:
        factory = lambda value=field.default: value  # noqa: E731
    return FieldSpec(
        owner=cls,
        name=field.name,
        at=at,
        choice=choice,
        required=field.default is MISSING and field.default_factory is MISSING,
        optional=shape.optional,
        many=shape.many,
        scalar=shape.scalar,
        classes=shape.classes,
        factory=None if factory is MISSING else factory,
    )


@dataclass(slots=True)
class _Shape:
    """What a type says: how many of what, and whether it may be absent."""

    optional: bool = False
    many: type | None = None
    scalar: Scalar | None = None
    classes: tuple[type, ...] = ()

    @classmethod
    def of(cls, kind: Any, scalar: Scalar | None) -> _Shape:
        shape = cls(scalar=scalar)
        shape._take(kind)
        return shape

    def _take(self, kind: Any) -> None:
        origin = get_origin(kind)
        if origin is Annotated:
            inner, *marks = get_args(kind)
            self.scalar = self.scalar or next((mark for mark in marks if isinstance(mark, Scalar)), None)
            self._take(inner)
        elif origin in (Union, types.UnionType):
            for part in get_args(kind):
                self._take(part)
        elif kind is types.NoneType:
            self.optional = True
        elif origin in (list, set, frozenset, tuple):
            self.many = origin
            self._take(get_args(kind)[0])
        elif is_dataclass(kind) or kind in (Element, Foreign):
            self.classes = (*self.classes, kind)
        elif self.scalar is None:
            self.scalar = scalar_of(kind)


def scalar_of(kind: Any) -> Scalar:
    """The scalar that a type means by itself."""
    if get_origin(kind) is Literal:
        return OneOf(get_args(kind))
    if kind is str:
        return TEXT
    if kind is int:
        return Number()
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Enumeration(kind)
    if hasattr(kind, "parse"):
        return Own(kind)
    raise DeclarationError(f"a value of type {kind} has no spelling in XML: mark it with a Scalar")


@cache
def tag_words(cls: type, field: str) -> tuple[str, ...]:
    """The words of a class in a union: the values of its Literal field."""
    hint = get_type_hints(cls).get(field)
    if get_origin(hint) is not Literal:
        raise DeclarationError(f"{cls.__name__} has no field {field!r} of type Literal to be chosen by")
    return get_args(hint)


@cache
def alternatives(classes: tuple[type, ...], field: str) -> dict[str, type]:
    """Word to class, for all classes of a union."""
    found: dict[str, type] = {}
    for cls in classes:
        for word in tag_words(cls, field):
            if word in found:
                raise DeclarationError(f"{cls.__name__} and {found[word].__name__} are both chosen by {word!r}")
            found[word] = cls
    return found


def tag_field(choice: Choice) -> str:
    """The name of the field that keeps the word."""
    return choice.field or choice.by.rsplit("@", 1)[-1]


def element_name(cls: Any) -> str:
    """The name of the element that a class is when it is a document of its own."""
    name = getattr(cls, "ELEMENT", None)
    if not isinstance(name, str):
        raise DeclarationError(f"{cls.__name__} has no ELEMENT: it is no document of its own")
    return name


def namespaces_of(cls: type) -> dict[str, str]:
    """Prefix to URI, as a document's class declares them."""
    return dict(getattr(cls, "NAMESPACES", {}))
