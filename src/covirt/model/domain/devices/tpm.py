# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trusted platform modules: of the host, emulated, or served by another program."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.model.domain.devices.common import Device, DeviceInfo, count
from covirt.values import Uuid
from covirt.xml import At, Choice, Context, Element, Reading, YesNo

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition

DEFAULT_DEVICE = "/dev/tpm0"


class TpmModel(StrEnum):
    """How the guest speaks to it."""

    TIS = "tpm-tis"
    CRB = "tpm-crb"
    SPAPR = "tpm-spapr"
    SPAPR_PROXY = "spapr-tpm-proxy"


class TpmVersion(StrEnum):
    """The version of the TPM's interface."""

    V1_2 = "1.2"
    V2_0 = "2.0"


class PcrBank(StrEnum):
    """A set of registers, named by its hash."""

    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"


class TpmSourceType(StrEnum):
    """Where an emulated TPM keeps its state."""

    FILE = "file"
    DIR = "dir"


class RemoveDisabled(StrEnum):
    """Whether algorithms that the host has disabled are taken from a profile."""

    CHECK = "check"
    FIPS_HOST = "fips-host"


@dataclass(slots=True, kw_only=True)
class TpmSource:
    """Where an emulated TPM keeps its state."""

    type: Annotated[TpmSourceType | None, At("@type")] = None
    path: Annotated[str, At("@path", missing="missing TPM source path")]


@dataclass(slots=True, kw_only=True)
class TpmProfile:
    """Which algorithms an emulated TPM has."""

    source: Annotated[str | None, At("@source")] = None
    remove_disabled: Annotated[RemoveDisabled | None, At("@removeDisabled")] = None
    name: Annotated[str | None, At("@name")] = None
    """The name that the emulator gave it."""


@dataclass(slots=True, kw_only=True)
class PassthroughTpm:
    """The host's own TPM."""

    type: Literal["passthrough"] = "passthrough"
    path: Annotated[str, At("device/@path", blank_is_none=True)] = DEFAULT_DEVICE


@dataclass(slots=True, kw_only=True)
class EmulatorTpm:
    """A TPM emulated by swtpm."""

    type: Literal["emulator"] = "emulator"
    version: Annotated[TpmVersion | None, At("@version")] = None
    persistent_state: Annotated[
        YesNo,
        At(
            "@persistent_state",
            omit=False,
            invalid="Invalid persistent_state value, either 'yes' or 'no'",
            error=InternalError,
        ),
    ] = False
    debug: Annotated[int, At("@debug", omit=0)] = 0
    secret: Annotated[
        Uuid | None,
        At(
            "encryption/@secret",
            blank_is_none=True,
            invalid="Unable to parse secret uuid '{value}'",
            error=InternalError,
        ),
    ] = None
    """The secret that encrypts the state."""
    active_pcr_banks: Annotated[set[PcrBank], At("active_pcr_banks")] = field(default_factory=set)
    source: Annotated[TpmSource | None, At("source")] = None
    profile: Annotated[TpmProfile | None, At("profile", omit_empty=True)] = None

    def after_parse(self, reading: Reading) -> None:
        """Only banks that there are."""
        banks = reading.element.child("active_pcr_banks")
        for bank in banks.children if banks else ():
            if bank.name not in set(PcrBank):
                raise ConfigUnsupported(f"Unsupported PCR banks '{bank.name}'")


@dataclass(slots=True, kw_only=True)
class ExternalTpmSource:
    """The socket of the other program."""

    type: Annotated[str, At("@type", blank_is_none=True, missing="missing external TPM backend source type")]
    mode: Annotated[str, At("@mode")] = "connect"
    path: Annotated[str | None, At("@path")] = None

    def check(self) -> None:
        """We connect to a UNIX socket."""
        if self.type != "unix":
            raise XmlError("only source type 'unix' is supported for external TPM device")
        if self.mode != "connect":
            raise XmlError("only 'connect' mode is supported for external TPM device")
        if self.path is None:
            raise XmlError("missing socket path for external TPM device")


@dataclass(slots=True, kw_only=True)
class ExternalTpm:
    """A TPM that another program serves on a socket."""

    type: Literal["external"] = "external"
    source: Annotated[ExternalTpmSource, At("source", missing="missing external TPM backend source type")]


TpmBackend = PassthroughTpm | EmulatorTpm | ExternalTpm


@dataclass(slots=True, kw_only=True)
class Tpm(Device):
    """A TPM of the guest."""

    ELEMENT: ClassVar[str] = "tpm"

    model: Annotated[TpmModel | None, At("@model")] = None
    backend: Annotated[TpmBackend, At("backend", missing="missing TPM device backend"), Choice("@type")]
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)
    private: Annotated[Element | None, At("privateData", when=Context.STATUS)] = None

    def after_parse(self, reading: Reading) -> None:
        """One back end, no more."""
        if count(reading.element, "backend") > 1:
            raise XmlError("only one TPM backend is supported")

    def check(self, guest: DomainDefinition) -> None:
        """Banks and profiles came with version 2.0."""
        backend = self.backend
        if isinstance(backend, EmulatorTpm) and backend.version is not TpmVersion.V2_0:
            if backend.active_pcr_banks:
                raise XmlError(f"<active_pcr_banks/> requires TPM version '{TpmVersion.V2_0}'")
            if backend.profile and backend.profile.source:
                raise XmlError(f"<profile/> requires TPM version '{TpmVersion.V2_0}'")
        if isinstance(backend, ExternalTpm):
            backend.source.check()
