# SPDX-License-Identifier: LGPL-2.1-or-later
"""Crypto devices."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import add_companion, place, virtio_props
from covirt.model.domain.devices.crypto import Crypto


def build(crypto: Crypto, build: Build) -> None:
    """What encrypts, and the device."""
    build.argv.object(backend(crypto))
    add_companion(build, crypto.info)
    build.argv.device(frontend(crypto, build))


def backend(crypto: Crypto) -> Props:
    """What encrypts."""
    kind = f"cryptodev-backend-{crypto.backend.model}"
    return props(qom_type=kind, id=f"obj{crypto.info.alias}", queues=crypto.backend.queues or None)


def frontend(crypto: Crypto, build: Build) -> Props:
    """The device."""
    return (
        virtio_props(build, "virtio-crypto", crypto.info, crypto.driver)
        | props(cryptodev=f"obj{crypto.info.alias}", id=crypto.info.alias)
        | place(build, crypto.info)
    )
