# SPDX-License-Identifier: LGPL-2.1-or-later
"""QMP as bytes in, messages out."""

from __future__ import annotations

import json

import pytest

from covirt.drivers.qemu.monitor.errors import MonitorGarbage
from covirt.drivers.qemu.monitor.protocol import Greeting, QmpEvent, QmpProtocol, Reply, State
from covirt.testing.scripted import GREETING


def line(**message: object) -> bytes:
    return json.dumps(message).encode() + b"\r\n"


@pytest.fixture
def protocol() -> QmpProtocol:
    made = QmpProtocol(max_message=1000)
    made.receive(json.dumps(GREETING).encode() + b"\n")
    identity, _ = made.negotiate()
    made.receive(line(**{"return": {}}, id=identity))
    return made


def test_conversation_begins_with_greeting_and_negotiation() -> None:
    protocol = QmpProtocol()
    with pytest.raises(RuntimeError, match="waiting for the greeting"):
        protocol.command("query-status")
    (greeting,) = protocol.receive(json.dumps(GREETING).encode() + b"\r\n")
    assert isinstance(greeting, Greeting)
    identity, data = protocol.negotiate(enable=("oob",))
    assert json.loads(data) == {"execute": "qmp_capabilities", "arguments": {"enable": ["oob"]}, "id": identity}
    before = protocol.state
    assert before is State.NEGOTIATING
    protocol.receive(line(**{"return": {}}, id=identity))
    assert protocol.state is State.READY


def test_message_in_pieces_is_put_together(protocol: QmpProtocol) -> None:
    identity, _ = protocol.command("query-status")
    data = line(event="STOP", timestamp={}) + line(**{"return": 1}, id=identity)
    found = [message for byte in data for message in protocol.receive(bytes([byte]))]
    assert found == [QmpEvent("STOP", {}), Reply(identity, "query-status", 1)]


def test_out_of_band_command_may_overtake(protocol: QmpProtocol) -> None:
    slow, _ = protocol.command("migrate")
    fast, data = protocol.command("migrate-pause", out_of_band=True)
    assert json.loads(data)["exec-oob"] == "migrate-pause"
    assert protocol.pending == ("migrate", "migrate-pause")
    assert protocol.receive(line(**{"return": {}}, id=fast)) == [Reply(fast, "migrate-pause", {})]
    assert protocol.receive(line(**{"return": {}}, id=slow)) == [Reply(slow, "migrate", {})]


def test_error_without_class_says_so_much(protocol: QmpProtocol) -> None:
    identity, _ = protocol.command("cont")
    (reply,) = protocol.receive(line(error={"desc": "ignored"}, id=identity))
    assert isinstance(reply, Reply)
    assert str(reply.error) == "internal error: unable to execute QEMU command 'cont': unknown QEMU command error"


@pytest.mark.parametrize("data", [b"x" * 1001, b"x" * 1001 + b"\n", b'{"a": "' + b"x" * 2000])
def test_endless_message_is_refused(protocol: QmpProtocol, data: bytes) -> None:
    with pytest.raises(MonitorGarbage, match="exceeds buffer size"):
        protocol.receive(data)
    assert protocol.state is State.FAILED


def test_deep_nesting_is_refused() -> None:
    protocol = QmpProtocol()
    with pytest.raises(MonitorGarbage):
        protocol.receive(b"[" * 200_000 + b"\n")


def test_second_greeting_is_refused(protocol: QmpProtocol) -> None:
    with pytest.raises(MonitorGarbage, match="twice"):
        protocol.receive(line(QMP={}))


def test_answer_is_taken_once(protocol: QmpProtocol) -> None:
    identity, _ = protocol.command("stop")
    protocol.receive(line(**{"return": {}}, id=identity))
    with pytest.raises(MonitorGarbage, match="Unexpected JSON reply"):
        protocol.receive(line(**{"return": {}}, id=identity))
