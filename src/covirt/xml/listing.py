# SPDX-License-Identifier: LGPL-2.1-or-later
"""The elements and attributes that declarations make, as rows: for manuals, schemas and completion."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from covirt.xml.spec import FieldSpec, fields_of, tag_field, tag_words


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a document can have."""

    path: str
    """From the root, with ``@`` before attributes; ``*`` is an element named by the class chosen."""
    cls: type
    field: str
    required: bool
    repeated: bool
    words: tuple[str, ...]
    """The words that can stand there, when they can be listed."""
    text: str
    """The sentence that documents it: the field's, or that of the class that stands there."""


def listing(cls: Any, path: str = "") -> Iterator[Row]:
    """All that a document of a class can have, in order; elements within themselves are told once."""
    yield from _rows(cls, path or f"/{getattr(cls, 'ELEMENT', cls.__name__)}", ())


def _rows(cls: type, path: str, above: tuple[type, ...]) -> Iterator[Row]:
    for spec in fields_of(cls):
        where = f"{path}/{spec.at.path}".removesuffix("/.")
        if not spec.embedded:
            yield _row(cls, spec, where)
        if spec.choice is not None and spec.choice.by != ".":
            yield _tag_row(cls, spec, where)
        for inner in spec.classes:
            if not spec.raw and inner not in above:
                yield from _rows(inner, where, (*above, cls))


def _row(cls: type, spec: FieldSpec, path: str) -> Row:
    inner = inspect.getdoc(spec.classes[0]) if len(spec.classes) == 1 else None
    text = field_texts(cls).get(spec.name) or inner or ""
    words = spec.scalar.words if spec.scalar else ()
    return Row(path, cls, spec.name, spec.required, spec.many is not None, words, text.strip())


def _tag_row(cls: type, spec: FieldSpec, path: str) -> Row:
    assert spec.choice is not None
    place = path.rsplit("/", 1)[0] if spec.choice.by.startswith("../") else path
    words = tuple(word for inner in spec.classes for word in tag_words(inner, tag_field(spec.choice)))
    name = spec.choice.by.rsplit("/", 1)[-1]
    text = "Which of these it is."
    return Row(f"{place}/{name}", cls, spec.name, spec.choice.default is None, False, words, text)


@cache
def field_texts(cls: type) -> dict[str, str]:
    """The string that stands below each field in the source of a class and of those it is made from."""
    found: dict[str, str] = {}
    for base in reversed(inspect.getmro(cls)[:-1]):
        body = _body(base)
        for field, after in pairwise(body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(after, ast.Expr):
                text = getattr(after.value, "value", None)
                if isinstance(text, str):
                    found[field.target.id] = inspect.cleandoc(text)
    return found


def _body(cls: type) -> list[ast.stmt]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    except (OSError, TypeError):
        return []
    first = tree.body[0]
    return first.body if isinstance(first, ast.ClassDef) else []
