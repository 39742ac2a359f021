# SPDX-License-Identifier: LGPL-2.1-or-later
"""Seeing and touching a guest: consoles, channels, screen, keys."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.call import Calls, Direction, Job
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Domain
from covirt.api.layout import Max, UInt, Width
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainConsoleFlags(Flags, prefix="VIR_DOMAIN_CONSOLE_"):
    """What to do when a console is in use."""

    FORCE = 1
    SAFE = 1 << 1


class DomainChannelFlags(Flags, prefix="VIR_DOMAIN_CHANNEL_"):
    """What to do when a channel is in use."""

    FORCE = 1


class KeycodeSet(Number, prefix="VIR_KEYCODE_SET_"):
    """Whose key numbers are meant."""

    LINUX = 0
    XT = 1
    ATSET1 = 2
    ATSET2 = 3
    ATSET3 = 4
    OSX = 5
    XT_KBD = 6
    USB = 7
    WIN32 = 8
    QNUM = 9


class DomainOpenGraphicsFlags(Flags, prefix="VIR_DOMAIN_OPEN_GRAPHICS_"):
    """How to connect to a graphics server."""

    SKIPAUTH = 1


class DomainGraphicsReloadType(Number, prefix="VIR_DOMAIN_GRAPHICS_RELOAD_TYPE_"):
    """Which graphics server is meant."""

    ANY = 0
    VNC = 1


@call(201, "virDomainOpenConsole", acl="domain:open_device", stream=Direction.READ, since="0.8.6")
def open_console(dom: Domain, dev_name: str | None, flags: DomainConsoleFlags) -> None:
    """Connect a stream to a console or serial port, the first if none is named."""


@call(296, "virDomainOpenChannel", acl="domain:open_device", stream=Direction.READ, since="1.0.2")
def open_channel(dom: Domain, name: str | None, flags: DomainChannelFlags) -> None:
    """Connect a stream to a channel, the first if none is named."""


@call(211, "virDomainScreenshot", acl="domain:screenshot", stream=Direction.READ, since="0.9.2")
def screenshot(dom: Domain, screen: UInt, flags: NoFlags) -> str | None:
    """Take a picture of a screen; the stream brings it, the result tells its type."""


@call(226, "virDomainSendKey", acl="domain:send_input", since="0.9.3")
def send_key(
    dom: Domain,
    codeset: Annotated[KeycodeSet, Width.UINT],
    holdtime: UInt,
    keycodes: Annotated[list[UInt], Max(limits.DOMAIN_SEND_KEY)],
    flags: NoFlags,
) -> None:
    """Press keys together for some milliseconds."""


@call(210, "virDomainInjectNMI", acl="domain:inject_nmi", job=Job.MODIFY, since="0.9.2")
def inject_nmi(dom: Domain, flags: NoFlags) -> None:
    """Send the guest a non-maskable interrupt."""


@call(249, "virDomainOpenGraphics", acl="domain:open_graphics", fds_in=True, since="0.9.7")
def open_graphics(dom: Domain, idx: UInt, flags: DomainOpenGraphicsFlags) -> None:
    """Hand an open socket to the guest's graphics server."""


@call(343, "virDomainOpenGraphicsFD", acl="domain:open_graphics", fds_out=True, since="1.2.8")
def open_graphics_fd(dom: Domain, idx: UInt, flags: DomainOpenGraphicsFlags) -> None:
    """Get an open socket of the guest's graphics server."""


@call(448, "virDomainGraphicsReload", acl="domain:write", since="10.2.0")
def graphics_reload(dom: Domain, type: Annotated[DomainGraphicsReloadType, Width.UINT], flags: NoFlags) -> None:
    """Have a graphics server read its certificates again."""
