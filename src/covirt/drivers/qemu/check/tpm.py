# SPDX-License-Identifier: LGPL-2.1-or-later
"""TPMs: what swtpm and QEMU can emulate together."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.drivers.qemu.machine import PPC64
from covirt.errors import ConfigUnsupported
from covirt.model.domain.devices.tpm import EmulatorTpm, PassthroughTpm, Tpm, TpmModel, TpmVersion


def check_all(situation: Situation) -> None:
    """One TPM, and beside it one proxy."""
    proxies = [tpm.model is TpmModel.SPAPR_PROXY for tpm in situation.guest.devices.tpms]
    if proxies.count(True) > 1:
        raise ConfigUnsupported("only a single TPM Proxy device is supported")
    if proxies.count(False) > 1:
        raise ConfigUnsupported("only a single TPM non-proxy device is supported")


def check(tpm: Tpm, situation: Situation) -> None:
    """Model, back end and version go together, and are there."""
    model = tpm.model or TpmModel.TIS
    if isinstance(tpm.backend, EmulatorTpm) and tpm.backend.version:
        _check_version(tpm.backend.version, model, situation)
    emulator = situation.guest.devices.emulator
    if not situation.offers("tpm", "backendModel", tpm.backend.type):
        raise ConfigUnsupported(f"The QEMU executable {emulator} does not support TPM backend type {tpm.backend.type}")
    proxy = situation.machine.arch in PPC64 and model is TpmModel.SPAPR_PROXY
    if proxy and not isinstance(tpm.backend, PassthroughTpm):
        raise ConfigUnsupported(f"TPM Proxy model {model} requires 'Passthrough' backend")
    if not situation.offers("tpm", "model", model):
        raise ConfigUnsupported(f"The QEMU executable {emulator} does not support TPM model {model}")


def _check_version(version: TpmVersion, model: TpmModel, situation: Situation) -> None:
    if not situation.offers("tpm", "backendVersion", version):
        raise ConfigUnsupported(f"TPM version '{version}' is not supported")
    if version is TpmVersion.V1_2:
        if model is not TpmModel.TIS:
            raise ConfigUnsupported(f"TPM 1.2 is not supported for model '{model}'")
        if not situation.machine.x86:
            raise ConfigUnsupported(f"TPM 1.2 is not supported on architecture '{situation.machine.arch}'")
