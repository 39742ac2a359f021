# SPDX-License-Identifier: LGPL-2.1-or-later
"""Opening a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from covirt.api.connect.open import ConnectFlags, get_uri
from covirt.api.handles import Connect
from covirt.client.channel import Channel
from covirt.client.config import load_settings
from covirt.client.connection import Options, RemoteChannel
from covirt.client.credentials import Credentials, Wanted
from covirt.client.open import open_connection
from covirt.errors import AuthCancelled, AuthFailed, Error
from libvirt._background import background
from libvirt._errors import failure, virResetLastError
from libvirt._link import ConnectCapsule, Link

Asked = Callable[[tuple[list[Any], ...], Any], int]


def connect(uri: str | None, flags: int, function: str, auth: Sequence[Any] | None = None) -> ConnectCapsule:
    """Connect to what a URI names."""
    if uri is not None and not isinstance(uri, str):
        raise TypeError(f"argument must be str or None, not {type(uri).__name__}")
    virResetLastError()
    loop = background()
    credentials = Credentials() if auth is None else Credentials(ask=asking(*auth))
    try:
        channel = loop.run(_channel(uri, bool(flags & ConnectFlags.RO), credentials))
    except Error as error:
        raise failure(error, function) from None
    link = Link(channel, loop)
    if isinstance(channel, RemoteChannel):
        channel.on_lost = link.lost
    return ConnectCapsule(Connect(), link)


async def _channel(uri: str | None, read_only: bool, credentials: Credentials) -> Channel:
    options = Options(credentials=credentials, mode=load_settings().remote_mode)
    return (await open_connection(uri, read_only=read_only, options=options)).channel


def asking(types: Sequence[int], function: Asked, opaque: Any) -> Callable[[list[Wanted]], Any]:
    """Ask the program for names and passwords, in the form that it expects."""

    async def ask(wanted: list[Wanted]) -> None:
        unknown = [item.type for item in wanted if int(item.type) not in types]
        if unknown:
            raise AuthFailed(f"unsupported credential type {int(unknown[0])}")
        given = tuple([int(item.type), item.prompt, item.challenge or None, item.default, None] for item in wanted)
        if await asyncio.to_thread(function, given, opaque) < 0:
            raise AuthCancelled("authentication was cancelled")
        for item, answer in zip(wanted, given, strict=True):
            item.result = None if answer[4] is None else str(answer[4])

    return ask


def uri_of(link: Link) -> str:
    """The URI of a connection: the whole one with the way there, which only this side knows."""
    if isinstance(link.channel, RemoteChannel) and link.channel.uri:
        return link.channel.uri
    uri: str = link.perform(get_uri, Connect(), ()).result
    return uri
