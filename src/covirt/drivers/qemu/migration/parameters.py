# SPDX-License-Identifier: LGPL-2.1-or-later
"""Migration parameters: QEMU's settings of a migration, as it reports and takes them, and as status files keep them.

They are kept while a migration runs, to be put back when it fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from covirt.errors import InternalError
from covirt.xml import Context, Element
from covirt.xml.format import Writing

Value = int | bool | str

KINDS: dict[str, type[Value]] = {
    "compress-level": int,
    "compress-threads": int,
    "decompress-threads": int,
    "cpu-throttle-initial": int,
    "cpu-throttle-increment": int,
    "tls-creds": str,
    "tls-hostname": str,
    "max-bandwidth": int,
    "downtime-limit": int,
    "block-incremental": bool,
    "xbzrle-cache-size": int,
    "max-postcopy-bandwidth": int,
    "multifd-channels": int,
    "multifd-compression": str,
    "multifd-zlib-level": int,
    "multifd-zstd-level": int,
    "avail-switchover-bandwidth": int,
    "direct-io": bool,
}
"""Every parameter that is set by us, in the order in which they are told; QEMU has more."""
_SIGNED = frozenset(name for name in KINDS if name.endswith(("level", "threads", "channels")) or "throttle" in name)
WHEN_RESUMED = frozenset({"max-postcopy-bandwidth"})
"""What can still be changed when a broken migration goes on."""
ELEMENT = "migParams"


@dataclass(slots=True, kw_only=True)
class MigrationParameters:
    """The parameters that are known."""

    values: dict[str, Value] = field(default_factory=dict)
    bitmaps: list[dict[str, object]] = field(default_factory=list)
    """How bitmaps of changed blocks are called on the way, see `cookie`."""

    @classmethod
    def of_reply(cls, reply: Mapping[str, object]) -> Self:
        """What QEMU reports."""
        known = {name: reply.get(name) for name in KINDS}
        return cls(values={name: value for name, value in known.items() if _is(value, name)})  # type: ignore[misc]

    def for_qemu(self, *, resuming: bool = False) -> dict[str, object]:
        """What QEMU is told."""
        told: dict[str, object] = {
            name: self.values[name] for name in KINDS if name in self.values and (not resuming or name in WHEN_RESUMED)
        }
        return told | ({"block-bitmap-mapping": self.bitmaps} if self.bitmaps else {})

    @classmethod
    def of_status(cls, element: Element) -> Self:
        """What a status file has kept."""
        values: dict[str, Value] = {}
        for parameter in element.all("param"):
            name, text = parameter.attributes.get("name"), parameter.attributes.get("value")
            if name is None:
                raise InternalError("missing migration parameter name")
            if name not in KINDS:
                raise InternalError(f"unknown migration parameter '{name}'")
            if text is None:
                raise InternalError(f"missing value for migration parameter '{name}'")
            values[name] = _read(name, text)
        return cls(values=values)

    def status_text(self, indent: int = 0) -> str:
        """What the status file keeps; the element has two tags even when nothing is in it."""
        out: list[str] = []
        for name in KINDS:
            if name in self.values:
                element = Element("param", {"name": name, "value": _write(self.values[name])})
                Writing(Context.NONE).element(out, " " * (indent + 2), element)
        return "".join([f"{' ' * indent}<{ELEMENT}>\n", *out, f"{' ' * indent}</{ELEMENT}>\n"])


def _is(value: object, name: str) -> bool:
    kind = KINDS[name]
    if kind is int:
        # What is so large or negative that no such parameter can be meant is left alone.
        return isinstance(value, int) and not isinstance(value, bool) and (value >= 0 or name in _SIGNED)
    return isinstance(value, kind)


def _read(name: str, text: str) -> Value:
    kind = KINDS[name]
    if kind is str:
        return text
    if kind is bool and text in ("yes", "no"):
        return text == "yes"
    digits = text.strip()
    if kind is int and (digits.isdigit() or (name in _SIGNED and digits.removeprefix("-").isdigit())):
        return int(digits)
    raise InternalError(f"invalid value '{text}' for migration parameter '{name}'")


def _write(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
