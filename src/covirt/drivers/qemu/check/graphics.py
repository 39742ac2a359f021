# SPDX-License-Identifier: LGPL-2.1-or-later
"""Displays, seen from outside the guest."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.domain.devices.displays import DbusDisplay, EglHeadlessDisplay, RdpDisplay, VncDisplay
from covirt.model.domain.devices.graphics import Graphics
from covirt.model.domain.devices.spice import SpiceDisplay

VNC_PASSWORD_LENGTH = 8
"""More the protocol does not carry."""


def check(graphics: Graphics, situation: Situation) -> None:
    """Check one display."""
    display = graphics.display
    if not situation.offers("graphics", "type", display.type):
        raise ConfigUnsupported(f"{display.type} graphics are not supported with this QEMU")
    _check_egl(graphics, situation)
    match display:
        case SpiceDisplay():
            _check_spice(display, situation)
        case EglHeadlessDisplay(rendernode=str()):
            situation.need(
                "egl-headless.rendernode",
                "This QEMU doesn't support OpenGL rendernode with egl-headless graphics type",
            )
        case VncDisplay():
            _check_vnc(display, situation)
        case DbusDisplay():
            _check_dbus(display, situation)
        case RdpDisplay():
            _check_rdp(display)


def _check_egl(graphics: Graphics, situation: Situation) -> None:
    """Rendering without a screen goes with displays over the network that do not render themselves."""
    display = graphics.display
    if not any(other.type == "egl-headless" for other in situation.guest.devices.graphics):
        return
    if not isinstance(display, EglHeadlessDisplay | VncDisplay | SpiceDisplay):
        raise ConfigUnsupported(
            "graphics type 'egl-headless' is only supported with one of: 'vnc', 'spice' graphics types"
        )
    if isinstance(display, SpiceDisplay) and display.gl and display.gl.enable:
        raise ConfigUnsupported("multiple OpenGL displays are not supported by QEMU")


def _check_spice(display: SpiceDisplay, situation: Situation) -> None:
    if not display.listens:
        raise InternalError("missing listen element")
    if display.listens[0].type in ("address", "network") and display.tls_port > 0 and not situation.settings.spice_tls:
        raise ConfigUnsupported("spice TLS port set in XML configuration, but TLS is disabled in qemu.conf")
    if display.gl and display.gl.enable:
        situation.need("spice-gl", "This QEMU doesn't support spice OpenGL")
        if display.gl.rendernode:
            situation.need("spice-rendernode", "This QEMU doesn't support spice OpenGL rendernode")


def _check_vnc(display: VncDisplay, situation: Situation) -> None:
    if display.power_control is not None:
        situation.need("vnc-power-control", "VNC power control is not available")
    length = len((display.auth.passwd or "").encode())
    if length > VNC_PASSWORD_LENGTH:
        raise ConfigUnsupported(f"VNC password is {length} characters long, only {VNC_PASSWORD_LENGTH} permitted")


def _check_dbus(display: DbusDisplay, situation: Situation) -> None:
    if display.audio is None:
        return
    for audio in situation.guest.devices.audios:
        if audio.id == display.audio.id and audio.type != "dbus":
            raise ConfigUnsupported("The associated audio is not of 'dbus' kind.")


def _check_rdp(display: RdpDisplay) -> None:
    if display.replace_user:
        raise ConfigUnsupported("RDP doesn't support 'replaceUser'")
    if display.multi_user:
        raise ConfigUnsupported("RDP doesn't support 'multiUser'")
    if display.auth.valid_to:
        raise ConfigUnsupported("RDP password expiration isn't supported")
