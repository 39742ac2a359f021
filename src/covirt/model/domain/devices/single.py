# SPDX-License-Identifier: LGPL-2.1-or-later
"""One device as a document of its own: to be plugged in, changed or unplugged."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args, get_type_hints

from covirt import xml
from covirt.errors import XmlError
from covirt.model.domain.devices import Devices
from covirt.model.domain.devices.common import Device
from covirt.xml import Context
from covirt.xml.reader import read


@cache
def device_classes() -> dict[str, type[Device]]:
    """The class of each element that can be a device."""
    found: dict[str, type[Device]] = {}
    for hint in get_type_hints(Devices).values():
        for part in (hint, *get_args(hint)):
            if isinstance(part, type) and issubclass(part, Device):
                found[getattr(part, "ELEMENT")] = part  # noqa: B009
    return found


def parse_device(text: str, context: Context = Context.NONE, *, validate: bool = False) -> Any:
    """Read a device; it is still to be completed for its guest."""
    root, _ = read(text, name="(device_definition)")
    kind = device_classes().get(root.name)
    if kind is None:
        raise XmlError("unknown device type")
    return xml.parse(kind, text, context=context, validate=validate, check=False).value
