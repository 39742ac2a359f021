# SPDX-License-Identifier: LGPL-2.1-or-later
"""Images on servers by an address (`nbd://HOST/NAME`), or by QEMU's older words between colons (`nbd:HOST:PORT`)."""

from __future__ import annotations

from covirt.errors import ConfigUnsupported, Error, InternalError, InvalidArg
from covirt.model.common.storage_network import WEB, NetworkLocation, StorageHost, StorageProtocol, Transport
from covirt.uri import Uri


def port_number(text: str | None) -> int:
    """The number that a text says; no text is no port."""
    if not text:
        return 0
    if not text.strip().isdigit():
        raise InvalidArg(f"failed to parse port number '{text}'")
    if int(text) > 65535:
        raise InvalidArg(f"port '{text}' out of range")
    return int(text)


# Addresses


def read_address(text: str) -> tuple[NetworkLocation, bool]:
    """The place of an address, and whether there were no credentials in it."""
    try:
        uri = Uri.parse(text)
    except Error:
        raise InternalError(f"failed to parse backing file location '{text}'") from None
    word, plus, carrier = uri.scheme.partition("+")
    try:
        protocol = StorageProtocol(word)
    except ValueError:
        raise InternalError(f"invalid backing protocol '{word}'") from None
    try:
        transport = Transport(carrier) if plus else Transport.TCP
    except ValueError:
        raise InternalError(f"invalid protocol transport type '{carrier}'") from None
    host = StorageHost(name=uri.host or None, port=uri.port, transport=transport)
    query = uri.query if protocol in WEB else None
    if protocol not in WEB and (uri.query or "").startswith("socket="):
        host.socket = (uri.query or "").removeprefix("socket=")
    path: str | None = uri.path.removeprefix("/")
    if protocol is StorageProtocol.NBD:
        path = path or None
    if protocol is StorageProtocol.GLUSTER and (path or "").find("/") <= 0:
        raise ConfigUnsupported(f"missing volume name or file name in gluster source path '{path}'")
    location = NetworkLocation(protocol=protocol, name=path, query=query or None, hosts=[host])
    return location, uri.user is None


def address_of(text: str, protocol: StorageProtocol) -> tuple[NetworkLocation, bool]:
    location, whole = read_address(text)
    if location.protocol is not protocol:
        message = f"expected protocol '{protocol}' but got '{location.protocol}' in URI JSON volume definition"
        raise InvalidArg(message)
    return location, whole


# Words between colons


def read_colons(text: str) -> NetworkLocation:
    word = text.partition(":")[0]
    try:
        protocol = StorageProtocol(word)
    except ValueError:
        raise InternalError(f"invalid backing protocol '{word}'") from None
    if protocol is StorageProtocol.NBD:
        return _nbd_colons(text)
    if protocol is StorageProtocol.RBD:
        return rbd_colons(text)
    if protocol in (StorageProtocol.SHEEPDOG, StorageProtocol.NONE):
        raise InternalError(f"backing store parser is not implemented for protocol {word}")
    raise InternalError(f"malformed backing store path for protocol {word}")


def _nbd_colons(text: str) -> NetworkLocation:
    """`nbd:unix:PATH` or `nbd:HOST:PORT`, perhaps with `:exportname=NAME`."""
    place, named, export = text.partition(":exportname=")
    place = place.removeprefix("nbd:")
    if place.startswith("unix:"):
        host = StorageHost(transport=Transport.UNIX, socket=place.removeprefix("unix:"))
        complete = bool(host.socket)
    else:
        name, found, port = place[1:].partition("]:") if place.startswith("[") else place.partition(":")
        complete = bool(name and found)
        host = StorageHost(name=name, port=port_number(port) if complete else 0)
    if not complete:
        raise InternalError(f"malformed nbd string '{text}'")
    return NetworkLocation(protocol=StorageProtocol.NBD, name=export if named else None, hosts=[host])


def rbd_colons(text: str) -> NetworkLocation:
    """`rbd:POOL/IMAGE@SNAPSHOT:OPTION=VALUE:…`; a backslash protects what would separate."""
    name, _, rest = text.removeprefix("rbd:").partition(":")
    name, _, snapshot = name.partition("@")
    location = NetworkLocation(protocol=StorageProtocol.RBD, name=name, snapshot=snapshot or None)
    for option in _protected_split(rest, ":"):
        key, _, value = option.partition("=")
        if key == "mon_host":
            separated = value.replace("\\;", "\\,").replace("\\ ", "\\,")
            location.hosts += [_rbd_host(host) for host in separated.split("\\,") if host]
        elif key == "conf":
            location.config = value
    return location


def _protected_split(text: str, separator: str) -> list[str]:
    parts = [""]
    protected = False
    for letter in text:
        if letter == separator and not protected:
            parts.append("")
        else:
            parts[-1] += letter
        protected = letter == "\\" and not protected
    return [part for part in parts if part]


def _rbd_host(text: str) -> StorageHost:
    if "]" in text:
        name, _, port = text[1:].partition("]")
        port = port.removeprefix("\\:")
    else:
        name, _, port = text.partition("\\:")
    return StorageHost(name=name.replace("\\:", ":"), port=port_number(port))
