# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a declaration can say: where a field stands in XML, and what its presence depends on.

An element is a dataclass (``slots=True, kw_only=True``); each field is ``Annotated[type, At(path), ...]``. The order of
declaration is the order of output. Paths are relative to the element of the class:

``@a``            an attribute; ``child/@a`` an attribute of a child element
``.``             the text of the element; of a dataclass type: it is embedded, its fields are in this element
``child/.``       a dataclass embedded in a child element that other fields share
``child``         text of the child (scalars), the child itself (dataclasses), or whether it is there (``Present``)
``child[@a='x']`` in the middle of a path: the child that has this attribute; it is written first
``wrapper/item``  with ``list[...]``: one item per repeated element; the wrapper is left out when the list is empty

Fields with a common path prefix share the element. An element that only paths create is left out when empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from covirt.errors import Error, XmlError
from covirt.xml.context import Context

__all__ = ["ANY", "At", "Choice", "Context"]

ANY = "*"
"""The last step of a path whose element name is told by the class chosen (see `Choice`)."""


@dataclass(frozen=True, slots=True)
class At:
    """The place of a field in XML, and when it is there."""

    path: str
    omit: Any = None
    """Not written when equal to this value (None is never written)."""
    blank_is_none: bool | None = None
    """An empty string reads as absent; without a word: yes for the text of elements, no for attributes."""
    omit_empty: bool | None = None
    """A child dataclass with nothing in it is not written; without a word: no when the field may be None, else yes."""
    when: Context = Context.NONE
    """Read and written only in these contexts (all of them)."""
    unless: Context = Context.NONE
    """Neither read nor written in these contexts (any of them)."""
    write_when: Context = Context.NONE
    """As `when`, but always read: passwords, for example."""
    write_unless: Context = Context.NONE
    """As `unless`, but always read."""
    also: tuple[str, ...] = ()
    """Older places, read when `path` is not there, never written."""
    tag_after: str | None = None
    """With a dataclass that the parent's attribute chooses: after which attribute the tag is written, if not first."""
    shared: bool = False
    """A field declared before may read the same place; then this one is only written."""
    invalid: str | None = None
    """Own message for a value that cannot be read; may name {value}, {name}, {element}."""
    missing: str | None = None
    """Own message for a required field that is not there; may name {name}, {element}."""
    error: type[Error] = XmlError
    """The error class of the two messages."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which dataclass of a union stands here is told by a word (the tag) in an attribute, or by the element's name.

    Each class of the union has a field named as `field` (default: the attribute's name) of a ``Literal["word", ...]``
    type, with a default when it has one word. It has no `At`: the engine reads and writes it.
    """

    by: str = "@type"
    """``@a``: an attribute of the element itself; ``../@a``: of the parent element; ``.``: the element's own name.

    An embedded union may be chosen by the parent too: the tag is then written for the object that embeds it.
    """
    field: str | None = None
    """Name of the tag's field in the classes of the union."""
    default: str | None = None
    """The word that an absent attribute means; without it the attribute is required."""
    absent: str | None = None
    """With ``../@a``: the word that counts when the child is not there, whatever the parent says."""
    after: str | None = None
    """With ``../@a``: the attribute of the parent after which the tag is written; without it the tag comes first."""
    omit: str | None = None
    """The tag is not written when it is this word."""
    invalid: str | None = None
    """Own message for an unknown word."""
    missing: str | None = None
    """Own message for an absent tag."""
    error: type[Error] = XmlError
    """The error class of the two messages."""
