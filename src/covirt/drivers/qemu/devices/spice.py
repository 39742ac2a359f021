# SPDX-License-Identifier: LGPL-2.1-or-later
"""The option of a SPICE server."""

from __future__ import annotations

from collections.abc import Iterator

from covirt.drivers.qemu.command.context import Build
from covirt.errors import ConfigUnsupported
from covirt.model.domain.devices.common import MouseMode
from covirt.model.domain.devices.graphics_listen import Listen, ListenType
from covirt.model.domain.devices.spice import ChannelMode, SpiceDisplay


def spice_option(display: SpiceDisplay, listen: Listen, build: Build) -> str:
    """All that QEMU is told of the server."""
    unported = listen.type in (ListenType.SOCKET, ListenType.NONE)
    secure = listen.type in (ListenType.ADDRESS, ListenType.NETWORK) and display.tls_port > 0
    words = [
        *_place(display, listen),
        *_access(display, build, secure),
        *_channels(display, secure=secure, plain=unported or display.port > 0),
        *_tuning(display),
        "seamless-migration=on",
    ]
    return ",".join(words)


def _place(display: SpiceDisplay, listen: Listen) -> Iterator[str]:
    if listen.type is ListenType.SOCKET:
        yield "unix=on"
        yield f"addr={(listen.socket or '').replace(',', ',,')}"
        return
    if listen.type is ListenType.NONE:
        yield "port=0"
        return
    if display.port > 0:
        yield f"port={display.port}"
    if display.tls_port > 0:
        yield f"tls-port={display.tls_port}"
    if listen.address and (display.port > 0 or display.tls_port > 0):
        yield f"addr={listen.address}"


def _access(display: SpiceDisplay, build: Build, secure: bool) -> Iterator[str]:
    if build.settings.spice_sasl:
        yield "sasl=on"
    if display.mouse:
        yield f"agent-mouse={'on' if display.mouse.mode is MouseMode.CLIENT else 'off'}"
    if display.auth.passwd is None and build.settings.spice_password is None:
        yield "disable-ticketing=on"
    if secure:
        yield f"x509-dir={build.prepared.certificates['spice'].replace(',', ',,')}"


def _channels(display: SpiceDisplay, *, secure: bool, plain: bool) -> Iterator[str]:
    told = [("default", display.default_mode, "defaultMode {} requested")]
    told += [(channel.name, channel.mode, "{} channels set") for channel in display.channels]
    for name, mode, what in told:
        if mode is ChannelMode.SECURE:
            _require(secure, what.format("secure"), "TLS")
            yield f"tls-channel={name}"
        elif mode is ChannelMode.INSECURE:
            _require(plain, what.format("insecure"), "plaintext")
            yield f"plaintext-channel={name}"


def _require(there: bool, what: str, connection: str) -> None:
    if not there:
        raise ConfigUnsupported(f"spice {what} in XML configuration, but {connection} connection is not available")


def _tuning(display: SpiceDisplay) -> Iterator[str]:
    if display.image:
        yield f"image-compression={display.image.compression}"
    if display.jpeg:
        yield f"jpeg-wan-compression={display.jpeg.compression}"
    if display.zlib:
        yield f"zlib-glz-wan-compression={display.zlib.compression}"
    if display.playback:
        yield f"playback-compression={'on' if display.playback.compression else 'off'}"
    if display.streaming:
        yield f"streaming-video={display.streaming.mode}"
    if display.clipboard and not display.clipboard.copypaste:
        yield "disable-copy-paste=on"
    if display.filetransfer and not display.filetransfer.enable:
        yield "disable-agent-file-xfer=on"
    if display.gl and display.gl.enable:
        yield "gl=on"
        if display.gl.rendernode:
            yield f"rendernode={display.gl.rendernode.replace(',', ',,')}"
