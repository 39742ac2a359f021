# SPDX-License-Identifier: LGPL-2.1-or-later
"""The light tree between text and dataclasses."""

from __future__ import annotations

from collections.abc import Iterator


class Element:
    """One element: its name (``{uri}local`` inside a namespace), attributes, child elements and own text."""

    __slots__ = ("attributes", "children", "name", "offset", "text")

    def __init__(
        self,
        name: str,
        attributes: dict[str, str] | None = None,
        children: list[Element] | None = None,
        text: str = "",
        offset: int = -1,
    ) -> None:
        """Make an element; `offset` is the place of its start tag in the source, -1 when it has no source."""
        self.name = name
        self.attributes = {} if attributes is None else attributes
        self.children = [] if children is None else children
        self.text = text
        self.offset = offset

    def child(self, name: str) -> Element | None:
        """The first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> Iterator[Element]:
        """The children of this name."""
        return (child for child in self.children if child.name == name)

    def get(self, path: str) -> str | None:
        """The attribute ``a/b/@c``, or the text of the element ``a/b``; None when there is none."""
        here: Element | None = self
        for step in path.split("/"):
            if step.startswith("@"):
                return here.attributes.get(step[1:]) if here else None
            here = here.child(step) if here else None
        return here.text if here else None

    def __eq__(self, other: object) -> bool:
        """The same names, values and order, wherever they were read."""
        if not isinstance(other, Element):
            return NotImplemented
        return (self.name, self.attributes, self.children, self.text.strip()) == (
            other.name,
            other.attributes,
            other.children,
            other.text.strip(),
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """The start tag, for debugging."""
        attributes = "".join(f" {name}={value!r}" for name, value in self.attributes.items())
        return f"<{self.name}{attributes}> with {len(self.children)} children"
