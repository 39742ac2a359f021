# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a script of calls on libvirt's own test driver; for the Python that has libvirt's binding, not for ours.

Reads steps as JSON from standard input, writes their results. A step names the object (a path of lookups), the method
and the arguments; what it raises is told as its error code and message.
"""

import json
import sys
from typing import Any

import libvirt


def plain(value: Any) -> Any:
    """What JSON can hold."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, bytes):
        return value.hex()
    for name in ("name", "getName"):
        if callable(getattr(value, name, None)):
            return getattr(value, name)()
    return value


def perform(conn: Any, step: dict[str, Any]) -> dict[str, Any]:
    """One step."""
    target = conn
    try:
        for method, *args in step["path"]:
            target = getattr(target, method)(*args)
        return {"value": plain(getattr(target, step["method"])(*step["args"]))}
    except libvirt.libvirtError as error:
        return {"error": [error.get_error_code(), error.get_error_message()]}
    except (AttributeError, TypeError) as error:
        return {"absent": str(error)}


libvirt.registerErrorHandler(lambda *_: None, None)
steps = json.load(sys.stdin)
connection = libvirt.open(steps["uri"])
json.dump([perform(connection, step) for step in steps["steps"]], sys.stdout)
