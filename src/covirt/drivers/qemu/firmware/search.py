# SPDX-License-Identifier: LGPL-2.1-or-later
"""Finding the descriptions of firmware on this host."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from covirt.drivers.qemu.firmware.description import BadDescription, Firmware, Interface
from covirt.runtime.log import get

log = get("qemu.firmware")

_MOST_BYTES = 1024 * 1024


def directories(*, privileged: bool, config_home: Path, root: Path = Path("/"), kind: str = "firmware") -> list[Path]:
    """Where descriptions lie, the least specific first; those in a user's home are not for the system's daemon.

    Programs that are devices (`vhost-user`) are described in the same way.
    """
    common = [root / f"usr/share/qemu/{kind}", root / f"etc/qemu/{kind}"]
    return common if privileged else [*common, config_home / "qemu" / kind]


def description_files(where: Sequence[Path]) -> list[Path]:
    """The files in order of precedence: by name, each from the most specific directory that has it.

    An empty file hides those of the same name.
    """
    found: dict[str, Path] = {}
    for directory in where:
        if directory.is_dir():
            visible = (path for path in directory.iterdir() if not path.name.startswith("."))
            found |= {path.name: path for path in visible if path.is_file()}
    return [path for _, path in sorted(found.items()) if path.stat().st_size > 0]


def read_descriptions(files: Iterable[Path]) -> list[Firmware]:
    """The firmware in these files; what cannot be used is passed over. Blocks shortly."""
    usable = []
    for path in files:
        try:
            if path.stat().st_size > _MOST_BYTES:
                raise BadDescription("too large")
            usable.append(Firmware.parse(path.read_text()))
        except (BadDescription, OSError, UnicodeDecodeError) as problem:
            log.debug("firmware description is passed over", file=path, problem=problem)
    return usable


@dataclass(frozen=True, slots=True)
class FirmwareSupport:
    """What firmware there is for a machine."""

    interfaces: frozenset[Interface]
    secure: bool
    """Whether some of it can protect itself from the guest (SMM)."""
    images: tuple[tuple[str, str | None], ...]
    """Images with the templates of their variables, in order of precedence."""


def supported(firmwares: Iterable[Firmware], arch: str, machine: str) -> FirmwareSupport:
    """The firmware for a machine, out of all there is."""
    fitting = [firmware for firmware in firmwares if firmware.fits(arch, machine)]
    return FirmwareSupport(
        interfaces=frozenset(interface for firmware in fitting for interface in firmware.interfaces),
        secure=any("requires-smm" in firmware.features for firmware in fitting),
        images=tuple(dict.fromkeys(images for firmware in fitting if (images := firmware.images))),
    )
