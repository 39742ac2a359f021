# SPDX-License-Identifier: LGPL-2.1-or-later
"""Text to dataclasses: every problem is collected with its place; the first error is raised at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from covirt.errors import Error, XmlError, XmlInvalidSchema
from covirt.xml.children import BROKEN, chosen_word
from covirt.xml.context import Context
from covirt.xml.element import Element
from covirt.xml.foreign import Foreign, read_foreign
from covirt.xml.layout import Layout, Owner, layout_of
from covirt.xml.problems import Problem, Problems, Report, did_you_mean, local
from covirt.xml.reader import DEFAULT_LIMITS, Limits, Source, read
from covirt.xml.spec import FieldSpec, alternatives, element_name, fields_of, tag_field

T = TypeVar("T")


@dataclass(slots=True)
class Parsed(Generic[T]):
    """A document read, and what was noticed on the way."""

    value: T
    problems: list[Problem]
    reading: Reading

    def where(self, part: object) -> Element | None:
        """The element that a part of the document was read from."""
        return self.reading.made_from.get(id(part))

    def locate(self, error: Error) -> None:
        """Say in an error where the part stands that it is about, unless it says that already."""
        element = self.where(error.part)
        if element is not None:
            self.reading.problems.locate(error, element)

    def check(self) -> None:
        """Run the checks that the classes declare (`problems`), on the document as it is now; raise the first error."""
        self.reading.check(self.value)
        self.problems = self.reading.problems.found
        self.reading.problems.raise_first()


def parse(
    cls: type[T],
    text: str,
    *,
    context: Context = Context.NONE,
    validate: bool = False,
    check: bool = True,
    limits: Limits = DEFAULT_LIMITS,
    name: str | None = None,
) -> Parsed[T]:
    """Read a document of a class.

    With `validate`, what is unknown is an error instead of a warning. Without `check`, the classes' own checks are left
    for `Parsed.check` (when defaults have to be filled in before). `name` is the file's, for messages about syntax.
    """
    reading, value = read_document(cls, text, context=context, validate=validate, limits=limits, name=name)
    reading.problems.raise_first()
    parsed: Parsed[T] = Parsed(value, reading.problems.found, reading)
    if check:
        parsed.check()
    return parsed


def read_document(
    cls: type[T],
    text: str,
    *,
    context: Context = Context.NONE,
    validate: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    name: str | None = None,
) -> tuple[Reading, Any]:
    """As `parse`, but nothing is raised for what the document says; only text that is not well-formed raises."""
    root, source = read(text, limits, name=name)
    expected = element_name(cls)
    if root.name != expected:
        raise XmlError(
            f"expecting root element of '{expected}', not '{local(root.name)}'", path=f"/{root.name}", line=1
        )
    reading = Reading(context, root, source, validate=validate)
    return reading, reading.object(cls, root)


def parse_element(
    cls: type[T], element: Element, *, context: Context = Context.NONE, source: Source | None = None
) -> T:
    """Make an object of an element that is already a tree; with its source, faults have places."""
    reading = Reading(context, element, source)
    value = reading.object(cls, element)
    reading.problems.raise_first()
    return value  # type: ignore[no-any-return]


class Reading:
    """One document being read; hooks get it too."""

    __slots__ = ("context", "element", "made_from", "problems", "source", "validate")

    def __init__(self, context: Context, root: Element, source: Source | None, *, validate: bool = False) -> None:
        """Begin to read a tree."""
        self.context = context
        self.source = source
        self.validate = validate
        self.problems = Problems(root, source)
        self.element = root
        """The element of the object whose hook is running."""
        self.made_from: dict[int, Element] = {}

    # What hooks use

    def error(
        self, message: str | Error, at: str = "", *, error: type[Error] = XmlError, hint: str | None = None
    ) -> None:
        """Refuse the document for what the current element says."""
        self.problems.add(message, self.element, at, error=error, hint=hint)

    def warning(self, message: str, at: str = "", *, hint: str | None = None) -> None:
        """Note something odd about the current element."""
        self.problems.add(message, self.element, at, hint=hint, warning=True)

    def object(
        self,
        cls: type,
        element: Element,
        given: dict[str, Any] | None = None,
        tag: str = "",
        *,
        parent: Element | None = None,
    ) -> Any:
        """The object that a class makes of an element; BROKEN when it cannot, which is noted.

        `given` are values known already; `tag` is the attribute that they were read from.
        """
        errors = self.problems.errors
        layout = layout_of(cls, self.context, tag)
        if layout.from_element is not None:
            made = self._hook(layout.from_element, element, element, self)
        else:
            values: list[dict[Any, Any]] = [dict(given) if given else {}]
            if layout.undecided is not None:
                layout = self._decide(layout, element, values, parent)
            else:
                values.extend({} for _ in layout.owners)
            layout.place.read(element, element, values, self)
            made = self._make(layout, element, values, errors)
        if self.problems.errors > errors:
            return BROKEN
        self.made_from[id(made)] = element
        if layout.after_parse is not None:
            self._hook(layout.after_parse, element, made, self)
            if self.problems.errors > errors:
                return BROKEN
        return made

    def _hook(self, hook: Callable[..., Any], element: Element, *arguments: Any) -> Any:
        """Call a class's hook; an error that it raises is a problem of the element."""
        self.element = element
        try:
            return hook(*arguments)
        except Error as error:
            self.problems.add(error, element)
            return BROKEN

    def foreign(self, element: Element) -> Foreign:
        """A faithful copy of an element as it stands in the source."""
        return read_foreign(element, self.source)

    # Unknown names

    def unknown_attribute(self, name: str, element: Element, known: Iterable[str]) -> None:
        """Note an attribute that no field has."""
        if name.startswith(("{", "xml")):
            return
        message = f"unknown attribute '{name}' in element '{local(element.name)}'"
        self._unknown(message, element, f"@{name}", did_you_mean(name, known))

    def unknown_element(self, element: Element, known: Iterable[str]) -> None:
        """Note an element that no field has; other people's namespaces are their affair."""
        if not element.name.startswith("{"):
            self._unknown(f"unknown element '{element.name}'", element, "", did_you_mean(element.name, known))

    def unknown_word(self, attribute: str, word: str, element: Element, known: Iterable[str]) -> None:
        """Note an element that none of the words belongs to."""
        message = f"unknown {attribute} '{word}' of element '{local(element.name)}'"
        self._unknown(message, element, f"@{attribute}", did_you_mean(word, known))

    def _unknown(self, message: str, element: Element, at: str, hint: str | None) -> None:
        self.problems.add(message, element, at, error=XmlInvalidSchema, hint=hint, warning=not self.validate)

    # Objects embedded in one element

    def _decide(self, layout: Layout, element: Element, values: list[dict[Any, Any]], parent: Element | None) -> Layout:
        """Find out of which class the embedded objects are."""
        while layout.undecided is not None:
            spec = layout.undecided
            assert spec.choice is not None
            while len(values) < len(layout.owners):
                values.append({})
            by_parent = spec.choice.by.startswith("../")
            here = parent if by_parent and parent is not None else _at(element, spec.steps)
            word = None
            told = spec.choice.by.rsplit("@", 1)[-1] in here.attributes
            if told or spec.choice.default is not None or not spec.optional:
                word = chosen_word(spec, here, self)
            tag = tag_field(spec.choice)
            if word is not None:
                values[-1][tag] = word
            layout = layout.decided(None if word is None else alternatives(spec.classes, tag)[word])
        values.extend({} for _ in range(len(layout.owners) + 1 - len(values)))
        return layout

    def _make(self, layout: Layout, element: Element, values: list[dict[Any, Any]], errors: int) -> Any:
        """Make the objects of an element from their values, embedded ones first."""
        for slot, value in values[len(layout.owners)].items():
            values[slot.owner].setdefault(slot.field, value)
        owners = layout.owners
        for index in range(len(owners) - 1, -1, -1):
            owner, found = owners[index], values[index]
            if owner.cls is None or not (found or index == 0 or _always(owner)):
                continue
            if owner.required:
                self._check_required(owner, element, found)
            if self.problems.errors > errors:
                return BROKEN
            made = owner.cls(**found)
            if index == 0:
                return made
            self._finish_embedded(layout, owner, made, element)
            assert owner.spec is not None
            values[owner.parent][owner.spec.name] = made
        return BROKEN

    def _finish_embedded(self, layout: Layout, owner: Owner, made: Any, element: Element) -> None:
        self.made_from[id(made)] = element
        after = getattr(owner.cls, "after_parse", None)
        if after is not None:
            self._hook(after, element, made, self)

    def _check_required(self, owner: Owner, element: Element, found: dict[Any, Any]) -> None:
        for spec in owner.required:
            if spec.name in found:
                continue
            place = spec.steps[-1] if spec.steps else local(element.name)
            text = _missing(spec) if spec.at.missing is None else spec.at.missing
            name = spec.attribute or place
            parent = place if spec.attribute else (spec.steps[-2] if len(spec.steps) > 1 else local(element.name))
            self.problems.add(text.format(name=name, element=parent), element, spec.at.path, error=spec.at.error)

    # The classes' own checks

    def check(self, value: Any) -> None:
        """Run `problems` of an object and of all that is in it."""
        for part, element in _walk(value, self.made_from, self.problems.root):
            self._hook(part.problems, element, Report(self.problems, element))


def _always(owner: Owner) -> bool:
    """Is an embedded object made even when nothing of it is there?"""
    assert owner.spec is not None
    return owner.spec.choice is not None or owner.spec.required


def _missing(spec: FieldSpec) -> str:
    if spec.attribute:
        return "Missing required attribute '{name}' in element '{element}'"
    return "Missing required element '{name}' in element '{element}'"


def _at(element: Element, steps: Iterable[str]) -> Element:
    """The element below another; an empty one when it is not there."""
    for step in steps:
        element = element.child(step) or Element(step, offset=element.offset)
    return element


def _walk(value: Any, made_from: dict[int, Element], element: Element) -> Iterator[tuple[Any, Element]]:
    """All parts of a document that have checks, with their elements."""
    element = made_from.get(id(value), element)
    if hasattr(value, "problems"):
        yield value, element
    for spec in fields_of(type(value)):
        if not spec.classes or spec.raw:
            continue
        part = getattr(value, spec.name)
        for item in part if spec.many else (part,):
            if item is not None:
                yield from _walk(item, made_from, element)
