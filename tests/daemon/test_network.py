# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ways over the network: TLS with certificates, SASL on top, and who is turned away."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from covirt.api.connect import open as opening
from covirt.client.connection import Options
from covirt.client.credentials import Credentials
from covirt.daemon.sasl_users import SaslUsers
from covirt.daemon.settings import AuthName, DaemonSettings
from covirt.errors import AuthFailed, Error
from covirt.testing.running_daemon import Running, Start

NOW = datetime.datetime.now(datetime.UTC)


class Certificates:
    """An authority and certificates of its making, in the files that libvirt expects."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        self._write("cacert.pem", self._make(self._name, self._key, authority=True))
        for kind in ("server", "client"):
            key = ec.generate_private_key(ec.SECP256R1())
            names = [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"),
                x509.NameAttribute(NameOID.COMMON_NAME, "localhost" if kind == "server" else "somebody"),
            ]
            self._write(f"{kind}cert.pem", self._make(x509.Name(names), key))
            plain = serialization.NoEncryption()
            pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
            (path / f"{kind}key.pem").write_bytes(pem)

    def _make(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, *, authority: bool = False) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(hours=1))
            .not_valid_after(NOW + datetime.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if not authority:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def _write(self, name: str, certificate: x509.Certificate) -> None:
        (self.path / name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def settings(self, **more: object) -> DaemonSettings:
        """Settings of a daemon with the server's certificate, on any free ports."""
        values: dict[str, object] = {
            "listen_tls": True,
            "listen_addr": "127.0.0.1",
            "tls_port": "0",
            "tcp_port": "0",
            "key_file": str(self.path / "serverkey.pem"),
            "cert_file": str(self.path / "servercert.pem"),
            "ca_file": str(self.path / "cacert.pem"),
            "auth_unix_rw": AuthName.NONE,
            "auth_unix_ro": AuthName.NONE,
        }
        return DaemonSettings(**(values | more))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("pki"))


def port(running: Running, transport: str) -> int:
    """The port on which a daemon listens."""
    (found,) = (one for one in running.daemon.main.listeners if one.transport.name == transport)
    number: int = found.sock.getsockname()[1]
    return number


def tls_uri(running: Running, certificates: Certificates, more: str = "") -> str:
    return f"test+tls://localhost:{port(running, 'TLS')}/default?pkipath={certificates.path}{more}"


async def test_tls(start: Start, certificates: Certificates) -> None:
    running = await start(certificates.settings(), listen=True)
    conn = await running.connect(tls_uri(running, certificates))
    assert await conn.get_type() == "SCRIPTED"
    assert await conn.call(opening.is_secure)
    assert conn.channel.encrypted
    (client,) = running.daemon.main.clients.values()
    assert client.identity.x509_name == "CN=somebody,O=Example,C=GB"
    assert client.origin.transport.name == "TLS"


@pytest.mark.skipif(shutil.which("virsh") is None, reason="virsh is not installed")
async def test_virsh_over_tls(start: Start, certificates: Certificates) -> None:
    running = await start(certificates.settings(), listen=True)
    status, text = await running.command("virsh", "-c", tls_uri(running, certificates), "domstate", "guest0")
    assert text.strip() == "running"
    assert status == 0


async def test_a_name_that_is_not_on_the_list_is_turned_away(start: Start, certificates: Certificates) -> None:
    running = await start(certificates.settings(tls_allowed_dn_list=["CN=other*"]), listen=True)
    with pytest.raises(Error):
        await running.connect(tls_uri(running, certificates))
    assert not running.daemon.main.clients


async def test_a_name_that_fits_a_pattern_is_welcome(start: Start, certificates: Certificates) -> None:
    running = await start(certificates.settings(tls_allowed_dn_list=["CN=some*,O=Example,*"]), listen=True)
    assert await (await running.connect(tls_uri(running, certificates))).get_type() == "SCRIPTED"


async def test_a_client_without_certificate_is_turned_away(
    start: Start, certificates: Certificates, tmp_path: Path
) -> None:
    running = await start(certificates.settings(), listen=True)
    (tmp_path / "cacert.pem").write_bytes((certificates.path / "cacert.pem").read_bytes())
    with pytest.raises(Error):
        await running.connect(f"test+tls://localhost:{port(running, 'TLS')}/default?pkipath={tmp_path}")


async def test_a_server_with_another_name_is_not_trusted(start: Start, certificates: Certificates) -> None:
    running = await start(certificates.settings(), listen=True)
    with pytest.raises(Error):
        await running.connect(tls_uri(running, certificates).replace("localhost", "127.0.0.1"))
    conn = await running.connect(tls_uri(running, certificates, "&no_verify=1").replace("localhost", "127.0.0.1"))
    assert await conn.get_type() == "SCRIPTED"


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"])
async def test_sasl_over_tls(start: Start, certificates: Certificates, mechanism: str) -> None:
    running = await start(certificates.settings(auth_tls=AuthName.SASL), listen=True)
    users(running).put("fred", "secret")
    uri = tls_uri(running, certificates, f"&auth=sasl.{mechanism}")
    conn = await running.connect(uri, Options(credentials=Credentials(user="fred", password="secret")))
    assert await conn.get_type() == "SCRIPTED"
    (client,) = running.daemon.main.clients.values()
    assert client.identity.sasl_user == "fred"
    for user, password in (("fred", "wrong"), ("nobody", "secret")):
        with pytest.raises(AuthFailed):
            await running.connect(uri, Options(credentials=Credentials(user=user, password=password)))


async def test_sasl_names_may_be_restricted(start: Start, certificates: Certificates) -> None:
    settings = certificates.settings(auth_tls=AuthName.SASL, sasl_allowed_username_list=["joe*"])
    running = await start(settings, listen=True)
    for name in ("fred", "joe.smith"):
        users(running).put(name, "secret")
    uri = tls_uri(running, certificates)
    assert await running.connect(uri, Options(credentials=Credentials(user="joe.smith", password="secret")))
    with pytest.raises(AuthFailed):
        await running.connect(uri, Options(credentials=Credentials(user="fred", password="secret")))


async def test_plain_tcp_wants_encryption(start: Start, certificates: Certificates) -> None:
    running = await start(certificates.settings(listen_tls=False, listen_tcp=True), listen=True)
    with pytest.raises(AuthFailed):
        await running.connect(f"test+tcp://127.0.0.1:{port(running, 'TCP')}/default")


async def test_plain_tcp_may_do_without(start: Start, certificates: Certificates) -> None:
    settings = certificates.settings(listen_tls=False, listen_tcp=True, tcp_min_ssf=0)
    running = await start(settings, listen=True)
    users(running).put("fred", "secret")
    options = Options(credentials=Credentials(user="fred", password="secret"))
    conn = await running.connect(f"test+tcp://127.0.0.1:{port(running, 'TCP')}/default", options)
    assert not await conn.call(opening.is_secure)


async def test_nothing_can_be_done_before_a_client_has_shown_who_it_is(
    start: Start, certificates: Certificates
) -> None:
    from covirt.wire.fault import decode_error
    from covirt.wire.framing import Framing
    from covirt.wire.message import compose

    running = await start(certificates.settings(auth_unix_rw=AuthName.SASL))
    reader, writer = await running.raw()
    writer.write(bytes(compose(0x20008086, 1, 3, 0, 1, 0)))
    (reply,) = Framing().feed(await reader.read(65536))
    assert str(decode_error(reply)) == "authentication required"
    writer.write(b"\0\x10\0\0")
    assert await reader.read(100) == b""
    writer.close()


async def test_root_needs_no_polkit(start: Start) -> None:
    running = await start(DaemonSettings())
    conn = await running.connect()
    assert await conn.get_type() == "SCRIPTED"


def users(running: Running) -> SaslUsers:
    """The users of a daemon."""
    running.daemon.setup.roots.config.mkdir(parents=True, exist_ok=True)
    return SaslUsers(running.daemon.setup.roots.config / "sasl_users")
