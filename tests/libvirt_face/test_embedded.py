# SPDX-License-Identifier: LGPL-2.1-or-later
"""The test driver inside this process, through the blocking interface."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import libvirt

NEW = "<domain type='test'><name>{}</name><memory>4096</memory><os><type>hvm</type></os></domain>"


def test_the_default_guest(conn: libvirt.virConnect) -> None:
    (dom,) = [one for one in conn.listAllDomains() if one.name() == "test"]
    assert dom.ID() == 1
    assert dom.state() == [libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_UNKNOWN] or dom.isActive() == 1
    assert conn.lookupByUUIDString(dom.UUIDString()).UUID() == dom.UUID()
    assert dom.connect() is conn
    assert "<name>test</name>" in dom.XMLDesc()


def test_life_of_a_guest(conn: libvirt.virConnect) -> None:
    dom = conn.defineXML(NEW.format("life"))
    assert (dom.ID(), dom.isActive(), dom.isPersistent()) == (-1, 0, 1)
    assert dom.create() == 0
    assert dom.ID() > 0
    assert dom.destroy() == 0
    assert dom.ID() == -1
    assert dom.undefine() == 0
    with pytest.raises(libvirt.libvirtError) as caught:
        dom.XMLDesc()
    assert caught.value.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN
    assert caught.value.get_error_domain() == libvirt.VIR_FROM_TEST
    assert caught.value.get_error_level() == libvirt.VIR_ERR_ERROR
    assert caught.value.err == libvirt.virGetLastError()


def test_a_closed_connection_refuses_calls() -> None:
    conn = libvirt.open("test:///default")
    assert conn.close() == 0
    with pytest.raises(libvirt.libvirtError, match="invalid connection pointer in virConnectGetHostname"):
        conn.getHostname()


def test_a_connection_ends_with_its_last_user() -> None:
    conn = libvirt.open("test:///default")
    dom = conn.lookupByName("test")
    assert conn.close() == 1
    assert dom.isActive() == 1
    del dom
    gc.collect()


def test_the_block_closes() -> None:
    with libvirt.open("test:///default") as conn:
        assert conn.isAlive() == 1
    with pytest.raises(libvirt.libvirtError):
        conn.isAlive()


def test_read_only_connections_change_nothing() -> None:
    conn = libvirt.openReadOnly("test:///default")
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.lookupByName("test").suspend()
    assert caught.value.get_error_code() == libvirt.VIR_ERR_OPERATION_DENIED
    conn.close()


def test_unknown_hypervisors_are_refused() -> None:
    with pytest.raises(libvirt.libvirtError):
        libvirt.open("nonsense+unix:///x?socket=/nowhere")


@pytest.mark.parametrize(("call", "refusal"), [
    (lambda conn: conn.lookupByName(b"test"), TypeError),
    (lambda conn: conn.lookupByID("1"), TypeError),
    (lambda conn: conn.lookupByID(1 << 40), OverflowError),
    (lambda conn: conn.lookupByName(None), libvirt.libvirtError),
    (lambda conn: conn.lookupByUUID(b"short"), libvirt.libvirtError),
    (lambda conn: libvirt.virDomain(conn, _obj="x"), Exception),
])  # fmt: skip
def test_wrong_arguments_are_refused(conn: libvirt.virConnect, call: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        call(conn)


def test_each_thread_has_its_own_last_error(conn: libvirt.virConnect) -> None:
    with pytest.raises(libvirt.libvirtError):
        conn.lookupByName("nobody")
    seen: list[Any] = []
    other = threading.Thread(target=lambda: seen.append(libvirt.virGetLastError()))
    other.start()
    other.join()
    assert seen == [None]
    assert libvirt.virGetLastErrorCode() == libvirt.VIR_ERR_NO_DOMAIN
    libvirt.virResetLastError()
    assert libvirt.virGetLastError() is None


def test_the_error_handler_is_told(conn: libvirt.virConnect) -> None:
    told: list[Any] = []
    libvirt.registerErrorHandler(lambda context, error: told.append((context, error)), "context")
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.lookupByName("nobody")
    assert told == [("context", caught.value.err)]


def test_without_a_handler_errors_are_written(conn: libvirt.virConnect, capsys: pytest.CaptureFixture[str]) -> None:
    libvirt.registerErrorHandler(None, None)
    with pytest.raises(libvirt.libvirtError):
        conn.lookupByName("nobody")
    assert capsys.readouterr().err.startswith("libvirt: Test Driver error : Domain not found")


def test_many_threads_may_call_at_once(conn: libvirt.virConnect) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: conn.lookupByName("test").info()[0], range(400)))
    assert set(found) == {libvirt.VIR_DOMAIN_RUNNING}


def test_typed_parameters_take_the_types_of_the_present_ones(conn: libvirt.virConnect) -> None:
    dom = conn.lookupByName("test")
    before = dom.schedulerParameters()
    assert dom.setSchedulerParameters({"weight": 17}) == 0
    with pytest.raises(LookupError):
        dom.setSchedulerParameters({"nothing": 1})
    dom.setSchedulerParameters(before)


def test_a_screenshot_comes_over_a_stream(conn: libvirt.virConnect) -> None:
    stream = conn.newStream()
    kind = conn.lookupByName("test").screenshot(stream, 0)
    pieces: list[bytes] = []
    stream.recvAll(lambda _, data, got: got.append(data), pieces)
    stream.finish()
    assert kind == "image/png"
    assert b"".join(pieces).startswith(b"\x89PNG")


def test_a_stream_that_no_call_has_opened(conn: libvirt.virConnect) -> None:
    stream = conn.newStream()
    with pytest.raises(libvirt.libvirtError) as caught:
        stream.recv(10)
    assert caught.value.get_error_domain() == libvirt.VIR_FROM_STREAMS
    with pytest.raises(libvirt.libvirtError, match="nonblocking"):
        conn.newStream(libvirt.VIR_STREAM_NONBLOCK).recvAll(print, None)


def test_a_failing_handler_gives_the_stream_up(conn: libvirt.virConnect) -> None:
    stream = conn.newStream()
    conn.lookupByName("test").screenshot(stream, 0)
    with pytest.raises(RuntimeError):
        stream.recvAll(lambda *_: -1, None)
    with pytest.raises(libvirt.libvirtError):
        stream.recv(1)


def test_events_need_an_event_loop(conn: libvirt.virConnect) -> None:
    with pytest.raises(libvirt.libvirtError, match="could not initialize domain event timer"):
        conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, print, None)
