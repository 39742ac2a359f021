# SPDX-License-Identifier: LGPL-2.1-or-later
"""Displays: how people see and reach the guest's screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import XmlError
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.displays import (
    DbusDisplay,
    DesktopDisplay,
    EglHeadlessDisplay,
    RdpDisplay,
    SdlDisplay,
    VncDisplay,
)
from covirt.model.domain.devices.graphics_listen import Listen, ListenType, check_listens
from covirt.model.domain.devices.sound import check_audio
from covirt.model.domain.devices.spice import SpiceDisplay
from covirt.xml import At, Choice

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition

Display = SdlDisplay | VncDisplay | RdpDisplay | DesktopDisplay | SpiceDisplay | EglHeadlessDisplay | DbusDisplay


@dataclass(slots=True, kw_only=True)
class Graphics(Device):
    """A display of the guest."""

    ELEMENT: ClassVar[str] = "graphics"

    display: Annotated[Display, At("."), Choice("@type")]

    @property
    def type(self) -> str:
        """The kind of display."""
        return self.display.type

    @property
    def listens(self) -> list[Listen]:
        """The places where it listens; none for the kinds that never do."""
        display = self.display
        return display.listens if isinstance(display, VncDisplay | SpiceDisplay | RdpDisplay) else []

    def settle(self) -> None:
        """SPICE without any port, and none to be chosen, listens nowhere: said last, when ports are settled."""
        display = self.display
        if not isinstance(display, SpiceDisplay) or display.port or display.tls_port or display.autoport:
            return
        if display.listens[0].type is ListenType.ADDRESS:
            display.listens[0] = Listen(type=ListenType.NONE)

    def check(self, guest: DomainDefinition) -> None:
        """It can listen where it is told to; the audio back end is there."""
        check_listens(self.type, self.listens)
        if isinstance(self.display, VncDisplay):
            check_audio(self.display.audio.id if self.display.audio else None, guest)
        if isinstance(self.display, DbusDisplay) and self.display.p2p and self.display.address is not None:
            raise XmlError("D-Bus p2p with an address is not supported")
