# SPDX-License-Identifier: LGPL-2.1-or-later
"""Displays: VNC and SPICE servers, windows, D-Bus, and the host's graphics card without a screen."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build, tls_credentials
from covirt.drivers.qemu.devices.spice import spice_option
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.domain.devices.displays import DbusDisplay, EglHeadlessDisplay, SdlDisplay, VncDisplay
from covirt.model.domain.devices.graphics import Graphics
from covirt.model.domain.devices.graphics_listen import Listen, ListenType
from covirt.model.domain.devices.spice import SpiceDisplay

VNC_BASE = 5900
"""The port of display number 0."""
VNC_CREDENTIALS = "vnc-tls-creds0"


def build(graphics: Graphics, build: Build) -> None:
    """The display."""
    match graphics.display:
        case SdlDisplay() as display:
            _add_sdl(display, build)
        case VncDisplay() as display:
            _add_vnc(display, build)
        case SpiceDisplay() as display:
            _add_spice(display, build)
        case EglHeadlessDisplay() as display:
            node = f",rendernode={commas(display.rendernode)}" if display.rendernode else ""
            build.argv.add("-display", f"egl-headless{node}")
        case DbusDisplay() as display:
            _add_dbus(display, build)


def commas(text: str | None) -> str:
    """The text as part of an option: commas are doubled."""
    return (text or "").replace(",", ",,")


def first_listen(listens: list[Listen]) -> Listen:
    """The one place where QEMU listens."""
    if not listens:
        raise InternalError("missing listen element")
    return listens[0]


def _add_sdl(display: SdlDisplay, build: Build) -> None:
    environment = build.argv.environment
    if display.xauth:
        environment["XAUTHORITY"] = display.xauth
    if display.display:
        environment["DISPLAY"] = display.display
    if display.fullscreen:
        build.argv.add("-full-screen")
    gl = f",gl={'on' if display.gl.enable else 'off'}" if display.gl else ""
    build.argv.add("-display", f"sdl{gl}")


def _add_dbus(display: DbusDisplay, build: Build) -> None:
    option = "dbus" + (",p2p=on" if display.p2p else f",addr={commas(display.address)}")
    if display.gl:
        option += f",gl={'on' if display.gl.enable else 'off'}"
        if display.gl.rendernode:
            option += f",rendernode={commas(display.gl.rendernode)}"
    if display.audio:
        option += f",audiodev={build.audio_id(display.audio.id)}"
    build.argv.add("-display", option)


# VNC


def _add_vnc(display: VncDisplay, build: Build) -> None:
    settings = build.settings
    audio = build.audio_id(display.audio.id if display.audio else None)
    option = _vnc_place(display)
    if display.share_policy:
        option += f",share={display.share_policy}"
    if display.auth.passwd is not None or settings.vnc_password is not None:
        option += ",password=on"
    if settings.vnc_tls:
        _add_vnc_credentials(build)
        option += f",tls-creds={VNC_CREDENTIALS}"
    if settings.vnc_sasl:
        option += ",sasl=on"
        if settings.vnc_sasl_dir:
            build.argv.environment["SASL_CONF_PATH"] = settings.vnc_sasl_dir
    if display.power_control is not None:
        option += f",power-control={'on' if display.power_control else 'off'}"
    build.argv.add("-vnc", f"{option},audiodev={audio}")
    if display.keymap:
        build.argv.add("-k", display.keymap)


def _vnc_place(display: VncDisplay) -> str:
    listen = first_listen(display.listens)
    if listen.type is ListenType.SOCKET:
        return f"vnc=unix:{commas(listen.socket)}"
    if listen.type is ListenType.NONE:
        return "none"
    if not display.autoport and not VNC_BASE <= display.port <= 65535:
        raise ConfigUnsupported("vnc port must be in range [5900,65535]")
    address = listen.address or ""
    place = f"[{address}]" if ":" in address else address
    websocket = f",websocket={display.websocket}" if display.websocket else ""
    return f"{place}:{display.port - VNC_BASE}{websocket}"


def vnc_tls_secret(build: Build) -> str | None:
    """The name of the secret that opens the server's key."""
    settings = build.settings
    wanted = settings.vnc_tls_x509_secret_uuid or settings.default_tls_x509_secret_uuid
    return f"{VNC_CREDENTIALS}-secret0" if settings.vnc_tls and wanted else None


def _add_vnc_credentials(build: Build) -> None:
    settings, secret = build.settings, vnc_tls_secret(build)
    if secret:
        build.argv.object(build.secret(secret))
    verify = settings.vnc_tls_x509_verify
    if verify is None:
        verify = settings.default_tls_x509_verify
    directory = build.prepared.certificates["vnc"]
    # Viewers need no certificate of their own unless somebody asks for it.
    build.argv.object(tls_credentials(directory, VNC_CREDENTIALS, listen=True, verify=bool(verify), secret=secret))


# SPICE


def _add_spice(display: SpiceDisplay, build: Build) -> None:
    settings = build.settings
    if settings.spice_sasl and settings.spice_sasl_dir:
        build.argv.environment["SASL_CONF_PATH"] = settings.spice_sasl_dir
    build.argv.add("-spice", spice_option(display, first_listen(display.listens), build))
    if display.keymap:
        build.argv.add("-k", display.keymap)
