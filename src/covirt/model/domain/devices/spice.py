# SPDX-License-Identifier: LGPL-2.1-or-later
"""The SPICE display."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from covirt.errors import InternalError
from covirt.model.common.copying import changed
from covirt.model.domain.devices.common import MouseMode
from covirt.model.domain.devices.displays import AuthField, Gl, GraphicsAuth
from covirt.model.domain.devices.graphics_listen import Listen, ListenType, old_address, read_listens
from covirt.xml import At, Context, Int, OnOff, Reading, YesNo


class ChannelName(StrEnum):
    """What a channel carries."""

    MAIN = "main"
    DISPLAY = "display"
    INPUTS = "inputs"
    CURSOR = "cursor"
    PLAYBACK = "playback"
    RECORD = "record"
    SMARTCARD = "smartcard"
    USBREDIR = "usbredir"


class ChannelMode(StrEnum):
    """Whether a channel must be under TLS, must not, or may."""

    ANY = "any"
    SECURE = "secure"
    INSECURE = "insecure"


class ImageCompression(StrEnum):
    """How images are compressed."""

    AUTO_GLZ = "auto_glz"
    AUTO_LZ = "auto_lz"
    QUIC = "quic"
    GLZ = "glz"
    LZ = "lz"
    OFF = "off"


class WanCompression(StrEnum):
    """When images are compressed for slow lines."""

    AUTO = "auto"
    NEVER = "never"
    ALWAYS = "always"


class StreamingMode(StrEnum):
    """What is sent as a video stream."""

    FILTER = "filter"
    ALL = "all"
    OFF = "off"


@dataclass(slots=True, kw_only=True)
class SpiceChannel:
    """The security of one channel."""

    name: Annotated[ChannelName, At("@name")]
    mode: Annotated[ChannelMode, At("@mode")]


@dataclass(slots=True, kw_only=True)
class ImageSetting:
    """How images are compressed."""

    compression: Annotated[ImageCompression, At("@compression")]


@dataclass(slots=True, kw_only=True)
class WanSetting:
    """When images are compressed for slow lines."""

    compression: Annotated[WanCompression, At("@compression")]


@dataclass(slots=True, kw_only=True)
class PlaybackSetting:
    """Whether sound is compressed."""

    compression: Annotated[OnOff, At("@compression")]


@dataclass(slots=True, kw_only=True)
class StreamingSetting:
    """What is sent as a video stream."""

    mode: Annotated[StreamingMode, At("@mode")]


@dataclass(slots=True, kw_only=True)
class MouseSetting:
    """Who draws the pointer."""

    mode: Annotated[MouseMode, At("@mode")]


@dataclass(slots=True, kw_only=True)
class ClipboardSetting:
    """Whether guest and viewer share their clipboards."""

    copypaste: Annotated[YesNo, At("@copypaste")]


@dataclass(slots=True, kw_only=True)
class FileTransferSetting:
    """Whether files can be given to the guest."""

    enable: Annotated[YesNo, At("@enable")]


@dataclass(slots=True, kw_only=True)
class SpiceDisplay:
    """A SPICE server."""

    type: Literal["spice"] = "spice"
    port: Annotated[Int, At("@port", omit=0)] = 0
    tls_port: Annotated[Int, At("@tlsPort", omit=0)] = 0
    autoport: Annotated[YesNo | None, At("@autoport")] = None
    listen: Annotated[str | None, At("@listen")] = None
    """Only while reading and writing; see `listens`."""
    keymap: Annotated[str | None, At("@keymap")] = None
    default_mode: Annotated[ChannelMode, At("@defaultMode", omit=ChannelMode.ANY)] = ChannelMode.ANY
    auth: AuthField = field(default_factory=GraphicsAuth)
    listens: Annotated[list[Listen], At("listen")] = field(default_factory=list)
    channels: Annotated[list[SpiceChannel], At("channel")] = field(default_factory=list)
    image: Annotated[ImageSetting | None, At("image")] = None
    jpeg: Annotated[WanSetting | None, At("jpeg")] = None
    zlib: Annotated[WanSetting | None, At("zlib")] = None
    playback: Annotated[PlaybackSetting | None, At("playback")] = None
    streaming: Annotated[StreamingSetting | None, At("streaming")] = None
    mouse: Annotated[MouseSetting | None, At("mouse")] = None
    clipboard: Annotated[ClipboardSetting | None, At("clipboard")] = None
    filetransfer: Annotated[FileTransferSetting | None, At("filetransfer")] = None
    gl: Annotated[Gl | None, At("gl")] = None

    def after_parse(self, reading: Reading) -> None:
        """Ports -1 mean any ports; of each channel the last word counts."""
        self.autoport = bool(self.autoport) or (self.port == -1 and self.tls_port == -1)
        if self.autoport and reading.context & Context.INACTIVE:
            self.port = self.tls_port = 0
        self.listens = read_listens(self.listens, self.listen, None)
        self.listen = None
        modes = {channel.name: channel.mode for channel in self.channels}
        self.channels = [
            SpiceChannel(name=name, mode=modes[name])
            for name in ChannelName
            if modes.get(name, ChannelMode.ANY) is not ChannelMode.ANY
        ]

    def for_format(self, context: Context) -> SpiceDisplay:
        """Ports only where it listens at ports, and the first place in the old way too."""
        first = self.listens[0] if self.listens else None
        if first is None:
            raise InternalError("missing listen element for spice graphics")
        if first.type in (ListenType.ADDRESS, ListenType.NETWORK):
            return changed(self, autoport=bool(self.autoport), listen=old_address(first, context))
        autoport, listens = None, self.listens
        if context & Context.MIGRATABLE:
            listens = [listen for listen in listens if listen.type is not ListenType.NONE]
            if first.type is ListenType.NONE:
                autoport = False
            elif first.from_config:
                autoport = True
        return changed(self, port=0, tls_port=0, autoport=autoport, listens=listens)
