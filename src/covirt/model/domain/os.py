# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<os>`: what kind of guest this is, and what it boots."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import changed
from covirt.model.common.scalars import Path
from covirt.model.domain.loader import Loader, Nvram
from covirt.xml import At, Context, Int, Reading, YesNo


class OsType(StrEnum):
    """How the guest's system expects to be run."""

    HVM = "hvm"
    XEN = "xen"
    LINUX = "linux"
    EXE = "exe"
    UML = "uml"
    XENPVH = "xenpvh"


class BootDevice(StrEnum):
    """Kinds of devices in the order of booting."""

    FLOPPY = "fd"
    CDROM = "cdrom"
    DISK = "hd"
    NETWORK = "network"


class FirmwareKind(StrEnum):
    """What firmware shall be found for the guest."""

    BIOS = "bios"
    EFI = "efi"


class FirmwareFeatureName(StrEnum):
    """What the firmware must or must not have, in the order of output."""

    ENROLLED_KEYS = "enrolled-keys"
    SECURE_BOOT = "secure-boot"


class SmbiosMode(StrEnum):
    """Where the guest's SMBIOS tables come from."""

    EMULATE = "emulate"
    HOST = "host"
    SYSINFO = "sysinfo"


class AcpiTableType(StrEnum):
    """What a table is."""

    RAW = "raw"
    RAWSET = "rawset"
    SLIC = "slic"
    MSDM = "msdm"


@dataclass(slots=True, kw_only=True)
class FirmwareFeature:
    """A feature that the firmware must have, or must not."""

    enabled: Annotated[YesNo, At("@enabled")]
    name: Annotated[FirmwareFeatureName, At("@name")]


@dataclass(slots=True, kw_only=True)
class InitEnv:
    """A variable in the environment of a container's first process."""

    name: Annotated[str, At("@name", missing="No name supplied for <initenv> element")]
    value: Annotated[str, At(".", missing="No value supplied for <initenv> element")]


@dataclass(slots=True, kw_only=True)
class AcpiTable:
    """An ACPI table from a file."""

    type: Annotated[AcpiTableType, At("@type")]
    path: Annotated[Path, At(".", missing="No data supplied for ACPI table")]


@dataclass(slots=True, kw_only=True)
class Boot:
    """A kind of device to boot from."""

    dev: Annotated[BootDevice, At("@dev")]


@dataclass(slots=True, kw_only=True)
class BootMenu:
    """The firmware's menu of boot devices."""

    enable: Annotated[YesNo | None, At("@enable")] = None
    timeout: Annotated[int | None, At("@timeout")] = None
    """In milliseconds."""

    def after_parse(self, reading: Reading) -> None:
        """A menu that is not shown has no time limit."""
        if not self.enable:
            self.timeout = None


@dataclass(slots=True, kw_only=True)
class Bios:
    """Settings of the PC's BIOS."""

    use_serial: Annotated[YesNo | None, At("@useserial")] = None
    reboot_timeout: Annotated[Int | None, At("@rebootTimeout")] = None
    """Milliseconds after a failed boot; -1 is never."""


@dataclass(slots=True, kw_only=True)
class Os:
    """Type, machine, firmware, kernel or first process, and the order of boot devices."""

    firmware: Annotated[
        FirmwareKind | None,
        At("@firmware", blank_is_none=True, write_unless=Context.MIGRATABLE, invalid="unknown firmware value {value}"),
    ] = None
    arch: Annotated[str | None, At("type/@arch", blank_is_none=True)] = None
    machine: Annotated[str | None, At("type/@machine", blank_is_none=True)] = None
    type: Annotated[OsType | None, At("type", invalid="unknown OS type '{value}'", error=ConfigUnsupported)] = None
    firmware_features: Annotated[list[FirmwareFeature], At("firmware/feature", write_unless=Context.MIGRATABLE)] = (
        field(default_factory=list)
    )
    init: Annotated[str | None, At("init")] = None
    init_arguments: Annotated[list[str], At("initarg")] = field(default_factory=list)
    init_environment: Annotated[list[InitEnv], At("initenv")] = field(default_factory=list)
    init_directory: Annotated[str | None, At("initdir")] = None
    init_user: Annotated[str | None, At("inituser")] = None
    init_group: Annotated[str | None, At("initgroup")] = None
    loader: Annotated[Loader | None, At("loader", omit_empty=True)] = None
    nvram: Annotated[Nvram | None, At("nvram", omit_empty=True)] = None
    kernel: Annotated[str | None, At("kernel")] = None
    initrd: Annotated[str | None, At("initrd")] = None
    cmdline: Annotated[str | None, At("cmdline")] = None
    shim: Annotated[str | None, At("shim")] = None
    dtb: Annotated[str | None, At("dtb")] = None
    root: Annotated[str | None, At("root")] = None
    acpi_tables: Annotated[list[AcpiTable], At("acpi/table")] = field(default_factory=list)
    boot: Annotated[list[Boot], At("boot")] = field(default_factory=list)
    boot_menu: Annotated[BootMenu | None, At("bootmenu", omit_empty=True)] = None
    bios: Annotated[Bios | None, At("bios", omit_empty=True)] = None
    smbios: Annotated[
        SmbiosMode | None,
        At("smbios/@mode", blank_is_none=True, invalid="unknown smbios mode '{value}'", error=ConfigUnsupported),
    ] = None

    @property
    def boot_devices(self) -> list[BootDevice]:
        """The kinds of devices in order."""
        return [boot.dev for boot in self.boot]

    def settle(self, context: Context) -> None:
        """Drop what does not belong to this type of guest, and put the rest in order."""
        for name in IRRELEVANT.get(self.type or OsType.HVM, ()):
            setattr(self, name, [] if isinstance(getattr(self, name), list) else None)
        self._settle_firmware(context)
        if any(not argument for argument in self.init_arguments):
            raise XmlError("No data supplied for <initarg> element")
        self.boot = self.boot[: len(BootDevice)]
        types = [table.type for table in self.acpi_tables]
        for kind in types:
            if kind is not AcpiTableType.RAW and types.count(kind) > 1:
                raise XmlError(f"ACPI table type '{kind}' may only appear once")
        if self.loader is None and self.nvram is not None:
            self.loader = Loader(format=self.nvram.format)

    def _settle_firmware(self, context: Context) -> None:
        """Features without a kind of firmware come from older peers' migration and are dropped then."""
        if self.firmware is None and not context & Context.ABI_UPDATE:
            self.firmware_features = []
        last = {feature.name: feature for feature in self.firmware_features}
        self.firmware_features = [last[name] for name in FirmwareFeatureName if name in last]

    def for_format(self, context: Context) -> Os:
        """A menu is only worth writing when something is said of it."""
        menu = self.boot_menu if self.boot_menu and self.boot_menu.enable is not None else None
        return changed(self, boot_menu=menu)


_CONTAINER = ("init", "init_arguments", "init_environment", "init_directory", "init_user", "init_group")
_KERNEL = ("kernel", "initrd", "shim", "dtb", "root")
_FIRMWARE = ("firmware", "firmware_features", "acpi_tables", "boot", "boot_menu", "bios")
IRRELEVANT: dict[OsType, tuple[str, ...]] = {
    OsType.HVM: _CONTAINER,
    OsType.XEN: (*_CONTAINER, *_FIRMWARE),
    OsType.XENPVH: (*_CONTAINER, *_FIRMWARE),
    OsType.UML: (*_CONTAINER, *_FIRMWARE),
    OsType.EXE: (*_KERNEL, *_FIRMWARE, "loader", "nvram"),
    OsType.LINUX: (*_CONTAINER, *_KERNEL, *_FIRMWARE, "cmdline", "loader", "nvram"),
}
"""What is not read for each type of guest."""
