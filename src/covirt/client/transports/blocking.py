# SPDX-License-Identifier: LGPL-2.1-or-later
"""A connection without an event loop, for programs that ask a few things and end.

    with open_blocking("qemu:///system") as channel:
        domains = channel.call(lookup.list_all_domains, flags)

One call at a time, and neither streams nor events. Nothing here imports asyncio.
"""

from __future__ import annotations

import array
import os
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from covirt.api.call import Call
from covirt.api.connect import auth
from covirt.api.connect import open as opening
from covirt.api.connect.auth import AuthType
from covirt.api.connect.open import ConnectFlags
from covirt.api.handles import Connect, Handle
from covirt.client.transports.opening import Opened, open_socket, tls_context
from covirt.client.transports.target import Target, Transport, target_of
from covirt.errors import AuthFailed, Error, ErrorDomain, NoSupport, RpcError, SystemCallFailed
from covirt.rpc.codec import codec_of
from covirt.uri import Uri
from covirt.wire.client import Answer, ClientProtocol, Failure
from covirt.wire.message import Message

_CONNECT = Connect()
_CHUNK = 256 * 1024


class BlockingChannel:
    """Calls to a daemon, each of which waits for its reply."""

    def __init__(self, target: Target, opened: Opened) -> None:
        """Made by `open_blocking`."""
        self._opened = opened
        self._sock: socket.socket | ssl.SSLSocket = opened.sock
        self._protocol: ClientProtocol[None] = ClientProtocol()
        if target.transport is Transport.TLS:
            context = tls_context(target, os.geteuid(), Path.home())
            self._sock = context.wrap_socket(opened.sock, server_hostname=target.host)
            if self._sock.recv(1) != b"\1":
                raise RpcError("server verification (of our certificate or IP address) failed")

    def call(self, call: Call[Any, ..., Any], *args: Any, subject: Handle = _CONNECT) -> Any:
        """Make a call about the connection, or another object, and give its result."""
        codec = codec_of(call)
        values = call.complete(*args)
        asked = None
        if codec.two_steps:
            message = self._exchange(call, (subject, values, 0))
            asked = codec.decode_count(message)
            if not asked:
                return codec.decode_result(message)
        return codec.decode_result(self._exchange(call, (subject, values, asked)))

    def _exchange(self, call: Call[Any, ..., Any], values: tuple[Handle, tuple[Any, ...], int | None]) -> Message:
        number, version = call.program.value
        _, data = self._protocol.call(number, version, call.number, None, codec_of(call).encode_args, values)
        self._sock.sendall(data)
        while True:
            for event in self._protocol.receive(*self._receive()):
                if isinstance(event, Answer):
                    return event.message
                if isinstance(event, Failure):
                    raise event.error
            for answer in self._protocol.outgoing:
                self._sock.sendall(answer)
            self._protocol.outgoing.clear()

    def _receive(self) -> tuple[bytes, Sequence[int]]:
        try:
            if isinstance(self._sock, ssl.SSLSocket) or self._sock.family != socket.AF_UNIX:
                data, fds = self._sock.recv(_CHUNK), array.array("i")
            else:
                data, found, _, _ = socket.recv_fds(self._sock, _CHUNK, 32)
                fds = array.array("i", found)
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, "Cannot recv data") from error
        if not data:
            complaint = self._opened.complaint()
            raise SystemCallFailed(
                "End of file while reading data: Input/output error", domain=ErrorDomain.RPC, hint=complaint or None
            )
        return data, list(fds)

    def introduce(self, target: Target) -> None:
        """Show who we are, as far as nobody has to be asked, and open the driver."""
        try:
            offered = self.call(auth.auth_list)
        except NoSupport:
            offered = []
        if offered and offered[0] == AuthType.POLKIT:
            self.call(auth.auth_polkit)
        elif offered and offered[0] != AuthType.NONE:
            raise AuthFailed("this daemon wants a password", hint="use a connection with credentials")
        flags = ConnectFlags.RO if target.read_only else ConnectFlags(0)
        self.call(opening.open, target.name, flags)

    def close(self) -> None:
        """End it."""
        self._sock.close()
        self._opened.close()

    def __enter__(self) -> Self:
        """Begin the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye, if there is somebody to hear it."""
        try:
            if error is None:
                self.call(opening.close)
        except Error:
            return
        finally:
            self.close()


def open_blocking(uri: str | None, *, read_only: bool = False) -> BlockingChannel:
    """Connect to the daemon that a URI names."""
    parsed = Uri.parse(uri) if uri else None
    target = target_of(parsed, uid=os.geteuid(), read_only=read_only)
    channel = BlockingChannel(target, open_socket(target, os.environ))
    try:
        channel.introduce(target)
    except BaseException:
        channel.close()
        raise
    return channel
