# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table of guests and the calls on it, with a driver that only keeps definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from covirt.api.binding import CallTable
from covirt.api.call import Call
from covirt.api.domain import define, info, lookup, metadata
from covirt.api.domain.events import DomainEventType, Lifecycle
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.info import DomainXMLFlags
from covirt.api.domain.lookup import ConnectListAllDomainsFlags
from covirt.api.domain.metadata import DomainMetadataType
from covirt.api.domain.states import DomainShutoffReason
from covirt.api.handles import Connect, Domain, Handle
from covirt.api.themes import Family
from covirt.daemon.pipeline import Session
from covirt.drivers.common import domain_calls
from covirt.drivers.common.guest import Guest
from covirt.drivers.common.guest_driver import GuestDriver
from covirt.drivers.common.keeper import FileKeeper, Keeper
from covirt.errors import (
    ErrorDomain,
    NoSuchDomain,
    NoSuchDomainMetadata,
    OperationFailed,
    OperationInvalid,
    SystemCallFailed,
)
from covirt.model.domain.complete import complete
from covirt.model.domain.completing import Completing
from covirt.model.domain.definition import DomainDefinition
from covirt.uri import Uri
from covirt.values import Uuid
from covirt.xml import Context

UUID = Uuid.parse("c7a5fdbd-edaf-9455-926a-d65c16db1809")
OTHER = Uuid.parse("c7a5fdbd-edaf-9455-926a-d65c16db1800")


def document(name: str = "vm1", uuid: Uuid = UUID, extra: str = "") -> str:
    return (
        f"<domain type='test'><name>{name}</name><uuid>{uuid}</uuid>{extra}<memory>1024</memory>"
        "<os><type>hvm</type></os></domain>"
    )


class PaperDriver(GuestDriver[Guest]):
    """Keeps definitions and runs nothing."""

    name, prefix, error_domain = "PAPER", "paper", ErrorDomain.TEST
    calls = CallTable(*domain_calls.tables)

    def make_guest(self, definition: DomainDefinition) -> Guest:
        return Guest(definition)

    async def read_definition(self, text: str, *, validate: bool = False, to_start: bool = False) -> DomainDefinition:
        guest = DomainDefinition.parse(text, Context.INACTIVE, validate=validate).value
        complete(guest, Completing(context=Context.INACTIVE))
        return guest


class Conversation:
    """Calls the driver as a client does."""

    def __init__(self, keeper: Keeper) -> None:
        self.driver = PaperDriver(keeper)
        self.session = Session(Uri.parse("paper:///"), {Family.HYPERVISOR: self.driver})
        self.events: list[tuple[DomainEventType, int]] = []
        self.driver.bus.on(Lifecycle, lambda event: self.events.append((event.event, event.detail)))

    async def __call__(self, call: Call[Any, ..., Any], *args: Any, of: Handle | None = None) -> Any:
        return (await self.session.perform(call, of or Connect(), call.complete(*args))).result

    async def define(self, *args: Any, **kwargs: Any) -> Domain:
        handle = await self(define.define_xml, document(*args, **kwargs))
        assert isinstance(handle, Domain)
        return handle

    def run(self, handle: Domain) -> Guest:
        guest = self.driver.guests.find(handle)
        guest.begin(self.driver.guests.new_id())
        return guest


@pytest.fixture
def talk() -> Conversation:
    return Conversation(Keeper())


async def test_a_defined_domain_is_found_by_name_and_uuid(talk: Conversation) -> None:
    await talk.define()
    assert (await talk(lookup.lookup_by_name, "vm1")).uuid == UUID
    assert (await talk(lookup.lookup_by_uuid, UUID)).name == "vm1"
    with pytest.raises(NoSuchDomain, match="no domain with matching id '1'"):
        await talk(lookup.lookup_by_id, 1)


async def test_a_second_definition_changes_the_first(talk: Conversation) -> None:
    await talk.define()
    await talk.define(extra="<title>again</title>")
    assert len(talk.driver.guests) == 1
    assert talk.events == [(0, 0), (0, 1)]


async def test_neither_name_nor_uuid_can_be_taken_from_another(talk: Conversation) -> None:
    await talk.define()
    with pytest.raises(OperationFailed, match="domain 'vm1' already exists with uuid"):
        await talk.define(uuid=OTHER)
    with pytest.raises(OperationFailed, match="domain 'vm1' is already defined with uuid"):
        await talk.define("vm2")


async def test_a_running_guest_keeps_its_definition_until_it_ends(talk: Conversation) -> None:
    handle = await talk.define()
    guest = talk.run(handle)
    await talk.define(extra="<title>later</title>")
    assert "later" not in await talk(info.xml_desc, of=handle)
    assert "later" in await talk(info.xml_desc, DomainXMLFlags.INACTIVE, of=handle)
    assert "id='1'" in await talk(info.xml_desc, of=handle)
    guest.end(DomainShutoffReason.DESTROYED)
    assert "later" in await talk(info.xml_desc, of=handle)


async def test_lists_follow_the_flags(talk: Conversation) -> None:
    first, second = await talk.define(), await talk.define("vm2", OTHER)
    talk.run(first)
    flags = ConnectListAllDomainsFlags
    assert await talk(lookup.list_all_domains, flags.ACTIVE) == [first]
    assert await talk(lookup.list_all_domains, flags.INACTIVE | flags.ACTIVE) == [first, second]
    assert await talk(lookup.list_all_domains, flags.TRANSIENT) == []
    assert await talk(lookup.list_domains_id) == [1]
    assert await talk(lookup.list_defined_domains) == ["vm2"]


async def test_undefining_a_running_guest_makes_it_transient(talk: Conversation) -> None:
    handle = await talk.define()
    guest = talk.run(handle)
    await talk(define.undefine, of=handle)
    assert not await talk(define.is_persistent, of=handle)
    with pytest.raises(OperationInvalid, match="cannot undefine transient domain"):
        await talk(define.undefine, of=handle)
    guest.end(DomainShutoffReason.SHUTDOWN)
    await talk.driver.drop_if_transient(guest)
    with pytest.raises(NoSuchDomain, match=r"no domain with matching uuid '.*' \(vm1\)"):
        await talk(info.state, of=handle)


async def test_rename_tells_that_one_went_and_one_came(talk: Conversation) -> None:
    handle = await talk.define()
    await talk(define.rename, "vm9", of=handle)
    assert (await talk(lookup.lookup_by_name, "vm9")).uuid == UUID
    assert talk.events[1:] == [(1, 1), (0, 2)]
    with pytest.raises(OperationInvalid, match="Can't rename domain to itself"):
        await talk(define.rename, "vm9", of=handle)


async def test_notes_are_set_read_and_removed(talk: Conversation) -> None:
    handle = await talk.define()
    element = DomainMetadataType.ELEMENT
    await talk(metadata.set_metadata, element, "<a><b x='1'/>text</a>", "app", "http://app/", of=handle)
    assert '<app:a xmlns:app="http://app/"><app:b x="1"/>text</app:a>' in await talk(info.xml_desc, of=handle)
    assert await talk(metadata.metadata, element, "http://app/", of=handle) == '<a><b x="1"/>text</a>'
    await talk(metadata.set_metadata, element, None, None, "http://app/", of=handle)
    with pytest.raises(NoSuchDomainMetadata):
        await talk(metadata.metadata, element, "http://app/", of=handle)
    assert "metadata" not in await talk(info.xml_desc, of=handle)


async def test_titles_of_run_and_definition_are_apart(talk: Conversation) -> None:
    handle = await talk.define()
    talk.run(handle)
    title, impact = DomainMetadataType.TITLE, DomainModificationImpact
    await talk(metadata.set_metadata, title, "now", None, None, impact.LIVE, of=handle)
    await talk(metadata.set_metadata, title, "then", None, None, impact.CONFIG, of=handle)
    assert await talk(metadata.metadata, title, None, of=handle) == "now"
    assert await talk(metadata.metadata, title, None, impact.CONFIG, of=handle) == "then"


@pytest.fixture
async def filed(tmp_path: Path) -> Conversation:
    keeper = FileKeeper(tmp_path / "qemu", tmp_path / "qemu/autostart", tmp_path / "run", lambda guest: "")
    await keeper.open()
    return Conversation(keeper)


async def test_definitions_and_links_are_files(filed: Conversation, tmp_path: Path) -> None:
    handle = await filed.define()
    await filed(define.set_autostart, True, of=handle)
    assert (tmp_path / "qemu/autostart/vm1.xml").resolve() == tmp_path / "qemu/vm1.xml"
    await filed(define.rename, "vm2", of=handle)
    assert sorted(path.name for path in tmp_path.rglob("*.xml")) == ["vm2.xml", "vm2.xml"]
    await filed(define.undefine, of=handle)
    assert not list(tmp_path.rglob("*.xml"))


async def test_a_definition_that_cannot_be_written_changes_nothing(filed: Conversation, tmp_path: Path) -> None:
    await filed.define()
    long = "n" * 300
    with pytest.raises(SystemCallFailed):
        await filed.define(long, OTHER)
    assert len(filed.driver.guests) == 1
