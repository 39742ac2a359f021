# SPDX-License-Identifier: LGPL-2.1-or-later
"""The status file of a running container: all that a new daemon must know to go on with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, cast

from covirt import xml
from covirt.api.domain.states import DomainPausedReason, DomainRunningReason, DomainState
from covirt.api.enums import Number
from covirt.drivers.common.guest import Guest
from covirt.drivers.lxc.guest import LxcGuest
from covirt.errors import InternalError
from covirt.model.domain.definition import DomainDefinition
from covirt.xml import At, Context, OneZero

RUNNING = Context.STATUS | Context.ACTUAL_NET | Context.PCI_ORIG_STATES | Context.CLOCK_ADJUST | Context.SKIP_VALIDATE


@dataclass(slots=True, kw_only=True)
class Status:
    """The document; `covirt` is our own element, which libvirt passes over."""

    ELEMENT: ClassVar[str] = "domstatus"
    OPEN: ClassVar[bool] = True

    state: Annotated[str, At("@state")]
    reason: Annotated[str, At("@reason")]
    pid: Annotated[int, At("@pid")] = 0
    init: Annotated[int, At("init/@pid")] = 0
    start: Annotated[int | None, At("covirt/@start")] = None
    init_start: Annotated[int | None, At("covirt/@initStart")] = None
    persistent: Annotated[OneZero | None, At("covirt/@persistent")] = None
    links: Annotated[list[str], At("covirt/link")] = field(default_factory=list)
    domain: Annotated[DomainDefinition, At("domain")]

    @property
    def meaning(self) -> tuple[DomainState, Number]:
        """State and reason."""
        if self.state == "running":
            return DomainState.RUNNING, DomainRunningReason[self.reason.upper()]
        if self.state == "paused":
            return DomainState.PAUSED, DomainPausedReason[self.reason.upper().replace(" ", "_")]
        raise InternalError(f"invalid domain state '{self.state}'")


def write_status(guest: Guest) -> str:
    """The text of the status file."""
    guest = cast(LxcGuest, guest)
    run = guest.running
    status = Status(
        state=guest.state.name.lower(),
        reason=guest.reason.name.lower().replace("_", " "),
        pid=run.controller,
        init=run.init,
        start=run.controller_start,
        init_start=run.init_start,
        persistent=guest.persistent,
        links=list(run.links),
        domain=guest.definition,
    )
    return xml.format(status, context=Context.SECURE | (RUNNING & ~Context.SKIP_VALIDATE))


def read_status(text: str) -> Status:
    """What a status file says; the definition in it is not completed."""
    return xml.parse(Status, text, context=RUNNING, check=False).value
