# SPDX-License-Identifier: LGPL-2.1-or-later
"""An event loop for callbacks that is asyncio's: `virEventRegisterAsyncIOImpl()` inside a running loop, then `open`.

What libvirt watches becomes readers, writers and timers of the loop. `virEventAsyncIOImpl.drain` waits until nothing
of a closed connection is left.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import warnings
from collections.abc import Callable
from typing import Any

import libvirt

__all__ = ["getCurrentImpl", "virEventAsyncIOImpl", "virEventRegisterAsyncIOImpl"]

_READABLE = libvirt.VIR_EVENT_HANDLE_READABLE
_WRITABLE = libvirt.VIR_EVENT_HANDLE_WRITABLE


class Callback:
    """Something to call back, under a number."""

    _iden_counter = itertools.count()

    def __init__(
        self, impl: virEventAsyncIOImpl, cb: Callable[..., Any], opaque: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Take the next number."""
        super().__init__(*args, **kwargs)
        self.iden = next(self._iden_counter)
        self.impl = impl
        self.cb = cb
        self.opaque = opaque

    def __repr__(self) -> str:
        return f"<{type(self).__name__} iden={self.iden}>"

    def close(self) -> None:
        """Free what belongs to it, when the loop comes round."""
        self.impl.log.debug("callback %d ends", self.iden)
        self.impl.schedule_ff_callback(self.iden, self.opaque)


class Descriptor:
    """One descriptor and all who wait for it."""

    def __init__(self, impl: virEventAsyncIOImpl, fd: int) -> None:
        """Nobody waits yet."""
        self.impl = impl
        self.fd = fd
        self.callbacks: dict[int, FDCallback] = {}

    def _handle(self, event: int) -> None:
        """Tell everybody who waits for this."""
        for callback in list(self.callbacks.values()):
            if callback.event & event:
                callback.cb(callback.iden, self.fd, event, callback.opaque)

    def update(self) -> None:
        """Let the loop watch for what is wanted now."""
        wanted = 0
        for callback in self.callbacks.values():
            wanted |= callback.event
        if wanted & ~(_READABLE | _WRITABLE):
            warnings.warn("asyncio tells only whether descriptors are readable or writable", UserWarning, stacklevel=2)
        loop = self.impl.loop
        if wanted & _READABLE:
            loop.add_reader(self.fd, self._handle, _READABLE)
        else:
            loop.remove_reader(self.fd)
        if wanted & _WRITABLE:
            loop.add_writer(self.fd, self._handle, _WRITABLE)
        else:
            loop.remove_writer(self.fd)

    def add_handle(self, callback: FDCallback) -> None:
        """One more waits."""
        self.callbacks[callback.iden] = callback
        self.update()

    def remove_handle(self, iden: int) -> FDCallback:
        """One fewer waits."""
        callback = self.callbacks.pop(iden)
        self.update()
        return callback


class DescriptorDict(dict[int, Descriptor]):
    """Descriptors, made when they are first asked for."""

    def __init__(self, impl: virEventAsyncIOImpl) -> None:
        """Begin empty."""
        super().__init__()
        self.impl = impl

    def __missing__(self, fd: int) -> Descriptor:
        self[fd] = made = Descriptor(self.impl, fd)
        return made


class FDCallback(Callback):
    """Waits for a descriptor."""

    def __init__(self, *args: Any, descriptor: Descriptor, event: int, **kwargs: Any) -> None:
        """Wait for these events."""
        super().__init__(*args, **kwargs)
        self.descriptor = descriptor
        self.event = event

    def __repr__(self) -> str:
        return f"<{type(self).__name__} iden={self.iden} fd={self.descriptor.fd} event={self.event}>"

    def update(self, event: int) -> None:
        """Wait for something else."""
        self.event = event
        self.descriptor.update()


class TimeoutCallback(Callback):
    """Is called every so many milliseconds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin stopped."""
        super().__init__(*args, **kwargs)
        self.timeout = -1
        self._task: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} iden={self.iden} timeout={self.timeout}>"

    async def _timer(self) -> None:
        """Call again and again; a time of 0 means at every turn of the loop."""
        while True:
            await asyncio.sleep(max(self.timeout, 0) / 1000)
            self.cb(self.iden, self.opaque)

    def update(self, timeout: int) -> None:
        """Set the time; less than 0 stops it."""
        self.timeout = timeout
        if timeout >= 0 and self._task is None:
            self._task = self.impl.loop.create_task(self._timer())
        elif timeout < 0 and self._task is not None:
            self._task.cancel()
            self._task = None

    def close(self) -> None:
        """Stop."""
        self.update(timeout=-1)
        super().close()


class virEventAsyncIOImpl:
    """Libvirt's six functions of an event loop, on one of asyncio's."""

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Use this loop, or the current one."""
        self.loop = loop or asyncio.get_event_loop()
        self.callbacks: dict[int, FDCallback | TimeoutCallback] = {}
        self.descriptors = DescriptorDict(self)
        self.log = logging.getLogger(type(self).__name__)
        self._freeing: set[asyncio.Task[None]] = set()
        self._pending = 0
        self._finished: asyncio.Event | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} callbacks={self.callbacks} descriptors={self.descriptors}>"

    def _pending_inc(self) -> None:
        """One more thing has to be freed some day."""
        self._pending += 1
        if self._finished is not None:
            self._finished.clear()

    def _pending_dec(self) -> None:
        """One thing was freed."""
        self._pending -= 1
        if not self._pending and self._finished is not None:
            self._finished.set()

    def register(self) -> virEventAsyncIOImpl:
        """Have libvirt use it."""
        libvirt.virEventRegisterImpl(
            self._add_handle,
            self._update_handle,
            self._remove_handle,
            self._add_timeout,
            self._update_timeout,
            self._remove_timeout,
        )
        return self

    def schedule_ff_callback(self, iden: int, opaque: Any) -> None:
        """Free something when the loop comes round."""
        task = self.loop.create_task(self._ff_callback(iden, opaque))
        self._freeing.add(task)
        task.add_done_callback(self._freeing.discard)

    async def _ff_callback(self, iden: int, opaque: Any) -> None:
        """Free something."""
        self.log.debug("callback %d is freed", iden)
        libvirt.virEventInvokeFreeCallback(opaque)
        self._pending_dec()

    async def drain(self) -> None:
        """Wait until nothing is left to be freed."""
        if self._pending:
            self._finished = asyncio.Event()
            await self._finished.wait()
            self._finished = None

    def is_idle(self) -> bool:
        """Is nothing watched and nothing left to be freed?"""
        return not self.callbacks and not self._pending

    def _add_handle(self, fd: int, event: int, cb: Callable[..., Any], opaque: Any) -> int:
        """Watch a descriptor."""
        callback = FDCallback(self, cb, opaque, descriptor=self.descriptors[fd], event=event)
        self.callbacks[callback.iden] = callback
        self.descriptors[fd].add_handle(callback)
        self._pending_inc()
        return callback.iden

    def _update_handle(self, watch: int, event: int) -> None:
        """Wait for something else."""
        callback = self.callbacks[watch]
        assert isinstance(callback, FDCallback)
        callback.update(event)

    def _remove_handle(self, watch: int) -> int:
        """Stop watching."""
        callback = self.callbacks.pop(watch, None)
        if not isinstance(callback, FDCallback):
            self.log.warning("there is no handle %d to remove", watch)
            return -1
        descriptor = callback.descriptor
        descriptor.remove_handle(watch)
        if not descriptor.callbacks:
            del self.descriptors[descriptor.fd]
        callback.close()
        return 0

    def _add_timeout(self, timeout: int, cb: Callable[..., Any], opaque: Any) -> int:
        """Start a timer."""
        callback = TimeoutCallback(self, cb, opaque)
        self.callbacks[callback.iden] = callback
        callback.update(timeout)
        self._pending_inc()
        return callback.iden

    def _update_timeout(self, timer: int, timeout: int) -> None:
        """Change the time of a timer."""
        callback = self.callbacks[timer]
        assert isinstance(callback, TimeoutCallback)
        callback.update(timeout)

    def _remove_timeout(self, timer: int) -> int:
        """Take a timer away."""
        callback = self.callbacks.pop(timer, None)
        if not isinstance(callback, TimeoutCallback):
            self.log.warning("there is no timer %d to remove", timer)
            return -1
        callback.close()
        return 0


_current_impl: virEventAsyncIOImpl | None = None


def getCurrentImpl() -> virEventAsyncIOImpl | None:
    """The implementation that was registered last."""
    return _current_impl


def virEventRegisterAsyncIOImpl(loop: asyncio.AbstractEventLoop | None = None) -> virEventAsyncIOImpl:
    """Have libvirt's callbacks called by an asyncio loop."""
    global _current_impl
    _current_impl = virEventAsyncIOImpl(loop).register()
    return _current_impl
