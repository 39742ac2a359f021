# SPDX-License-Identifier: LGPL-2.1-or-later
"""Title, description and the notes of applications."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import metadata as api
from covirt.api.domain.events import MetadataChange
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.metadata import DomainMetadataType
from covirt.api.request import Request
from covirt.drivers.common.guest import Guest
from covirt.drivers.common.guest_driver import GuestDriver
from covirt.drivers.common.notes import get_note, set_note
from covirt.errors import InvalidArg, NoSuchDomainMetadata
from covirt.model.domain.definition import DomainDefinition

Req = Request[GuestDriver[Guest], Guest]
calls = CallTable()


@calls.implements(api.metadata)
async def metadata(req: Req, type: DomainMetadataType, uri: str | None, flags: DomainModificationImpact) -> str:
    """One piece of metadata."""
    definition = req.guest.chosen_one(
        live=DomainModificationImpact.LIVE in flags, config=DomainModificationImpact.CONFIG in flags
    )
    match _known(type):
        case DomainMetadataType.DESCRIPTION:
            found = definition.description
        case DomainMetadataType.TITLE:
            found = definition.title
        case _:
            found = get_note(definition.metadata, uri or "") if definition.metadata else None
    if found is None:
        raise NoSuchDomainMetadata("Requested metadata element is not present")
    return found


@calls.implements(api.set_metadata)
async def set_metadata(
    req: Req,
    type: DomainMetadataType,
    metadata: str | None,
    key: str | None,
    uri: str | None,
    flags: DomainModificationImpact,
) -> None:
    """Change or remove one piece of metadata, of the run, the definition, or both."""
    _check_arguments(_known(type), metadata, key, uri)
    running, persistent = req.guest.chosen(
        live=DomainModificationImpact.LIVE in flags, config=DomainModificationImpact.CONFIG in flags
    )
    for definition in (running, persistent):
        if definition is not None:
            _set(definition, type, metadata, key or "", uri or "")
    await req.driver.save(req.guest, live=running is not None, config=persistent is not None)
    req.driver.bus.publish(MetadataChange(req.guest.handle, type, uri))


def _known(type: DomainMetadataType) -> DomainMetadataType:
    if type not in tuple(DomainMetadataType):
        raise InvalidArg(f"unknown metadata type '{int(type)}'")
    return type


def _check_arguments(type: DomainMetadataType, metadata: str | None, key: str | None, uri: str | None) -> None:
    """A title is one line without a namespace; a note needs one."""
    if type is DomainMetadataType.TITLE and metadata and "\n" in metadata:
        raise InvalidArg("metadata title can't contain newlines")
    if type is DomainMetadataType.ELEMENT:
        if uri is None:
            raise InvalidArg.of_function("virDomainSetMetadata", "uri", "uri in virDomainSetMetadata must not be NULL")
        if metadata is not None and key is None:
            raise InvalidArg.of_function("virDomainSetMetadata", "key", "key in virDomainSetMetadata must not be NULL")
    elif uri is not None:
        raise InvalidArg.of_function("virDomainSetMetadata", "uri", "uri in virDomainSetMetadata must be NULL")
    elif key is not None:
        raise InvalidArg.of_function("virDomainSetMetadata", "key", "key in virDomainSetMetadata must be NULL")


def _set(definition: DomainDefinition, type: DomainMetadataType, text: str | None, key: str, uri: str) -> None:
    match type:
        case DomainMetadataType.DESCRIPTION:
            definition.description = text or None
        case DomainMetadataType.TITLE:
            definition.title = text or None
        case _:
            definition.metadata = set_note(definition.metadata, text, key, uri)
