# SPDX-License-Identifier: LGPL-2.1-or-later
"""Smart cards: of the host, from certificates, or far away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.domain.address import CcidAddress
from covirt.model.domain.devices.chardev import Chardev, check_chardev, read_once
from covirt.model.domain.devices.common import Device, DeviceInfo
from covirt.xml import At, Choice, Reading

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition

CERTIFICATES = 3


@dataclass(slots=True, kw_only=True)
class HostSmartcard:
    """The host's card."""

    mode: Literal["host"] = "host"


@dataclass(slots=True, kw_only=True)
class CertificatesSmartcard:
    """A card made of certificates of the host."""

    mode: Literal["host-certificates"] = "host-certificates"
    certificates: Annotated[list[str], At("certificate")] = field(default_factory=list)
    database: Annotated[str | None, At("database")] = None

    def after_parse(self, reading: Reading) -> None:
        """Three certificates, from a database with an absolute path."""
        if len(self.certificates) != CERTIFICATES:
            raise XmlError("host-certificates mode needs exactly three certificates")
        if self.database is not None and not self.database.startswith("/"):
            raise XmlError(f"expecting absolute path: {self.database}")


@dataclass(slots=True, kw_only=True)
class PassthroughSmartcard:
    """A card at the other end of a character device."""

    mode: Literal["passthrough"] = "passthrough"
    source: Annotated[
        Chardev,
        At("."),
        Choice(
            "@type",
            missing="passthrough mode requires a character device type attribute",
            invalid="unknown type presented to host for character device: {value}",
            error=ConfigUnsupported,
        ),
    ]

    def after_parse(self, reading: Reading) -> None:
        """Check the source."""
        read_once(reading.element, self.source)


SmartcardCard = HostSmartcard | CertificatesSmartcard | PassthroughSmartcard


@dataclass(slots=True, kw_only=True)
class Smartcard(Device):
    """A smart card of the guest, in a reader."""

    ELEMENT: ClassVar[str] = "smartcard"

    card: Annotated[SmartcardCard, At("."), Choice("@mode")]
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    @property
    def mode(self) -> str:
        """The kind of card."""
        return self.card.mode

    def check(self, guest: DomainDefinition) -> None:
        """It is in a reader, and its source is complete."""
        if self.info.address is not None and not isinstance(self.info.address, CcidAddress):
            raise ConfigUnsupported("Controllers must use the 'ccid' address type")
        if isinstance(self.card, PassthroughSmartcard):
            check_chardev(self.card.source, guest)
