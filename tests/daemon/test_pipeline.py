# SPDX-License-Identifier: LGPL-2.1-or-later
"""The way of a call: what is refused before a handler runs, what it is told, what becomes of failures."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Any

import pytest

from covirt.api.access import Right
from covirt.api.binding import CallTable
from covirt.api.call import Call, Job
from covirt.api.domain import define, lifecycle, lookup, save
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.info import DomainXMLFlags, xml_desc
from covirt.api.domain.lifecycle import DomainCreateFlags
from covirt.api.domain.lookup import ConnectListAllDomainsFlags
from covirt.api.domain.save import DomainSaveRestoreFlags
from covirt.api.handles import Connect, Domain, Handle
from covirt.api.network import network_lookup_by_name
from covirt.api.request import ClientIdentity, Request
from covirt.api.themes import Family
from covirt.daemon.pipeline import Session
from covirt.drivers.driver import Driver
from covirt.errors import (
    AccessDenied,
    ErrorDomain,
    InternalError,
    InvalidArg,
    NoSuchDomain,
    NoSupport,
    OperationDenied,
)
from covirt.uri import Uri
from covirt.values import Uuid

VM1 = Domain("vm1", Uuid(bytes(16)))
VM2 = Domain("vm2", Uuid(bytes(15) + b"\1"))
calls = CallTable()
Req = Request["Toy", Domain]


class Toy(Driver):
    name = "TOY"
    prefix = "toy"
    error_domain = ErrorDomain.TEST
    calls = calls

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[tuple[Job, str]] = []
        self.defined: list[str] = []

    async def find(self, handle: Handle) -> Domain:
        for dom in (VM1, VM2):
            if dom == handle:
                return dom
        raise NoSuchDomain(f"no domain with matching uuid '{handle}'")

    @asynccontextmanager
    async def _hold(self, job: Job, name: str) -> Any:
        self.jobs.append((job, name))
        yield

    def hold(self, found: Any, job: Job, call: Call[Any, ..., Any]) -> Any:
        return self._hold(job, call.spelled)


@calls.implements(lifecycle.create_with_flags, flags=DomainCreateFlags.PAUSED)
async def create_with_flags(req: Req, flags: DomainCreateFlags) -> Domain:
    return Domain(req.guest.name, req.guest.uuid, 7)


@calls.implements(lookup.lookup_by_name)
async def lookup_by_name(req: Req, name: str) -> Domain:
    return VM1


@calls.implements(lookup.list_all_domains)
async def list_all_domains(req: Req, flags: ConnectListAllDomainsFlags) -> list[Domain]:
    return [VM1, VM2]


@calls.implements(define.define_xml)
async def define_xml(req: Request[Toy, None], xml: str) -> Domain:
    await req.authorize(VM2)
    req.driver.defined.append(xml)
    return VM2


@calls.implements(xml_desc)
async def describe(req: Req, flags: DomainXMLFlags) -> str:
    return "<domain/>"


@calls.implements(save.managed_save)
async def managed_save(req: Req, flags: DomainSaveRestoreFlags) -> None:
    raise ZeroDivisionError("oops")


class Rules:
    """Allows what is listed."""

    name = "rules"

    def __init__(self, *allowed: str) -> None:
        self.allowed = allowed

    async def allows(self, client: ClientIdentity, driver: str, right: Right, subject: Handle) -> bool:
        return f"{right} {subject}" in self.allowed or f"{right} *" in self.allowed


def session(**kwargs: Any) -> Session:
    return Session(Uri.parse("toy:///"), {Family.HYPERVISOR: Toy()}, **kwargs)


async def test_handler_gets_what_was_found() -> None:
    answer = await session().perform(lifecycle.create_with_flags, VM1, (DomainCreateFlags.PAUSED,))
    assert answer.result.id == 7


async def test_handler_runs_in_the_declared_job() -> None:
    connected = session()
    await connected.perform(lifecycle.create_with_flags, VM1, (DomainCreateFlags(0),))
    assert connected.drivers[Family.HYPERVISOR].jobs == [(Job.MODIFY, "virDomainCreateWithFlags")]  # type: ignore[attr-defined]


async def test_unknown_flags_are_refused_in_libvirts_words() -> None:
    with pytest.raises(InvalidArg) as caught:
        await session().perform(lifecycle.create_with_flags, VM1, (DomainCreateFlags.AUTODESTROY | 0x100,))
    assert str(caught.value) == "unsupported flags (0x102) in function toyDomainCreateWithFlags"
    assert caught.value.domain == ErrorDomain.TEST


async def test_flags_that_exclude_each_other_are_refused() -> None:
    both = DomainSaveRestoreFlags.RUNNING | DomainSaveRestoreFlags.PAUSED
    with pytest.raises(InvalidArg) as caught:
        await session().perform(save.managed_save, VM1, (both,))
    assert str(caught.value) == "Flags 'VIR_DOMAIN_SAVE_RUNNING' and 'VIR_DOMAIN_SAVE_PAUSED' are mutually exclusive"


async def test_call_that_the_driver_lacks() -> None:
    with pytest.raises(NoSupport) as caught:
        await session().perform(lifecycle.suspend, VM1)
    assert str(caught.value) == "this function is not supported by the connection driver: virDomainSuspend"
    assert caught.value.domain == ErrorDomain.DOMAIN


async def test_call_of_a_family_that_nobody_serves() -> None:
    with pytest.raises(NoSupport) as caught:
        await session().perform(network_lookup_by_name, Connect(), ("default",))
    assert caught.value.domain == ErrorDomain.NETWORK


async def test_error_names_its_object_and_driver() -> None:
    ghost = Domain("ghost", Uuid(b"x" * 16))
    with pytest.raises(NoSuchDomain) as caught:
        await session().perform(lifecycle.create_with_flags, ghost, (DomainCreateFlags(0),))
    assert caught.value.about == ghost
    assert caught.value.domain == ErrorDomain.TEST


async def test_unforeseen_failure_is_an_internal_error(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(InternalError, match="virDomainManagedSave: ZeroDivisionError: oops"):
        await session().perform(save.managed_save, VM1, (DomainSaveRestoreFlags(0),))
    assert "unforeseen" in caplog.text


async def test_read_only_connection_changes_nothing() -> None:
    with pytest.raises(OperationDenied, match="forbidden: read only access prevents virDomainCreateWithFlags"):
        await session(read_only=True).perform(lifecycle.create_with_flags, VM1, (DomainCreateFlags(0),))


async def test_read_only_connection_reads_but_no_secrets() -> None:
    reader = session(read_only=True)
    assert (await reader.perform(xml_desc, VM1, (DomainXMLFlags.INACTIVE,))).result == "<domain/>"
    with pytest.raises(OperationDenied, match="virDomainGetXMLDesc with secure flag"):
        await reader.perform(xml_desc, VM1, (DomainXMLFlags.SECURE,))


async def test_right_on_the_subject_is_asked_for() -> None:
    allowed = session(access=Rules("domain:start domain 'vm1'"))
    await allowed.perform(lifecycle.create_with_flags, VM1, (DomainCreateFlags(0),))
    with pytest.raises(AccessDenied, match="access denied: 'rules' denied access"):
        await allowed.perform(lifecycle.create_with_flags, VM2, (DomainCreateFlags(0),))


async def test_right_on_a_looked_up_object_is_asked_for() -> None:
    with pytest.raises(AccessDenied):
        await session(access=Rules()).perform(lookup.lookup_by_name, Connect(), ("vm1",))
    found = await session(access=Rules("domain:getattr *")).perform(lookup.lookup_by_name, Connect(), ("vm1",))
    assert found.result == VM1


async def test_right_on_a_new_object_is_asked_for_before_it_is_made() -> None:
    refused = session(access=Rules("domain:write *"))
    with pytest.raises(AccessDenied):
        await refused.perform(define.define_xml, Connect(), ("<domain/>",))
    assert refused.drivers[Family.HYPERVISOR].defined == []  # type: ignore[attr-defined]


async def test_lists_have_only_what_the_client_may_know() -> None:
    rules = Rules("connect:search_domains *", "domain:getattr domain 'vm2'")
    answer = await session(access=rules).perform(lookup.list_all_domains, Connect(), (ConnectListAllDomainsFlags(0),))
    assert answer.result == [VM2]


async def test_what_depends_on_a_connection_ends_with_it() -> None:
    ended: list[str] = []
    connected = session()
    connected.on_close("one", lambda: ended.append("one"))
    connected.on_close("two", lambda: ended.append("two"))
    connected.on_close("three", lambda: ended.append("three"))
    connected.on_close("two", None)
    await connected.close()
    assert ended == ["three", "one"]


@pytest.mark.parametrize("wrong", ["names", "types", "result", "sync"])
def test_handler_of_another_shape_fails_at_import(wrong: str) -> None:
    async def names(req: Req, flag: DomainCreateFlags) -> Domain:
        raise AssertionError

    async def types(req: Req, flags: DomainModificationImpact) -> Domain:
        raise AssertionError

    async def result(req: Req, flags: DomainCreateFlags) -> str:
        raise AssertionError

    def sync(req: Req, flags: DomainCreateFlags) -> Domain:
        raise AssertionError

    handler: Any = {"names": names, "types": types, "result": result, "sync": sync}[wrong]
    with pytest.raises(TypeError, match=r"domain\.lifecycle\.create_with_flags"):
        CallTable().implements(lifecycle.create_with_flags)(handler)


def test_call_has_one_handler() -> None:
    with pytest.raises(TypeError, match="two handlers"):
        CallTable(calls, calls)
