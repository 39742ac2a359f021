# SPDX-License-Identifier: LGPL-2.1-or-later
"""Storage that is reached over a network: servers, credentials of the connection, protocol settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from covirt.errors import XmlError
from covirt.model.common.copying import changed
from covirt.model.common.scalars import Port
from covirt.xml import At, Context, OneZero, Reading, ULong, YesNo


class StorageProtocol(StrEnum):
    """How a storage server is spoken to."""

    NONE = "none"
    NBD = "nbd"
    RBD = "rbd"
    SHEEPDOG = "sheepdog"
    GLUSTER = "gluster"
    ISCSI = "iscsi"
    HTTP = "http"
    HTTPS = "https"
    FTP = "ftp"
    FTPS = "ftps"
    TFTP = "tftp"
    SSH = "ssh"
    VXHS = "vxhs"
    NFS = "nfs"


WEB = frozenset({StorageProtocol.HTTP, StorageProtocol.HTTPS})
TRANSFER = WEB | {StorageProtocol.FTP, StorageProtocol.FTPS}
ENCRYPTED = frozenset({StorageProtocol.HTTPS, StorageProtocol.FTPS})
POOLED = frozenset({StorageProtocol.GLUSTER, StorageProtocol.RBD})
"""The name is that of a volume or pool, a slash, and the image within."""

DEFAULT_PORTS = {
    StorageProtocol.HTTP: 80,
    StorageProtocol.HTTPS: 443,
    StorageProtocol.FTP: 21,
    StorageProtocol.FTPS: 990,
    StorageProtocol.TFTP: 69,
    StorageProtocol.SHEEPDOG: 7000,
    StorageProtocol.NBD: 10809,
    StorageProtocol.SSH: 22,
    StorageProtocol.ISCSI: 3260,
    StorageProtocol.GLUSTER: 24007,
    StorageProtocol.VXHS: 9999,
}


class Transport(StrEnum):
    """What carries the protocol."""

    TCP = "tcp"
    UNIX = "unix"
    RDMA = "rdma"
    FD = "fd"


@dataclass(slots=True, kw_only=True)
class StorageHost:
    """A storage server."""

    name: Annotated[str | None, At("@name")] = None
    port: Annotated[Port, At("@port", omit=0)] = 0
    transport: Annotated[Transport, At("@transport", omit=Transport.TCP)] = Transport.TCP
    socket: Annotated[str | None, At("@socket")] = None

    def after_parse(self, reading: Reading) -> None:
        """UNIX sockets have a path, everything else a name."""
        if self.transport is Transport.FD:
            raise XmlError("transport 'fd' is now allowed")
        if self.transport is Transport.UNIX:
            if self.socket is None:
                raise XmlError("missing socket for unix transport")
            self.name, self.port = None, 0
        elif self.socket is not None:
            raise XmlError(f"transport '{self.transport}' does not support socket attribute")
        elif self.name is None:
            raise XmlError("missing name for host")


@dataclass(slots=True, kw_only=True)
class StorageIdentity:
    """Who we are: user and group at an NFS server; user, key or agent at an SSH server."""

    user: Annotated[str | None, At("@user")] = None
    group: Annotated[str | None, At("@group")] = None
    username: Annotated[str | None, At("@username")] = None
    keyfile: Annotated[str | None, At("@keyfile")] = None
    agentsock: Annotated[str | None, At("@agentsock")] = None

    def check_ssh(self) -> None:
        """SSH needs a name and some proof."""
        if self.username is None:
            raise XmlError("Missing required attribute 'username' in element 'identity'")
        if self.keyfile is None and self.agentsock is None:
            raise XmlError("element 'identity' requires either 'keyfile' or 'agentsock' attribute")


_NOT_IN_VALUE = re.compile(r"[\x01-\x20\",;\\]")
_NOT_IN_NAME = re.compile(r"[\x01-\x20\",;\\()<>@:/\[\]?={}]")


@dataclass(slots=True, kw_only=True)
class Cookie:
    """A cookie that is sent to a web server."""

    name: Annotated[str, At("@name", blank_is_none=True, missing="missing cookie name")]
    value: Annotated[str | None, At(".")] = None

    def after_parse(self, reading: Reading) -> None:
        """Name and value have only characters that RFC 6265 allows; the value may stand in quotes."""
        if self.value is None:
            raise XmlError(f"missing value for cookie '{self.name}'")
        if _NOT_IN_NAME.search(self.name):
            raise XmlError(f"cookie name '{self.name}' contains invalid characters")
        value = self.value
        if value.startswith('"'):
            value = value[1:-1] if value.endswith('"') else value
        if _NOT_IN_VALUE.search(value):
            raise XmlError(f"value of cookie '{self.name}' contains invalid characters")


@dataclass(slots=True, kw_only=True)
class NetworkLocation:
    """A volume of a storage server."""

    type: Literal["network"] = "network"
    protocol: Annotated[StorageProtocol, At("@protocol")]
    name: Annotated[str | None, At("@name")] = None
    query: Annotated[str | None, At("@query")] = None
    tls: Annotated[YesNo | None, At("@tls")] = None
    tls_hostname: Annotated[str | None, At("@tlsHostname")] = None
    tls_from_config: Annotated[OneZero, At("@tlsFromConfig", when=Context.STATUS)] = False
    """The driver's settings have decided about TLS, not the document."""
    hosts: Annotated[list[StorageHost], At("host")] = field(default_factory=list)
    identity: Annotated[StorageIdentity | None, At("identity", omit_empty=True)] = None
    reconnect_delay: Annotated[int, At("reconnect/@delay", omit=0)] = 0
    snapshot: Annotated[str | None, At("snapshot/@name", blank_is_none=True)] = None
    config: Annotated[str | None, At("config/@file", blank_is_none=True)] = None
    initiator: Annotated[str | None, At("initiator/iqn/@name", blank_is_none=True)] = None
    ssl_verify: Annotated[YesNo | None, At("ssl/@verify")] = None
    cookies: Annotated[list[Cookie], At("cookies/cookie", write_when=Context.SECURE)] = field(default_factory=list)
    readahead: Annotated[
        ULong, At("readahead/@size", omit=0, blank_is_none=True, invalid="invalid readahead size or timeout")
    ] = 0
    timeout: Annotated[
        ULong, At("timeout/@seconds", omit=0, blank_is_none=True, invalid="invalid readahead size or timeout")
    ] = 0
    known_hosts: Annotated[str | None, At("knownHosts/@path")] = None
    host_key_check: bool = True
    """Is an SSH server's key checked? Image files can say otherwise of the image below, documents cannot."""
    ssh_identity: Annotated[StorageIdentity | None, At("identity", shared=True)] = None
    """Only while writing: the identity of SSH stands later than that of NFS."""

    @property
    def volume(self) -> str | None:
        """The part of the name before the first slash, for protocols whose names have two parts."""
        return self.name.partition("/")[0] if self.name and self.protocol in POOLED else None

    @property
    def path(self) -> str | None:
        """The name without its volume."""
        return self.name.partition("/")[2] if self.name and self.protocol in POOLED else self.name

    def after_parse(self, reading: Reading) -> None:
        """Keep what the protocol has, refuse what it needs and has not, fill in its port."""
        protocol = self.protocol
        if self.name is None and protocol is not StorageProtocol.NBD:
            raise XmlError("missing name for disk source")
        if self.name == "":
            self.name = None
        if self.name is not None and protocol in POOLED and self.name.find("/") <= 0:
            raise XmlError(f"can't split path '{self.name}' into pool name and image name")
        self._forget_foreign()
        for host in self.hosts:
            if host.transport is Transport.TCP and not host.port:
                host.port = DEFAULT_PORTS.get(protocol, 0)
        names = [cookie.name for cookie in self.cookies]
        for name in names:
            if names.count(name) > 1:
                raise XmlError(f"duplicate cookie '{name}'")
        if self.identity is not None and protocol is StorageProtocol.SSH:
            self.identity.check_ssh()

    def _forget_foreign(self) -> None:
        """Drop what belongs to other protocols, unread."""
        protocol = self.protocol
        if protocol is not StorageProtocol.NBD:
            self.reconnect_delay = 0
        if protocol not in (StorageProtocol.NFS, StorageProtocol.SSH):
            self.identity = None
        if protocol is not StorageProtocol.SSH:
            self.known_hosts = None
        if protocol not in WEB:
            self.query, self.cookies = None, []
        if protocol not in ENCRYPTED:
            self.ssl_verify = None
        if protocol not in TRANSFER:
            self.readahead = self.timeout = 0

    def for_format(self, context: Context) -> NetworkLocation:
        """A peer decides about TLS itself when only our settings did."""
        location = self
        if context & Context.MIGRATABLE and self.tls_from_config:
            location = changed(location, tls=None)
        if self.protocol is StorageProtocol.SSH and self.identity:
            # A name without proof comes from an image file.
            proven = self.identity.keyfile or self.identity.agentsock
            location = changed(location, identity=None, ssh_identity=self.identity if proven else None)
        return location
