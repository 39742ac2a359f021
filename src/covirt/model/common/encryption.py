# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a storage volume is encrypted."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from covirt.errors import ConfigUnsupported
from covirt.model.common.secret import SecretLookup, SecretUsage, SecretUuid
from covirt.xml import At, Reading


class EncryptionFormat(StrEnum):
    """The layout of encrypted data."""

    DEFAULT = "default"
    QCOW = "qcow"
    LUKS = "luks"
    LUKS2 = "luks2"
    LUKS_ANY = "luks-any"


class EncryptionEngine(StrEnum):
    """The program that encrypts."""

    QEMU = "qemu"
    LIBRBD = "librbd"


class EncryptionSecretType(StrEnum):
    """What kind of secret opens a volume."""

    PASSPHRASE = "passphrase"


@dataclass(slots=True, kw_only=True)
class EncryptionSecret(SecretLookup):
    """A secret that opens the volume."""

    type: Annotated[
        EncryptionSecretType,
        At(
            "@type",
            blank_is_none=True,
            missing="unknown volume encryption secret type",
            invalid="unknown volume encryption secret type {value}",
            error=ConfigUnsupported,
        ),
    ]
    uuid: SecretUuid = None
    usage: SecretUsage = None


@dataclass(slots=True, kw_only=True)
class EncryptionCipher:
    """The cipher of a new volume."""

    name: Annotated[str, At("@name", missing="cipher info missing 'name' attribute")]
    size: Annotated[int, At("@size")]
    mode: Annotated[str | None, At("@mode")] = None
    hash: Annotated[str | None, At("@hash")] = None


@dataclass(slots=True, kw_only=True)
class EncryptionIvgen:
    """How initialisation vectors of a new volume are made."""

    name: Annotated[str, At("@name", missing="missing ivgen info name string")]
    hash: Annotated[str | None, At("@hash")] = None


@dataclass(slots=True, kw_only=True)
class Encryption:
    """The encryption of a volume: its format and the secrets that open it."""

    format: Annotated[
        EncryptionFormat,
        At(
            "@format",
            blank_is_none=True,
            missing="unknown volume encryption format",
            invalid="unknown volume encryption format type {value}",
            error=ConfigUnsupported,
        ),
    ]
    engine: Annotated[EncryptionEngine | None, At("@engine")] = None
    secrets: Annotated[list[EncryptionSecret], At("secret")] = field(default_factory=list)
    cipher: Annotated[EncryptionCipher | None, At("cipher")] = None
    ivgen: Annotated[EncryptionIvgen | None, At("ivgen")] = None

    def after_parse(self, reading: Reading) -> None:
        """Only LUKS volumes can be made with another cipher."""
        if self.format is not EncryptionFormat.LUKS:
            self.cipher = self.ivgen = None
