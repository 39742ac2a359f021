# SPDX-License-Identifier: LGPL-2.1-or-later
"""Smart cards in their readers."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices import chardev
from covirt.drivers.qemu.devices.address import controller_alias
from covirt.model.domain.address import CcidAddress
from covirt.model.domain.devices.controller import ControllerType
from covirt.model.domain.devices.smartcard import CertificatesSmartcard, PassthroughSmartcard, Smartcard

DEFAULT_DATABASE = "/etc/pki/nssdb"


def build(card: Smartcard, build: Build) -> None:
    """The connection to a card elsewhere, and the card."""
    if isinstance(card.card, PassthroughSmartcard):
        alias = card.info.alias
        chardev.add(build, card.card.source, chardev.chardev_alias(alias), alias, purpose="smartcard")
    build.argv.device(frontend(card, build))


def frontend(card: Smartcard, build: Build) -> Props:
    """The card."""
    address = card.info.address
    number = address.controller if isinstance(address, CcidAddress) else 0
    reader = controller_alias(build.guest, ControllerType.CCID, number)
    return _card(card) | props(id=card.info.alias, bus=f"{reader}.0")


def _card(card: Smartcard) -> Props:
    match card.card:
        case CertificatesSmartcard(certificates=[first, second, third], database=database):
            return props(
                driver="ccid-card-emulated",
                backend="certificates",
                cert1=first,
                cert2=second,
                cert3=third,
                db=database or DEFAULT_DATABASE,
            )
        case PassthroughSmartcard():
            return props(driver="ccid-card-passthru", chardev=chardev.chardev_alias(card.info.alias))
    return props(driver="ccid-card-emulated", backend="nss-emulated")
