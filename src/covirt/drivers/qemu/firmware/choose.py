# SPDX-License-Identifier: LGPL-2.1-or-later
"""Chooses firmware for a guest, and the place of its variables.

The descriptions that a host has are asked first, then the pairs of the setting `nvram`; firmware of a user's own, which
nobody describes, is taken as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.firmware.description import FileMapping, Firmware, FlashMapping, FlashMode, Interface
from covirt.errors import ConfigUnsupported, Error, OperationFailed
from covirt.model.common.storage_source import StorageFormat
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.feature_parts import Smm
from covirt.model.domain.launch_security import Sev, SevSnp
from covirt.model.domain.loader import FIRMWARE_FORMATS, Loader, LoaderType, Nvram
from covirt.model.domain.os import FirmwareFeature, FirmwareFeatureName, FirmwareKind
from covirt.model.domain.validate import check_os

USUAL_PAIRS = (
    ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
    ("/usr/share/OVMF/OVMF_CODE.secboot.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
    ("/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd"),
    ("/usr/share/AAVMF/AAVMF32_CODE.fd", "/usr/share/AAVMF/AAVMF32_VARS.fd"),
)
"""Code and variables where distributions put them before there were descriptions."""

SEV_ES_POLICY = 1 << 2

_INTERFACES = {FirmwareKind.BIOS: Interface.BIOS, FirmwareKind.EFI: Interface.UEFI}
_KINDS = {interface: kind for kind, interface in _INTERFACES.items()}
_LOADERS = {LoaderType.ROM: Interface.BIOS, LoaderType.PFLASH: Interface.UEFI}


class FirmwareChoice:
    """The firmware that a host offers: descriptions in order of precedence, and pairs of code and variables."""

    def __init__(self, described: Sequence[Firmware], pairs: Sequence[tuple[str, str]]) -> None:
        self._described = described
        self._pairs = pairs

    def __call__(self, guest: DomainDefinition, about: Circumstances) -> None:
        """Fill in what the document leaves open.

        A guest that exists does not get lost over firmware that the host no longer has: its start will tell.
        """
        if not about.abi_update and guest.os.firmware:
            # Before there were other formats, this is what was chosen.
            guest.os.loader = guest.os.loader or Loader()
            guest.os.loader.format = guest.os.loader.format or StorageFormat.RAW
        try:
            self.choose(guest, about)
        except Error:
            if about.abi_update:
                raise

    def choose(self, guest: DomainDefinition, about: Circumstances) -> None:
        """Fill in what the document leaves open, or tell why it cannot be had."""
        check_os(guest)
        loader, nvram = guest.os.loader, guest.os.nvram
        for what, part in (("loader", loader), ("nvram", nvram)):
            if part and part.format not in FIRMWARE_FORMATS:
                raise ConfigUnsupported(f"Unsupported {what} format '{part.format}'")
        if not guest.os.firmware and (loader is None or loader.type is LoaderType.ROM):
            return
        found = next((firmware for firmware in self._described if fits(guest, firmware)), None)
        if found is not None:
            _use(guest, found)
        elif guest.os.firmware:
            raise OperationFailed(
                f"Unable to find '{guest.os.firmware}' firmware that is compatible with the current configuration"
            )
        elif loader and not self._use_pair(guest, loader):
            loader.format = loader.format or StorageFormat.RAW
        _ensure_nvram(guest, about)

    def _use_pair(self, guest: DomainDefinition, loader: Loader) -> bool:
        if loader.type is not LoaderType.PFLASH or loader.readonly is False or loader.stateless:
            return False
        if loader.format not in (None, StorageFormat.RAW):
            return False
        variables = next((variables for code, variables in self._pairs if code == loader.path), None)
        if variables is None:
            return False
        loader.readonly, loader.format = True, StorageFormat.RAW
        nvram = guest.os.nvram = guest.os.nvram or Nvram()
        nvram.template = nvram.template or variables
        nvram.template_format = nvram.template_format or StorageFormat.RAW
        return True


# Does a firmware fit?


def fits(guest: DomainDefinition, firmware: Firmware) -> bool:
    """Whether the guest can run with this firmware, as far as the document says."""
    os, loader = guest.os, guest.os.loader
    wanted = _INTERFACES[os.firmware] if os.firmware else _LOADERS.get(loader.type) if loader and loader.type else None
    return (
        wanted in firmware.interfaces
        and _fits_paths(guest, firmware)
        and firmware.fits(os.arch or "", os.machine or "")
        and _fits_features(guest, firmware)
        and _fits_mapping(guest, firmware)
        and _fits_launch_security(guest, firmware)
    )


def _fits_paths(guest: DomainDefinition, firmware: Firmware) -> bool:
    path = guest.os.loader.path if guest.os.loader else None
    template = guest.os.nvram.template if guest.os.nvram else None
    match firmware.mapping:
        case FlashMapping(mode, executable, variables):
            if template and (mode is not FlashMode.SPLIT or variables is None or template != variables.filename):
                return False
            return path in (None, executable.filename)
        case FileMapping("memory", filename):
            return path in (None, filename)
        case FileMapping("kernel", filename):
            return guest.os.kernel in (None, filename)
    return False


def _fits_features(guest: DomainDefinition, firmware: Firmware) -> bool:
    has = frozenset(firmware.features)
    if (guest.pm.suspend_to_memory and "acpi-s3" not in has) or (guest.pm.suspend_to_disk and "acpi-s4" not in has):
        return False
    if any(feature.enabled != (feature.name in has) for feature in guest.os.firmware_features):
        return False
    secure = guest.os.loader.secure if guest.os.loader else None
    if "requires-smm" in has:
        smm = guest.features.smm
        return secure is not False and not (smm and smm.state is False)
    return not secure


def _fits_mapping(guest: DomainDefinition, firmware: Firmware) -> bool:
    loader = guest.os.loader or Loader()
    match firmware.mapping:
        case FlashMapping(mode, executable, variables):
            if loader.type not in (None, LoaderType.PFLASH):
                return False
            if mode is not (FlashMode.STATELESS if loader.stateless else FlashMode.SPLIT):
                return False
            if loader.readonly is False or loader.format not in (None, executable.format):
                return False
            return all(image is None or image.format in ("raw", "qcow2") for image in (executable, variables))
        case FileMapping("memory"):
            return loader.type in (None, LoaderType.ROM) and loader.readonly is not False
    return True


def _fits_launch_security(guest: DomainDefinition, firmware: Firmware) -> bool:
    match guest.launch_security:
        case Sev(policy=policy):
            encrypted_state = bool(policy & SEV_ES_POLICY)
            return "amd-sev" in firmware.features and (not encrypted_state or "amd-sev-es" in firmware.features)
        case SevSnp():
            return "amd-sev-snp" in firmware.features
    return True


# Using it


def _use(guest: DomainDefinition, firmware: Firmware) -> None:
    os = guest.os
    match firmware.mapping:
        case FlashMapping() as flash:
            _use_flash(guest, flash)
        case FileMapping("kernel", filename):
            os.kernel = filename
        case FileMapping("memory", filename):
            os.loader = os.loader or Loader()
            os.loader.type, os.loader.path = LoaderType.ROM, filename
    if "requires-smm" in firmware.features:
        guest.features.smm = guest.features.smm or Smm()
        guest.features.smm.state = True
        os.loader = os.loader or Loader()
        os.loader.secure = True
    if not os.firmware:
        os.firmware = next((_KINDS[interface] for interface in firmware.interfaces if interface in _KINDS), None)
    if os.firmware:
        os.firmware_features = _features(guest, firmware)


def _use_flash(guest: DomainDefinition, flash: FlashMapping) -> None:
    os = guest.os
    os.loader = os.loader or Loader()
    os.loader.type, os.loader.readonly = LoaderType.PFLASH, True
    os.loader.format, os.loader.path = StorageFormat(flash.executable.format), flash.executable.filename
    if flash.mode is not FlashMode.SPLIT or flash.nvram_template is None:
        return
    nvram = os.nvram = os.nvram or Nvram()
    nvram.template = nvram.template_format = None
    if nvram.source is None or nvram.source.local:
        # Variables that are kept elsewhere are not made from a template.
        nvram.template = flash.nvram_template.filename
        nvram.template_format = StorageFormat(flash.nvram_template.format)


def _features(guest: DomainDefinition, firmware: Firmware) -> list[FirmwareFeature]:
    loader, nvram = guest.os.loader, guest.os.nvram
    # What keys are in variables that are kept elsewhere, nobody here knows.
    flash = loader is not None and loader.type is LoaderType.PFLASH and not loader.stateless
    unknown = flash and not (nvram and nvram.template)
    return [
        FirmwareFeature(name=name, enabled=name in firmware.features)
        for name in sorted(FirmwareFeatureName)
        if not (unknown and name is FirmwareFeatureName.ENROLLED_KEYS)
    ]


def _ensure_nvram(guest: DomainDefinition, about: Circumstances) -> None:
    """Variables need a place of the guest's own."""
    loader = guest.os.loader
    if loader is None or loader.type is not LoaderType.PFLASH or not loader.readonly or loader.stateless:
        return
    nvram = guest.os.nvram = guest.os.nvram or Nvram()
    if nvram.path or (nvram.source and not nvram.source.empty):
        nvram.format = nvram.format or loader.format
        return
    nvram.format = nvram.template_format or loader.format
    nvram.path = str(about.roots.nvram / f"{guest.name}_VARS{_extension(nvram, about)}")


def _extension(nvram: Nvram, about: Circumstances) -> str:
    if nvram.format is StorageFormat.QCOW2:
        return ".qcow2"
    if nvram.format is not StorageFormat.RAW:
        return ""
    # Newer images for Arm end in .raw; guests that exist keep the name they had.
    return ".raw" if about.abi_update and (nvram.template or "").endswith(".raw") else ".fd"
