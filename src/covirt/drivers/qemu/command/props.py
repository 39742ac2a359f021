# SPDX-License-Identifier: LGPL-2.1-or-later
"""Property sets: what is said to QEMU of one object, the same on the command line and over the monitor.

A property set is a dict in the order in which it is written. Its values are those of JSON, so that
`device_add` can send it as it is; `inline` writes the older ``key=value`` form of a command line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
Props = dict[str, Json]


def props(given: Mapping[str, Json] | None = None, /, **more: Json) -> Props:
    """A property set without the properties that are None; `_` in keyword names stands for `-`."""
    merged = dict(given or {}) | {name.replace("_", "-"): value for name, value in more.items()}
    return {name: value for name, value in merged.items() if value is not None}


def as_json(value: Json) -> str:
    """The value as JSON, in QEMU's usual compact form."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def inline(given: Props, head: str) -> str:
    """The property set as ``value-of-head,key=value,…``, commas in values doubled."""
    words = [str(given[head])]
    words += (f"{key}={text}" for name, value in given.items() if name != head for key, text in _flat(name, value))
    return ",".join(words)


def _flat(name: str, value: Json) -> Iterator[tuple[str, str]]:
    match value:
        case bool():
            yield name, "on" if value else "off"
        case Mapping():
            for key, inner in value.items():
                yield from _flat(f"{name}.{key}", inner)
        case str():
            yield name, value.replace(",", ",,")
        case Sequence():
            for item in value:
                # A list of {"str": …} is QEMU's form of an option that may be repeated.
                yield from _flat(name, item["str"] if isinstance(item, Mapping) else item)
        case _:
            yield name, str(value)
