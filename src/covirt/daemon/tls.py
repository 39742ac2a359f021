# SPDX-License-Identifier: LGPL-2.1-or-later
"""The server's side of TLS: its certificate, whom it trusts, and which names may connect."""

from __future__ import annotations

import fnmatch
import ssl
from collections.abc import Mapping
from pathlib import Path

from covirt.daemon.settings import DaemonSettings
from covirt.errors import AuthFailed, ErrorDomain, SystemCallFailed

_SHORT = {
    "countryName": "C",
    "stateOrProvinceName": "ST",
    "localityName": "L",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "commonName": "CN",
    "emailAddress": "EMAIL",
    "userId": "UID",
    "domainComponent": "DC",
}


class ServerTls:
    """Keys and certificates, which can be read again while connections go on."""

    def __init__(self, settings: DaemonSettings) -> None:
        """Read them."""
        self._settings = settings
        self._context = _context(settings)

    def context(self) -> ssl.SSLContext:
        """What a new connection uses."""
        return self._context

    def reload(self) -> None:
        """Read them again; if that fails, the old ones stay in use."""
        self._context = _context(self._settings)

    def check(self, session: ssl.SSLObject) -> str | None:
        """The name in the client's certificate; raises if it may not connect."""
        certificate = session.getpeercert()
        if not certificate:
            if self._settings.tls_no_verify_certificate:
                return None
            raise AuthFailed("the client has no certificate", domain=ErrorDomain.RPC)
        name = distinguished_name(certificate)
        allowed = self._settings.tls_allowed_dn_list
        if allowed is not None and not any(fnmatch.fnmatchcase(name, pattern) for pattern in allowed):
            raise AuthFailed(f"Client's Distinguished Name is not on the list of allowed clients: {name}")
        return name


def distinguished_name(certificate: Mapping[str, object]) -> str:
    """The subject's name as GnuTLS writes it: the last part first, with a comma between parts."""
    subject = certificate.get("subject", ())
    assert isinstance(subject, tuple)
    parts = [f"{_SHORT.get(name, name)}={_escaped(value)}" for part in subject for name, value in part]
    return ",".join(reversed(parts))


def _escaped(value: str) -> str:
    return "".join(f"\\{char}" if char in ',+"\\<>;' else char for char in value)


def _context(settings: DaemonSettings) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.num_tickets = 0  # libvirt's client takes whatever follows the handshake for the byte of welcome
    for path in (settings.ca_file, settings.cert_file, settings.key_file):
        if not Path(path).exists():
            raise SystemCallFailed(f"Cannot read certificate '{path}': No such file or directory")
    context.load_cert_chain(settings.cert_file, settings.key_file)
    context.load_verify_locations(settings.ca_file)
    if settings.crl_file:
        context.load_verify_locations(settings.crl_file)
        context.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_LEAF
    if settings.tls_priority:
        context.set_ciphers(settings.tls_priority)
    context.verify_mode = ssl.CERT_NONE if settings.tls_no_verify_certificate else ssl.CERT_REQUIRED
    return context
