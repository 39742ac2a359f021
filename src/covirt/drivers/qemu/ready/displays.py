# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where displays listen, at which ports, and which graphics card draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.errors import ConfigUnsupported
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.displays import DbusDisplay, EglHeadlessDisplay, RdpDisplay, VncDisplay
from covirt.model.domain.devices.graphics import Graphics
from covirt.model.domain.devices.graphics_listen import Listen, ListenType
from covirt.model.domain.devices.spice import ChannelMode, SpiceDisplay

if TYPE_CHECKING:
    from covirt.drivers.qemu.ready.definition import Starting

ANY_PORT = -1


def settle(guest: DomainDefinition, starting: Starting) -> None:
    """All displays: places first, as ports depend on them."""
    for graphics in guest.devices.graphics:
        _check(graphics)
        _choose_card(graphics, starting)
        _choose_places(graphics, starting)
        if isinstance(graphics.display, DbusDisplay) and not graphics.display.p2p and not graphics.display.address:
            graphics.display.address = f"unix:path={starting.dbus}"
    for graphics in guest.devices.graphics:
        if graphics.listens and graphics.listens[0].type in (ListenType.ADDRESS, ListenType.NETWORK):
            _choose_ports(graphics, starting)


def _check(graphics: Graphics) -> None:
    if isinstance(graphics.display, VncDisplay | SpiceDisplay) and len(graphics.listens) > 1:
        raise ConfigUnsupported("QEMU does not support multiple listens for one graphics device.")
    if isinstance(graphics.display, RdpDisplay):
        if len(graphics.listens) > 1:
            raise ConfigUnsupported("qemu-rdp does not support multiple listens for one graphics device.")
        if graphics.display.multi_user:
            raise ConfigUnsupported("qemu-rdp doesn't support the 'multiUser' attribute.")
        if graphics.display.replace_user:
            raise ConfigUnsupported("qemu-rdp doesn't support the 'replaceUser' attribute.")


def _choose_card(graphics: Graphics, starting: Starting) -> None:
    """Displays that draw with the host's card need one."""
    display = graphics.display
    if isinstance(display, EglHeadlessDisplay):
        if display.rendernode is None and "egl-headless.rendernode" in starting.caps:
            display.rendernode = starting.render_node()
    elif isinstance(display, SpiceDisplay | DbusDisplay) and display.gl and display.gl.enable:
        wanted = isinstance(display, DbusDisplay) or "spice-rendernode" in starting.caps
        if display.gl.rendernode is None and wanted:
            display.gl.rendernode = starting.render_node()


def _choose_places(graphics: Graphics, starting: Starting) -> None:
    settings = starting.settings
    use_socket, usual = {
        "vnc": (settings.vnc_auto_unix_socket, settings.vnc_listen),
        "spice": (settings.spice_auto_unix_socket, settings.spice_listen),
        "rdp": (False, settings.rdp_listen),
    }.get(graphics.type, (False, None))
    made = f"{starting.directory}/{graphics.type}.sock"
    for place, listen in enumerate(graphics.listens):
        if listen.type is ListenType.ADDRESS and not listen.address:
            if use_socket:
                graphics.listens[place] = Listen(type=ListenType.SOCKET, socket=made, from_config=True)
            elif usual:
                listen.address, listen.from_config = usual, True
        elif listen.type is ListenType.NETWORK and not listen.address and usual:
            listen.address = starting.network_address(listen.network) if listen.network else usual
        elif listen.type is ListenType.SOCKET and not listen.socket:
            listen.socket, listen.auto_generated = made, True


# Ports


def _choose_ports(graphics: Graphics, starting: Starting) -> None:
    match graphics.display:
        case VncDisplay() as display:
            if display.autoport:
                display.port = starting.ports.vnc()
            if display.websocket == ANY_PORT:
                display.websocket, display.websocket_generated = starting.ports.websocket(), True
        case RdpDisplay() as display:
            if display.autoport:
                display.port = starting.ports.rdp()
        case SpiceDisplay() as display:
            _choose_spice_ports(display, starting)


def _choose_spice_ports(display: SpiceDisplay, starting: Starting) -> None:
    plain = display.port == ANY_PORT
    secure = display.tls_port == ANY_PORT
    if display.autoport:
        modes = {display.default_mode, *(channel.mode for channel in display.channels)}
        secure = secure or ChannelMode.SECURE in modes
        plain = plain or ChannelMode.INSECURE in modes
        if display.default_mode is ChannelMode.ANY:
            plain, secure = True, secure or starting.settings.spice_tls
    if plain:
        display.port = starting.ports.spice()
    if secure:
        if not starting.settings.spice_tls:
            raise ConfigUnsupported(
                "Auto allocation of spice TLS port requested but spice TLS is disabled in qemu.conf"
            )
        display.tls_port = starting.ports.spice_tls()
