# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sources of randomness."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices import chardev
from covirt.drivers.qemu.devices.common import add_companion, place, virtio_props
from covirt.model.domain.devices.rng import EgdBackend, RandomBackend, Rng

DEFAULT_PERIOD = 1000
"""Milliseconds in which the rate may be used up, when the document does not say."""


def build(rng: Rng, build: Build) -> None:
    """The source on the host, and the device."""
    if isinstance(rng.backend, EgdBackend):
        chardev.add(build, rng.backend.source, chardev.chardev_alias(rng.info.alias), rng.info.alias)
    build.argv.object(backend(rng))
    add_companion(build, rng.info)
    build.argv.device(frontend(rng, build))


def backend(rng: Rng) -> Props:
    """The source on the host."""
    name = f"obj{rng.info.alias}"
    match rng.backend:
        case RandomBackend():
            return {"qom-type": "rng-random", "id": name, "filename": rng.backend.path}
        case EgdBackend():
            return {"qom-type": "rng-egd", "id": name, "chardev": chardev.chardev_alias(rng.info.alias)}
    return {"qom-type": "rng-builtin", "id": name}


def frontend(rng: Rng, build: Build) -> Props:
    """The device."""
    return (
        virtio_props(build, "virtio-rng", rng.info, rng.driver, rng.model)
        | props(
            rng=f"obj{rng.info.alias}",
            id=rng.info.alias,
            max_bytes=rng.rate or None,
            period=(rng.period or DEFAULT_PERIOD) if rng.rate else None,
        )
        | place(build, rng.info)
    )
