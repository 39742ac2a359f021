# SPDX-License-Identifier: LGPL-2.1-or-later
"""Firmware, kernels and boot loaders."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.drivers.qemu.check.storage import check_source
from covirt.errors import ConfigUnsupported
from covirt.model.domain.loader import Nvram
from covirt.model.domain.os import AcpiTableType

NVRAM_PLACES = ("file", "block", "network")


def check(situation: Situation) -> None:
    """Check what the guest boots with."""
    guest, os = situation.guest, situation.guest.os
    if guest.bootloader is not None or guest.bootloader_arguments is not None:
        raise ConfigUnsupported("bootloader is not supported by QEMU")
    if os.loader is not None:
        if os.loader.secure:
            _check_secure(situation)
        if os.nvram is not None:
            _check_nvram(os.nvram, situation)
    for table in os.acpi_tables:
        if table.type is AcpiTableType.RAWSET:
            raise ConfigUnsupported(f"ACPI table type '{table.type}' is not supported")
    if os.shim is not None:
        situation.need("shim", "shim is not supported by this QEMU binary")


def _check_secure(situation: Situation) -> None:
    """Only OVMF on q35 has it, and it keeps the guest out of the variables by system management mode."""
    machine, guest = situation.machine, situation.guest
    if not machine.q35:
        raise ConfigUnsupported("Secure boot is supported with q35 machine types only")
    if machine.arch != "x86_64":
        raise ConfigUnsupported("Secure boot is supported for x86_64 architecture only")
    if guest.os.firmware is None and not guest.features.smm_on:
        raise ConfigUnsupported("Secure boot requires SMM feature enabled")


def _check_nvram(nvram: Nvram, situation: Situation) -> None:
    source = nvram.source
    if source is None:
        return
    if source.type not in NVRAM_PLACES:
        raise ConfigUnsupported(f"unsupported nvram disk type '{source.type}'")
    if source.slices:
        raise ConfigUnsupported("slices are not supported with NVRAM")
    if source.reservations:
        raise ConfigUnsupported("persistent reservations are not supported with NVRAM")
    check_source(source, nvram.format, situation)
