# SPDX-License-Identifier: LGPL-2.1-or-later
"""One firmware as its JSON file describes it (QEMU's docs/interop/firmware.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Literal

from covirt.drivers.qemu.capabilities.targets import arch_of_target, target_of_arch


class BadDescription(ValueError):
    """The file does not describe a firmware that we can use; it is passed over."""


class Interface(StrEnum):
    """What the firmware offers to the operating system."""

    BIOS = "bios"
    OPENFIRMWARE = "openfirmware"
    UBOOT = "uboot"
    UEFI = "uefi"


class FlashMode(StrEnum):
    """How code and variables lie in flash; firmware that does not say is split."""

    SPLIT = "split"
    COMBINED = "combined"
    STATELESS = "stateless"


@dataclass(frozen=True, slots=True)
class FlashFile:
    """An image for flash."""

    filename: str
    format: str


@dataclass(frozen=True, slots=True)
class FlashMapping:
    """Firmware in flash."""

    mode: FlashMode
    executable: FlashFile
    nvram_template: FlashFile | None


@dataclass(frozen=True, slots=True)
class FileMapping:
    """Firmware that is loaded as a kernel, or as the contents of memory."""

    device: Literal["kernel", "memory"]
    filename: str


@dataclass(frozen=True, slots=True)
class Target:
    """Guests that the firmware is for; machines may have `*` and `?` in their names."""

    arch: str
    machines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """A firmware that guests can have."""

    interfaces: tuple[Interface, ...]
    mapping: FlashMapping | FileMapping
    targets: tuple[Target, ...]
    features: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Firmware:
        """Read a description; features may be any, everything else must be known."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            raise BadDescription("not JSON") from None
        if not isinstance(document, Mapping):
            raise BadDescription("not an object")
        return cls(
            interfaces=tuple(_interface(name) for name in _list(document, "interface-types")),
            mapping=_mapping(_object(document, "mapping")),
            targets=tuple(_target(target) for target in _list(document, "targets")),
            features=tuple(name for name in _list(document, "features") if isinstance(name, str)),
        )

    def format(self) -> str:
        """The description, without what is only for people."""
        document = {
            "interface-types": list(self.interfaces),
            "mapping": _mapping_document(self.mapping),
            "targets": [{"architecture": target_of_arch(t.arch), "machines": list(t.machines)} for t in self.targets],
            "features": list(self.features),
        }
        return json.dumps(document)

    @property
    def images(self) -> tuple[str, str | None] | None:
        """The image and the template of its variables; None for firmware that is loaded as a kernel."""
        match self.mapping:
            case FlashMapping(executable=executable, nvram_template=template):
                return executable.filename, template.filename if template else None
            case FileMapping(device="memory", filename=filename):
                return filename, None
        return None

    def fits(self, arch: str, machine: str) -> bool:
        """Whether the firmware is for this machine."""
        mine = (target for target in self.targets if target.arch == arch)
        return any(_matches(pattern, machine) for target in mine for pattern in target.machines)


def _matches(pattern: str, name: str) -> bool:
    """Whether a pattern with `*` and `?` covers a name; brackets mean nothing in it."""
    return fnmatchcase(name, pattern.replace("[", "[[]"))


def _interface(name: object) -> Interface:
    if not isinstance(name, str) or name not in set(Interface):
        raise BadDescription(f"unknown interface type: '{name}'")
    return Interface(name)


def _mapping(mapping: Mapping[str, Any]) -> FlashMapping | FileMapping:
    device = mapping.get("device")
    if device in ("kernel", "memory"):
        return FileMapping(device, _text(mapping, "filename"))
    if device != "flash":
        raise BadDescription(f"unknown device type '{device}'")
    mode = mapping.get("mode", FlashMode.SPLIT)
    if mode not in set(FlashMode):
        raise BadDescription(f"unknown flash mode '{mode}'")
    template = _flash_file(_object(mapping, "nvram-template")) if mode == FlashMode.SPLIT else None
    return FlashMapping(FlashMode(mode), _flash_file(_object(mapping, "executable")), template)


def _flash_file(fields: Mapping[str, Any]) -> FlashFile:
    return FlashFile(_text(fields, "filename"), _text(fields, "format"))


def _target(fields: object) -> Target:
    if not isinstance(fields, Mapping):
        raise BadDescription("a target is not an object")
    arch = arch_of_target(_text(fields, "architecture"))
    if arch is None:
        raise BadDescription(f"unknown architecture '{fields['architecture']}'")
    machines = _list(fields, "machines")
    if not all(isinstance(machine, str) for machine in machines):
        raise BadDescription("a machine is not a text")
    return Target(arch, tuple(machines))


def _mapping_document(mapping: FlashMapping | FileMapping) -> dict[str, Any]:
    if isinstance(mapping, FileMapping):
        return {"device": mapping.device, "filename": mapping.filename}
    document: dict[str, Any] = {"device": "flash", "mode": mapping.mode}
    for name, file in (("executable", mapping.executable), ("nvram-template", mapping.nvram_template)):
        if file:
            document[name] = {"filename": file.filename, "format": file.format}
    return document


def _list(document: Mapping[str, Any], name: str) -> list[Any]:
    value = document.get(name)
    if not isinstance(value, list):
        raise BadDescription(f"missing '{name}'")
    return value


def _object(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name)
    if not isinstance(value, Mapping):
        raise BadDescription(f"missing '{name}'")
    return value


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise BadDescription(f"missing '{name}'")
    return value
