# SPDX-License-Identifier: LGPL-2.1-or-later
"""The store of what a crashing kernel writes."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import place
from covirt.model.domain.devices.pstore import Pstore


def build(pstore: Pstore, build: Build) -> None:
    """The file and the device."""
    build.argv.object(backend(pstore))
    build.argv.device(frontend(pstore, build))


def backend(pstore: Pstore) -> Props:
    """The file."""
    return {
        "qom-type": "memory-backend-file",
        "id": f"mem{pstore.info.alias}",
        "mem-path": pstore.path,
        "size": pstore.size * 1024,
        "share": True,
    }


def frontend(pstore: Pstore, build: Build) -> Props:
    """The device."""
    made = props(driver="acpi-erst", id=pstore.info.alias, memdev=f"mem{pstore.info.alias}")
    return made | place(build, pstore.info)
