# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where displays listen that an older release put there."""

from __future__ import annotations

from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.graphics_listen import ListenType
from covirt.xml import Context


def forget_sockets(guest: DomainDefinition, about: Circumstances) -> None:
    """A socket of a VNC display in our own directory was made up for an earlier run, without saying so."""
    for graphics in guest.devices.graphics:
        if graphics.type != "vnc":
            continue
        for listen in graphics.listens:
            made_up = listen.socket is not None and listen.socket.startswith(str(about.roots.lib))
            if listen.type is not ListenType.SOCKET or listen.auto_generated or not made_up:
                continue
            if about.context & Context.INACTIVE:
                listen.type, listen.socket = ListenType.ADDRESS, None
            else:
                listen.from_config = True
