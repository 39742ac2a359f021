# SPDX-License-Identifier: LGPL-2.1-or-later
"""The shapes a field can have in XML; each knows how to read itself into values and to write itself from objects.

While an element is read, `values` holds a dictionary of field values for each object that the element makes: the object
itself, and the ones embedded in it. While it is written, `objects` holds these objects. `owner` says whose field it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from covirt.errors import Error
from covirt.xml.element import Element
from covirt.xml.fields import Choice
from covirt.xml.problems import did_you_mean, local
from covirt.xml.scalars import TEXT, Enumeration, OneOf, Own, Scalar, Size
from covirt.xml.spec import FieldSpec, tag_field

if TYPE_CHECKING:
    from covirt.xml.parse import Reading

Values = Sequence[dict[Any, Any]]

_ESCAPES = {ord("<"): "&lt;", ord(">"): "&gt;", ord("&"): "&amp;", ord('"'): "&quot;", ord("'"): "&apos;"}
_ESCAPES |= {code: "" for code in range(1, 0x1A) if chr(code) not in "\t\n\r"}


def escape(text: str) -> str:
    """Text as libvirt writes it: five characters as entities, control characters left out."""
    return text if text.isalnum() else text.translate(_ESCAPES)


def scalar_writer(scalar: Scalar) -> Callable[[Any], str | None]:
    """How a scalar is written, escaped when its words may need it."""
    if scalar == TEXT:
        return escape
    if isinstance(scalar, Enumeration | OneOf):
        return str
    if isinstance(scalar, Own) or type(scalar).__module__ != Scalar.__module__:
        return lambda value: None if (text := scalar.write(value)) is None else escape(text)
    return scalar.write


class Slot:
    """What all shapes have: whose field it is, and its declaration."""

    __slots__ = ("field", "omit", "owner", "spare", "spec")

    def __init__(self, spec: FieldSpec, owner: int, *, spare: bool = False) -> None:
        self.spec = spec
        self.owner = owner
        self.field = spec.name
        self.omit = spec.at.omit
        self.spare = spare
        """Is it an older place, used only when the right one is not there?"""

    def store(self, values: Values, value: Any) -> None:
        """Keep the value read."""
        if self.spare:
            values[-1].setdefault(self, value)
        else:
            values[self.owner][self.field] = value


class Ignored:
    """A name that is known, but not taken in this context, or taken by another."""

    __slots__ = ()
    single = False

    def read(self, *_: object) -> None:
        """Take nothing."""


IGNORED = Ignored()


class ScalarSlot(Slot):
    """A single value: the text of an attribute or of an element."""

    __slots__ = ("blank", "convert", "name", "put_text", "scalar")

    def __init__(self, spec: FieldSpec, owner: int, *, name: str, spare: bool = False) -> None:
        super().__init__(spec, owner, spare=spare)
        assert spec.scalar is not None
        self.name = name
        self.scalar = spec.scalar
        self.convert = None if spec.scalar == TEXT else spec.scalar.read
        self.blank = spec.blank_is_none
        self.put_text = scalar_writer(spec.scalar)

    def read(self, text: str, element: Element, values: Values, reading: Reading) -> None:
        """Convert the text."""
        value: Any = text
        if not text and self.blank:
            return
        if self.convert is not None:
            try:
                value = self.convert(text)
            except (ValueError, Error) as error:
                self.refuse(text, element, reading, error)
                return
        self.store(values, value)

    def refuse(self, text: str, element: Element, reading: Reading, reason: Exception) -> None:
        """Note that the text is not a value of this field."""
        reading.problems.add(
            refusal(self.spec, self.name, text, element, reason),
            element,
            f"@{self.name}" if self.spec.attribute else "",
            error=self.spec.at.error,
            hint=words_hint(text, self.scalar.words),
        )

    def put(self, value: Any) -> str:
        """The value as an attribute."""
        text = self.put_text(value)
        return "" if text is None else f" {self.name}='{text}'"

    def put_as_text(self, value: Any) -> tuple[str, str | None]:
        """Further attributes, and the value as the text of an element."""
        return "", self.put_text(value)


class SizeSlot(ScalarSlot):
    """A size whose unit is an attribute of the same element."""

    __slots__ = ()
    scalar: Size

    def read(self, text: str, element: Element, values: Values, reading: Reading) -> None:
        """Scale the number by its unit."""
        if not text and self.blank:
            return
        try:
            value = self.scalar.read_with(text, element.attributes.get(self.scalar.attribute))
        except (ValueError, Error) as error:
            self.refuse(text, element, reading, error)
        else:
            self.store(values, value)

    def put(self, value: int) -> str:
        """The number and its unit as attributes."""
        number, unit = self.scalar.write_with(value)
        return f" {self.name}='{number}'" + (f" {self.scalar.attribute}='{unit}'" if self.scalar.attribute else "")

    def put_as_text(self, value: int) -> tuple[str, str | None]:
        """The unit as an attribute, the number as text."""
        number, unit = self.scalar.write_with(value)
        return (f" {self.scalar.attribute}='{unit}'" if self.scalar.attribute else ""), number


def scalar_slot(spec: FieldSpec, owner: int, *, name: str, spare: bool = False) -> ScalarSlot:
    """The slot of a single value."""
    kind = SizeSlot if isinstance(spec.scalar, Size) else ScalarSlot
    return kind(spec, owner, name=name, spare=spare)


class ParentTag(Slot):
    """The attribute of the parent that tells which class a child is, or what is embedded in the child."""

    __slots__ = ("omit_word", "path", "prefix", "tag")

    def __init__(self, spec: FieldSpec, owner: int, choice: Choice, path: tuple[str, ...]) -> None:
        super().__init__(spec, owner)
        self.tag = tag_field(choice)
        self.path = path
        """The fields on the way from the child to the object chosen."""
        self.prefix = f" {choice.by.rsplit('@', 1)[-1]}='"
        self.omit_word = choice.omit

    def put(self, value: Any) -> str:
        """The word of the object."""
        for name in self.path:
            value = getattr(value, name)
        word = getattr(value, self.tag, None)
        return "" if word is None or word == self.omit_word else f"{self.prefix}{word}'"


def refusal(spec: FieldSpec, name: str, text: str, element: Element, reason: Exception) -> str | Error:
    """The message for a text that is no value of the field."""
    if isinstance(reason, Error) and isinstance(spec.scalar, Size):
        return reason
    if spec.at.invalid:
        return spec.at.invalid.format(value=text, name=name, element=local(element.name))
    if isinstance(reason, Error):
        return reason
    kind, of = ("attribute", f" in element '{local(element.name)}'") if spec.attribute else ("element", "")
    expected = f" {reason}" if str(reason) else ""
    if expected == " Zero is not permitted":
        return f"Invalid value for {kind} '{name}'{of}:{expected}"
    return f"Invalid value for {kind} '{name}'{of}: '{text}'.{expected}"


def words_hint(text: str, words: Sequence[str]) -> str | None:
    """What could be meant, else what there is."""
    return did_you_mean(text, words) or (f"one of: {', '.join(words)}" if words else None)
