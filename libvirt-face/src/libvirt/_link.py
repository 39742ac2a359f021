# SPDX-License-Identifier: LGPL-2.1-or-later
"""A connection as its objects share it: the channel below, how many use it, and its last error."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from covirt.api.call import Call
    from covirt.api.handles import Handle
    from covirt.api.stream import StreamEnd
    from covirt.client.channel import Channel, Reply
    from covirt.errors import Error
    from libvirt._background import Background
    from libvirt._errors import ErrorTuple
    from libvirt._events import Desk


class Link:
    """A connection; it ends when the last of its users lets go, as the C library counts."""

    def __init__(self, channel: Channel, background: Background) -> None:
        """Take over a channel; the one who opens it is the first user."""
        self.channel = channel
        self.background = background
        self.error: ErrorTuple | None = None
        self.keeps_alive = False
        self._users = 1
        self._lock = threading.RLock()
        self._desk: Desk | None = None

    def perform(
        self,
        call: Call[Any, ..., Any],
        subject: Handle,
        args: tuple[Any, ...],
        *,
        stream: StreamEnd | None = None,
        fds: Sequence[int] = (),
    ) -> Reply:
        """Make a call and wait for its reply."""
        return self.background.run(self.channel.perform(call, subject, args, stream=stream, fds=fds))

    def take(self) -> None:
        """One more uses the connection."""
        with self._lock:
            self._users += 1

    def let_go(self, *, wait: bool = False) -> int:
        """One fewer uses it; tell how many are left."""
        with self._lock:
            self._users -= 1
            left = self._users
        if left == 0:
            self._end(wait)
        return left

    @property
    def in_process(self) -> bool:
        """Are the drivers in this process?"""
        from covirt.client.embedded import EmbeddedChannel

        return isinstance(self.channel, EmbeddedChannel)

    @property
    def desk(self) -> Desk:
        """Where events are handed out."""
        with self._lock:
            if self._desk is None:
                from libvirt._events import Desk

                self._desk = Desk(self)
            return self._desk

    def lost(self, reason: Error) -> None:
        """The daemon is gone."""
        if self._desk is not None:
            self._desk.lost(reason)

    def _end(self, wait: bool) -> None:
        if self._desk is not None:
            self._desk.close()
        if wait and not self.background.here:
            self.background.run(self.channel.close())
        else:
            self.background.start(self.channel.close())


class PyCapsule:
    """What an object keeps in `_o`: the name of what it is about, and its connection."""

    __slots__ = ("handle", "link")

    def __init__(self, handle: Handle, link: Link) -> None:
        """Use the connection."""
        self.handle = handle
        self.link = link
        link.take()

    def __del__(self) -> None:
        """Let the connection go."""
        self.link.let_go()


class ConnectCapsule:
    """What a connection object keeps in `_o`; it is closed by hand."""

    __slots__ = ("handle", "link")

    def __init__(self, handle: Handle, link: Link) -> None:
        """The one who opens a connection is counted already."""
        self.handle = handle
        self.link = link


ConnectCapsule.__name__ = PyCapsule.__name__
