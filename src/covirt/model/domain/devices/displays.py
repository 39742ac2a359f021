# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kinds of display, one class for each but SPICE."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.common.copying import changed
from covirt.model.common.scalars import OrDefault
from covirt.model.domain.devices.graphics_listen import Listen, ListenType, old_address, read_listens
from covirt.model.domain.devices.sound import AudioRef
from covirt.xml import At, Context, Int, Reading, Scalar, Words, YesNo


class LooseYesNo(Scalar):
    """Yes or no; any other word says nothing."""

    __slots__ = ()

    def read(self, text: str) -> bool | None:
        """The truth of a word."""
        return {"yes": True, "no": False}.get(text)

    def write(self, value: bool) -> str:
        """The word of a truth."""
        return "yes" if value else "no"


LooseYes = Annotated[bool | None, LooseYesNo()]


class AuthConnected(StrEnum):
    """What happens to who is connected when the password changes."""

    FAIL = "fail"
    DISCONNECT = "disconnect"
    KEEP = "keep"


_VALID_TO = re.compile(r"([+-]?\d+)-([+-]?\d+)-([+-]?\d+)T([+-]?\d+):([+-]?\d+):([+-]?\d+)")


@dataclass(slots=True, kw_only=True)
class GraphicsAuth:
    """Who may connect, and until when."""

    username: Annotated[str | None, At("@username")] = None
    passwd: Annotated[str | None, At("@passwd", write_when=Context.SECURE)] = None
    valid_to: Annotated[str | None, At("@passwdValidTo")] = None
    connected: Annotated[
        AuthConnected | None,
        At("@connected", invalid="unknown connected value {value}", error=ConfigUnsupported),
    ] = None

    def after_parse(self, reading: Reading) -> None:
        """Without a password there is nothing; times are of the form 2010-11-28T14:29:01, in UTC."""
        if self.passwd is None:
            self.username = self.valid_to = self.connected = None
        if self.valid_to is not None:
            self.valid_to = _time(self.valid_to)

    @property
    def valid_until(self) -> datetime | None:
        """When the password ends."""
        return None if self.valid_to is None else datetime.fromisoformat(self.valid_to).replace(tzinfo=UTC)


def _time(text: str) -> str:
    wrong = InternalError(f"cannot parse password validity time '{text}', expect YYYY-MM-DDTHH:MM:SS")
    found = _VALID_TO.fullmatch(text)
    if not found:
        raise wrong
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, second).isoformat(timespec="seconds")
    except ValueError:
        raise wrong from None


AuthField = Annotated[GraphicsAuth, At(".")]


def port_at(path: str, kind: str) -> Any:
    """The place of a port, refused in the words of its display."""
    return At(path, omit=0, invalid=f"cannot parse {kind} port {{value}}", error=InternalError)


# VNC


class VncSharePolicy(StrEnum):
    """What happens to others when one more connects."""

    ALLOW_EXCLUSIVE = "allow-exclusive"
    FORCE_SHARED = "force-shared"
    IGNORE = "ignore"


@dataclass(slots=True, kw_only=True)
class VncDisplay:
    """A VNC server."""

    type: Literal["vnc"] = "vnc"
    socket: Annotated[str | None, At("@socket")] = None
    """Only while reading and writing; see `listens`."""
    port: Annotated[Int, port_at("@port", "vnc")] = 0
    autoport: Annotated[LooseYes, At("@autoport")] = None
    websocket: Annotated[Int, At("@websocket", omit=0)] = 0
    websocket_generated: Annotated[LooseYes, At("@websocketGenerated", write_when=Context.STATUS)] = False
    listen: Annotated[str | None, At("@listen")] = None
    """Only while reading and writing; see `listens`."""
    keymap: Annotated[str | None, At("@keymap")] = None
    share_policy: Annotated[VncSharePolicy | None, At("@sharePolicy"), OrDefault(VncSharePolicy)] = None
    power_control: Annotated[YesNo | None, At("@powerControl")] = None
    auth: AuthField = field(default_factory=GraphicsAuth)
    listens: Annotated[list[Listen], At("listen")] = field(default_factory=list)
    audio: Annotated[AudioRef | None, At("audio")] = None

    def after_parse(self, reading: Reading) -> None:
        """Port -1 or none means any port."""
        inactive = bool(reading.context & Context.INACTIVE)
        anywhere = self.port == -1 or "port" not in reading.element.attributes
        self.autoport = anywhere if self.autoport is None else self.autoport
        if inactive and (self.autoport or self.port == -1):
            self.port = 0
        self.websocket_generated = bool(self.websocket_generated)
        self.listens = read_listens(self.listens, self.listen, self.socket)
        self.listen = self.socket = None
        if self.auth.connected not in (None, AuthConnected.KEEP):
            raise ConfigUnsupported("VNC supports connected='keep' only")

    def for_format(self, context: Context) -> VncDisplay:
        """Ports that will be chosen are told as -1, and the first place in the old way too."""
        first = self.listens[0] if self.listens else None
        if first is None:
            raise InternalError("missing listen element for VNC graphics")
        listens = self.listens
        if context & Context.MIGRATABLE:
            listens = [
                listen
                for listen in listens
                if listen.type is not ListenType.SOCKET or not listen.socket or listen.auto_generated
            ]
        if first.type is ListenType.SOCKET:
            ours = first.auto_generated or first.from_config
            socket = None if ours and context & Context.MIGRATABLE else first.socket
            return changed(_silent(self), socket=socket, listens=listens)
        if first.type is ListenType.NONE:
            return changed(_silent(self), listens=listens)
        inactive = context & Context.INACTIVE
        port = self.port if self.port and not (self.autoport and inactive) else -1 if self.autoport else 0
        websocket = -1 if self.websocket_generated and inactive else self.websocket
        return changed(
            self,
            port=port,
            autoport=bool(self.autoport),
            websocket=websocket,
            listen=old_address(first, context),
            listens=listens,
        )


def _silent(display: VncDisplay) -> VncDisplay:
    """A display that does not listen at ports."""
    return changed(display, port=0, autoport=None, websocket=0, websocket_generated=None)


# RDP


YesOnly = Annotated[bool | None, Words("yes", None)]


@dataclass(slots=True, kw_only=True)
class RdpDisplay:
    """A remote desktop server."""

    type: Literal["rdp"] = "rdp"
    port: Annotated[Int | None, At("@port", invalid="cannot parse rdp port {value}", error=InternalError)] = None
    autoport: Annotated[LooseYes, At("@autoport", omit=False)] = None
    replace_user: Annotated[LooseYes, At("@replaceUser", omit=False)] = None
    multi_user: Annotated[LooseYes, At("@multiUser", omit=False)] = None
    listen: Annotated[str | None, At("@listen")] = None
    """Only while reading and writing; see `listens`."""
    auth: AuthField = field(default_factory=GraphicsAuth)
    listens: Annotated[list[Listen], At("listen")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """Port -1 or none means any port."""
        self.autoport = bool(self.autoport) or self.port in (-1, None)
        if self.autoport and (reading.context & Context.INACTIVE or self.port is None):
            self.port = 0
        self.replace_user, self.multi_user = bool(self.replace_user), bool(self.multi_user)
        self.listens = read_listens(self.listens, self.listen, None)
        self.listen = None

    def for_format(self, context: Context) -> RdpDisplay:
        """A port that will be chosen is told as 0, and the first place in the old way too."""
        first = self.listens[0] if self.listens else None
        port = self.port or (0 if self.autoport else None)
        return changed(self, port=port, listen=old_address(first, context))


# On the host's screen


@dataclass(slots=True, kw_only=True)
class Gl:
    """Whether the host's graphics card draws, and which."""

    enable: Annotated[YesNo, At("@enable")]
    rendernode: Annotated[str | None, At("@rendernode")] = None


@dataclass(slots=True, kw_only=True)
class SdlDisplay:
    """A window on the host's screen."""

    type: Literal["sdl"] = "sdl"
    display: Annotated[str | None, At("@display")] = None
    xauth: Annotated[str | None, At("@xauth")] = None
    fullscreen: Annotated[YesNo, At("@fullscreen", omit=False)] = False
    gl: Annotated[Gl | None, At("gl")] = None

    def after_parse(self, reading: Reading) -> None:
        """The window's own card draws."""
        if self.gl:
            self.gl.rendernode = None


@dataclass(slots=True, kw_only=True)
class DesktopDisplay:
    """A window of the hypervisor's own program."""

    type: Literal["desktop"] = "desktop"
    display: Annotated[str | None, At("@display")] = None
    fullscreen: Annotated[YesNo, At("@fullscreen", omit=False)] = False


# Without a screen


@dataclass(slots=True, kw_only=True)
class EglHeadlessDisplay:
    """The host's graphics card draws, other displays show it."""

    type: Literal["egl-headless"] = "egl-headless"
    rendernode: Annotated[str | None, At("gl/@rendernode")] = None


@dataclass(slots=True, kw_only=True)
class DbusDisplay:
    """The screen as objects on a D-Bus."""

    type: Literal["dbus"] = "dbus"
    p2p: Annotated[YesNo, At("@p2p", omit=False)] = False
    address: Annotated[str | None, At("@address")] = None
    gl: Annotated[Gl | None, At("gl")] = None
    audio: Annotated[AudioRef | None, At("audio")] = None
