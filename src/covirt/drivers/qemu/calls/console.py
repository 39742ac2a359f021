# SPDX-License-Identifier: LGPL-2.1-or-later
"""Consoles, channels, screens and keys."""

from __future__ import annotations

import os
from pathlib import Path

from covirt.api.binding import CallTable
from covirt.api.domain import console as api
from covirt.api.domain.console import DomainChannelFlags, DomainConsoleFlags, KeycodeSet
from covirt.api.enums import NoFlags
from covirt.api.stream import StreamEnd
from covirt.drivers.common import bridging
from covirt.drivers.qemu.calls.request import Req
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.monitor.commands import display, lifecycle
from covirt.errors import InternalError, InvalidArg, OperationFailed
from covirt.keycodes import CODE_SETS, translate
from covirt.model.domain.devices.char import Channel, CharacterDevice, VirtioTarget
from covirt.model.domain.devices.chardev import PtyChardev, UnixChardev
from covirt.runtime.loop import in_thread
from covirt.runtime.sockets import connect_unix

calls = CallTable()

# Streams to character devices


@calls.implements(api.open_console)
async def open_console(req: Req, dev_name: str | None, flags: DomainConsoleFlags) -> None:
    """Connect the stream to a console or serial port."""
    guest = req.guest
    guest.require_active()
    device = _console(guest, dev_name)
    if device is None:
        raise InternalError(f"cannot find console device '{dev_name or 'default'}'")
    await _open(req, device, force=DomainConsoleFlags.FORCE in flags, what="console")


def _console(guest: QemuGuest, name: str | None) -> CharacterDevice | None:
    """The device of an alias, or the first console or serial port."""
    devices = guest.definition.devices
    if name is None:
        return next(iter((*devices.consoles, *devices.serials)), None)
    every = (*devices.consoles, *devices.serials, *devices.parallels)
    return next((device for device in every if device.info.alias == name), None)


@calls.implements(api.open_channel)
async def open_channel(req: Req, name: str | None, flags: DomainChannelFlags) -> None:
    """Connect the stream to a channel."""
    guest = req.guest
    guest.require_active()
    channel = _channel(guest, name)
    if channel is None:
        raise InternalError(f"cannot find channel {name}" if name else "cannot find channel")
    await _open(req, channel, force=DomainChannelFlags.FORCE in flags, what="channel")


def _channel(guest: QemuGuest, name: str | None) -> Channel | None:
    """The channel of a target name or alias, or the first one."""
    channels = guest.definition.devices.channels
    if name is None:
        return next(iter(channels), None)
    for channel in channels:
        target = channel.target.name if isinstance(channel.target, VirtioTarget) else None
        if name in (target, channel.info.alias):
            return channel
    return None


async def _open(req: Req, device: CharacterDevice, *, force: bool, what: str) -> None:
    guest, source = req.guest, device.source
    run, path = guest.running, getattr(source, "path", None)
    if not isinstance(source, PtyChardev | UnixChardev) or path is None:
        raise InternalError(f"character device {device.info.alias} is not using a PTY or UNIX socket")
    other = run.streams.get(path)
    if other is not None and not force:
        kind = "console session" if what == "console" else "channel stream"
        raise OperationFailed(f"Active {kind} exists for this domain")
    if other is not None:
        await other.close()
    end = await _reach(req, source)
    bridge = bridging.Bridge(end, req.byte_stream)
    run.streams[path] = bridge

    async def carry() -> None:
        try:
            await bridge.run()
        finally:
            if run.streams.get(path) is bridge:
                del run.streams[path]

    req.driver.tasks.start(carry(), f"{what} of {guest.name}")


async def _reach(req: Req, source: PtyChardev | UnixChardev) -> int:
    """The descriptor of a terminal or socket."""
    assert source.path is not None
    if isinstance(source, PtyChardev):
        fd = req.driver.host.ptys.connect(Path(source.path))
        if os.isatty(fd):
            req.driver.host.ptys.set_raw(fd)
        return fd
    try:
        return (await connect_unix(source.path)).detach()
    except OSError as error:
        raise OperationFailed(f"cannot connect to '{source.path}': {error.strerror}") from error


# Pictures


@calls.implements(api.screenshot)
async def screenshot(req: Req, screen: int, flags: NoFlags) -> str | None:
    """A picture of a screen."""
    guest = req.guest
    guest.require_active()
    video, head = _screen(guest, screen)
    png = "screenshot-format-png" in guest.running.caps
    path = guest.running.directory / "screenshot"
    await in_thread(_make_writable, path, req.driver.uid, req.driver.gid)
    try:
        await display.screenshot(guest.monitor, str(path), device=video, head=head, format="png" if png else None)
        data = await in_thread(path.read_bytes)
    finally:
        await in_thread(path.unlink, True)
    req.driver.tasks.start(_send(req.byte_stream, data), f"screenshot of {guest.name}")
    return "image/png" if png else "image/x-portable-pixmap"


def _screen(guest: QemuGuest, screen: int) -> tuple[str | None, int]:
    """The device and head that show a screen."""
    videos = guest.definition.devices.videos
    if not videos:
        raise OperationFailed("no screens to take screenshot from")
    heads = [(video.info.alias, head) for video in videos for head in range(video.model.heads or 1)]
    if screen >= len(heads):
        raise InvalidArg("no such screen")
    return heads[screen] if screen else (heads[0][0], 0)


def _make_writable(path: Path, uid: int, gid: int) -> None:
    path.touch(mode=0o600)
    if os.geteuid() == 0:
        os.chown(path, uid, gid)


async def _send(stream: StreamEnd, data: bytes) -> None:
    await stream.send(data)
    await stream.finish()


# Keys


@calls.implements(api.send_key)
async def send_key(req: Req, codeset: KeycodeSet, holdtime: int, keycodes: list[int], flags: NoFlags) -> None:
    """Press keys together."""
    guest = req.guest
    guest.require_active()
    if not 0 <= codeset < len(CODE_SETS):
        raise InvalidArg(f"cannot translate keycode set {int(codeset)}")
    await lifecycle.send_keys(guest.monitor, [_qemu_code(codeset, code) for code in keycodes], holdtime)


def _qemu_code(codeset: KeycodeSet, code: int) -> int:
    """QEMU's own numbers are those of the set qnum."""
    if codeset is KeycodeSet.QNUM:
        return code
    found = translate(CODE_SETS[codeset], "qnum", code)
    if not found:
        raise InternalError(f"cannot translate keycode {code} of {CODE_SETS[codeset]} codeset to rfb keycode")
    return found


@calls.implements(api.inject_nmi)
async def inject_nmi(req: Req, flags: NoFlags) -> None:
    """Send a non-maskable interrupt."""
    req.guest.require_active()
    await lifecycle.inject_nmi(req.guest.monitor)
