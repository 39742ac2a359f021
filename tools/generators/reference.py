# SPDX-License-Identifier: LGPL-2.1-or-later
"""The reference pages: one for each theme, with its calls, events, numbers and names."""

from __future__ import annotations

from enum import Enum
from types import ModuleType

from covirt.api.access import Right
from covirt.api.catalogue import THEMES, AnyCall, calls_of, classes_of
from covirt.api.enums import Flags, Number, symbols
from covirt.api.event import Event
from covirt.api.params import ParamName
from generators.spelling import Spelling, client_name

FOLDER = "docs/reference"
SPELLING = Spelling()


def generate() -> dict[str, str]:
    """All pages."""
    pages = {page_path(theme): page(theme) for theme in THEMES}
    return {f"{FOLDER}/README.md": contents(), **{path: text for path, text in pages.items() if text}}


def page_path(theme: ModuleType) -> str:
    """Where the page of a theme is."""
    return f"{FOLDER}/{theme.__name__.removeprefix('covirt.api.').replace('.', '/')}.md"


def contents() -> str:
    """The page that leads to the others."""
    lines = ["# Reference", "", "Made from the declarations by `tools/generate.py`.", ""]
    lines += ["- [Which driver has which call](support.md)"]
    for theme in THEMES:
        path = page_path(theme).removeprefix(f"{FOLDER}/")
        lines.append(f"- [{path.removesuffix('.md')}]({path}): {first_sentence(theme)}")
    return "\n".join(lines) + "\n"


def first_sentence(theme: ModuleType) -> str:
    """What a theme is about."""
    return (theme.__doc__ or "").strip().partition("\n")[0]


def page(theme: ModuleType) -> str:
    """The page of one theme."""
    name = theme.__name__.removeprefix("covirt.api.")
    parts = [f"# {name}", first_sentence(theme)]
    calls = calls_of(theme)
    parts += ["## Calls", *(call_text(call) for call in calls)] if calls else []
    events = [cls for cls in classes_of(theme, Event) if cls is not Event]
    parts += ["## Events", *(event_text(cls) for cls in events)] if events else []
    enums = classes_of(theme, Number, Flags)
    parts += ["## Numbers and flags", *(enum_text(cls) for cls in enums)] if enums else []
    names = [cls for cls in classes_of(theme, ParamName) if cls is not ParamName]
    parts += ["## Names of parameters", *(names_text(cls) for cls in names)] if names else []
    return "\n\n".join(parts) + "\n"


def call_text(call: AnyCall) -> str:
    """One call."""
    parameters = ", ".join(SPELLING.parameter(parameter) for parameter in call.parameters)
    facts = [f"`{call.api}`" if call.api else "", f"number {call.number}", f"since {call.traits.since}"]
    facts += [f"rights {', '.join(right_text(right) for right in call.acl)}" if call.acl else ""]
    facts += ["answered by the daemon" if call.daemon else "", "made by clients only" if call.traits.internal else ""]
    facts += [f"stream: {call.stream.value}" if call.stream else ""]
    return "\n".join(
        [
            f"### {client_name(call.subject)}.{call.name}",
            "",
            "```python",
            f"{call.name}({parameters}) -> {SPELLING.type(call.plain_result)}",
            "```",
            "",
            call.doc,
            "",
            "; ".join(fact for fact in facts if fact) + ".",
        ]
    )


def right_text(right: Right) -> str:
    """A right with its conditions."""
    if right.parameter:
        return f"`{right}` if {right.parameter} is {right.value}"
    if right.all_set:
        return f"`{right}` with flags 0x{right.all_set:x}"
    if right.none_set:
        return f"`{right}` without flags 0x{right.none_set:x}"
    return f"`{right}`"


def event_text(cls: type[Event]) -> str:
    """One event."""
    declared = cls.declared
    fields = ", ".join(f"{name}" for name, _ in declared.fields)
    symbol = f"`{declared.symbol}`; " if declared.symbol else ""
    return f"### {declared.name}\n\n{declared.doc}\n\n{symbol}number {declared.number}; fields: {fields}."


def enum_text(cls: type[Enum]) -> str:
    """One class of numbers or flags."""
    rows = [
        f"| {name} | {int(value)} | `{symbol}` |"
        for (symbol, value), name in zip(symbols(cls).items(), cls.__members__, strict=True)
    ]
    table = ["| name | value | in C |", "| --- | --- | --- |", *rows]
    return "\n".join([f"### {cls.__name__}", "", cls.__doc__ or "", "", *table])


def names_text(cls: type[ParamName]) -> str:
    """One class of parameter names."""
    rows = [f"| {name} | `{member.value}` | {member.type.name.lower()} |" for name, member in cls.__members__.items()]
    table = ["| name | text | type |", "| --- | --- | --- |", *rows]
    return "\n".join([f"### {cls.__name__}", "", cls.__doc__ or "", "", *table])
