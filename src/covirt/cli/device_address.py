# SPDX-License-Identifier: LGPL-2.1-or-later
"""Addresses of devices as one types them (`pci:0000.00.04.0`), and as elements."""

from __future__ import annotations

import re

from covirt.cli.failure import CommandFailed
from covirt.cli.markup import element

FORMS: dict[str, tuple[str, int, tuple[tuple[str, str], ...]]] = {
    "pci": ("pci", 16, (("domain", "0x{:04x}"), ("bus", "0x{:02x}"), ("slot", "0x{:02x}"), ("function", "0x{:x}"))),
    "sata": ("drive", 10, (("controller", "{}"), ("bus", "{}"), ("unit", "{}"))),
    "ide": ("drive", 10, (("controller", "{}"), ("bus", "{}"), ("unit", "{}"))),
    "scsi": ("drive", 10, (("controller", "{}"), ("bus", "{}"), ("unit", "{}"))),
    "ccw": ("ccw", 16, (("cssid", "0x{:02x}"), ("ssid", "0x{:01x}"), ("devno", "0x{:04x}"))),
    "usb": ("usb", 10, (("bus", "{}"), ("port", "{}"))),
}
"""What is typed first, the type of the element, the base of the numbers, and how each is written."""

FITTING: dict[str, tuple[tuple[str, ...], str]] = {
    "vd": (("pci", "ccw"), "expecting a pci:0000.00.00.00 or ccw:00.0.0000 address."),
    "sd": (("scsi", "usb", "sata"), "expecting a scsi:00.00.00 or usb:00.00 or sata:00.00.00 address."),
    "hd": (("ide",), "expecting an ide:00.00.00 address."),
}
"""Which addresses a disk can have, by the first letters of its target."""


def formatted_address(text: str, target: str, *, multifunction: bool) -> str:
    """The element of an address for the disk with this target."""
    kind, colon, rest = text.partition(":")
    if not colon or kind not in FORMS:
        raise CommandFailed("Invalid address.")
    type, base, fields = FORMS[kind]
    numbers = _numbers(rest, base, len(fields))
    allowed, complaint = FITTING.get(target[:2], ((kind,), ""))
    if kind not in allowed:
        raise CommandFailed(complaint)
    attributes = {name: form.format(number) for (name, form), number in zip(fields, numbers, strict=True)}
    shared = {"multifunction": "on"} if multifunction and kind == "pci" else {}
    return element("address", {"type": type, **attributes, **shared})


def _numbers(text: str, base: int, count: int) -> list[int]:
    """Numbers with any one character between them; what follows the last does not count."""
    digits = r"(?:0[xX])?([0-9a-fA-F]+)" if base == 16 else r"([0-9]+)"
    match = re.match(r".".join([digits] * count), text, re.DOTALL)
    numbers = [int(number, base) for number in match.groups()] if match else []
    if not numbers or max(numbers) > 2**32 - 1:
        raise CommandFailed("Invalid address.")
    return numbers
