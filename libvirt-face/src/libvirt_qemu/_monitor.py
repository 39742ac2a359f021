# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events of the monitor, chosen by name or pattern."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from covirt.api.qemu import QemuMonitorEvent
from libvirt._link import PyCapsule

if TYPE_CHECKING:
    from libvirt import virConnect, virDomain
    from libvirt._link import Link

REGEX, NOCASE = 1, 2


def register(conn: virConnect, dom: virDomain | None, event: str | None, data: dict[str, Any], flags: int) -> int:
    """Call back at events that are wanted."""
    import libvirt_qemu

    wanted = chosen(event, flags)

    def listen(link: Link) -> int:
        def deliver(found: QemuMonitorEvent) -> None:
            capsule = PyCapsule(found.dom, link)
            told = (found.event, found.seconds, found.micros, found.details)
            libvirt_qemu._dispatchQemuMonitorEventCallback(conn, capsule, *told, data)

        subject = None if dom is None else dom._o.handle
        return link.desk.listen("qemu", QemuMonitorEvent, subject, deliver, lambda found: wanted(found.event))

    number: int = conn._with("virConnectDomainQemuMonitorEventRegister", listen)
    return number


def chosen(event: str | None, flags: int) -> Any:
    """Which names of events are wanted."""
    if event is None:
        return lambda _: True
    pattern = event if flags & REGEX else re.escape(event) + r"\Z"
    compiled = re.compile(pattern, re.IGNORECASE if flags & NOCASE else 0)
    return lambda name: compiled.search(name) if flags & REGEX else compiled.match(name)
