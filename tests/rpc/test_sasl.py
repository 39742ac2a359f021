# SPDX-License-Identifier: LGPL-2.1-or-later
"""SASL: the example of RFC 7677, and proofs that are none."""

from __future__ import annotations

import base64

import pytest

from covirt.errors import AuthFailed
from covirt.rpc.sasl.external import ExternalClient, ExternalServer
from covirt.rpc.sasl.plain import PlainClient, PlainServer
from covirt.rpc.sasl.scram import ScramClient, ScramSecret, ScramServer

SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
SECRET = ScramSecret.of("pencil", "sha256", SALT, 4096)
FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
CHALLENGE = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
PROOF = b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
VERDICT = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def server(password: str = "pencil") -> ScramServer:
    secret = ScramSecret.of(password, "sha256", SALT, 4096)
    return ScramServer(
        "sha256", lambda user, digest: secret if user == "user" else None, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    )


def test_the_example_of_the_rfc() -> None:
    client, other = ScramClient("sha256", "user", "pencil", "rOprNGfwEbeRWgbNEkqO"), server()
    assert client.step(None) == FIRST
    assert other.step(FIRST) == CHALLENGE
    assert client.step(CHALLENGE) == PROOF
    assert other.step(PROOF) == VERDICT
    assert not other.complete
    assert client.step(VERDICT) is None
    assert other.step(None) is None
    assert client.complete
    assert other.complete
    assert other.user == "user"


def test_a_wrong_password_is_refused() -> None:
    client, other = ScramClient("sha256", "user", "pen"), server()
    with pytest.raises(AuthFailed):
        other.step(client.step(other.step(client.step(None))))


def test_a_stranger_gets_a_challenge_too() -> None:
    client, other = ScramClient("sha256", "stranger", "pencil"), server()
    with pytest.raises(AuthFailed):
        other.step(client.step(other.step(client.step(None))))


def test_a_false_server_is_found_out() -> None:
    client = ScramClient("sha256", "user", "pencil", "rOprNGfwEbeRWgbNEkqO")
    client.step(None)
    client.step(CHALLENGE)
    with pytest.raises(AuthFailed):
        client.step(b"v=AAAA")


@pytest.mark.parametrize("message", [b"", b"n,,", b"p=x,,n=user,r=a", b"n,,m=x,n=user,r=a", b"\xff,,n=a,r=b"])
def test_a_malformed_first_message_is_refused(message: bytes) -> None:
    with pytest.raises(AuthFailed):
        server().step(message)


@pytest.mark.parametrize("challenge", [b"r=other,s=AA==,i=1", b"s=AA==", b"r=rOprNGfwEbeRWgbNEkqOx,s=AA==,i=99999999"])
def test_a_malformed_challenge_is_refused(challenge: bytes) -> None:
    client = ScramClient("sha256", "user", "pencil", "rOprNGfwEbeRWgbNEkqO")
    client.step(None)
    with pytest.raises(AuthFailed):
        client.step(challenge)


def test_names_with_commas() -> None:
    client = ScramClient("sha256", "a,b=c", "pencil")
    asked = []
    ScramServer("sha256", lambda user, digest: asked.append(user)).step(client.step(None))
    assert asked == ["a,b=c"]


def test_plain() -> None:
    other = PlainServer(lambda user, password: (user, password) == ("fred", "secret"))
    other.step(PlainClient("fred", "secret").step(None))
    assert other.complete
    assert other.user == "fred"
    for data in (b"", b"\0fred\0wrong", b"a\0b\0c\0d", b"\xff\0\0"):
        with pytest.raises(AuthFailed):
            PlainServer(lambda user, password: False).step(data)


def test_external() -> None:
    other = ExternalServer("CN=x")
    other.step(ExternalClient().step(None))
    assert other.user == "CN=x"
    with pytest.raises(AuthFailed):
        ExternalServer(None).step(b"")
    with pytest.raises(AuthFailed):
        ExternalServer("CN=x").step(b"CN=y")
