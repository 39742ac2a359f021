# SPDX-License-Identifier: LGPL-2.1-or-later
"""The event loop on which callbacks run: the default one, or whatever the program registers.

An implementation gets for each handle and timer the function to call and a tuple of what to hand it, as the C
library's do: `opaque[0]` is called back with `opaque[1]`, `opaque[2]` frees `opaque[1]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from libvirt._errors import libvirtError, virResetLastError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Implementation:
    """The six functions of an event loop; whoever does not say `frees_itself` leaves that to the one who removes."""

    def __init__(
        self,
        add_handle: Callable[..., int],
        update_handle: Callable[[int, int], Any],
        remove_handle: Callable[[int], Any],
        add_timeout: Callable[..., int],
        update_timeout: Callable[[int, int], Any],
        remove_timeout: Callable[[int], Any],
        *,
        frees_itself: bool = False,
    ) -> None:
        """Take the functions as they are."""
        self.add_handle = add_handle
        self.update_handle = update_handle
        self.remove_handle = remove_handle
        self.add_timeout = add_timeout
        self.update_timeout = update_timeout
        self.remove_timeout = remove_timeout
        self.frees_itself = frees_itself


_registered: Implementation | None = None


def registered() -> Implementation | None:
    """The event loop of this process, if it has one."""
    return _registered


# What programs call


def virEventRegisterDefaultImpl() -> int:
    """Use the event loop of this module; somebody has to run it with `virEventRunDefaultImpl`."""
    global _registered
    virResetLastError()
    if _registered is None:
        from libvirt._poll import default_loop

        loop = default_loop()
        _registered = Implementation(
            loop.add_handle, loop.update_handle, loop.remove_handle,
            loop.add_timeout, loop.update_timeout, loop.remove_timeout, frees_itself=True,
        )  # fmt: skip
    return 0


def virEventRegisterImpl(
    addHandle: Callable[..., int],
    updateHandle: Callable[[int, int], Any],
    removeHandle: Callable[[int], Any],
    addTimeout: Callable[..., int],
    updateTimeout: Callable[[int, int], Any],
    removeTimeout: Callable[[int], Any],
) -> int:
    """Use the program's event loop; only the first one that is registered counts."""
    global _registered
    functions = (addHandle, updateHandle, removeHandle, addTimeout, updateTimeout, removeTimeout)
    if not all(callable(function) for function in functions):
        raise TypeError("all six parts of an event loop must be callable")
    if _registered is None:
        _registered = Implementation(*functions)
    return 0


def virEventRunDefaultImpl() -> int:
    """Wait for something to happen in the default event loop, and call back."""
    virResetLastError()
    from libvirt._poll import default_loop

    default_loop().run_once()
    return 0


def virEventAddHandle(fd: int, events: int, cb: Callable[[int, int, int, Any], Any], opaque: Any) -> int:
    """Have a function called when something can be done with a descriptor."""
    data = {"cb": cb, "opaque": opaque}
    return add_handle(fd, events, _dispatchEventHandleCallback, data, None)


def virEventAddTimeout(timeout: int, cb: Callable[[int, Any], Any], opaque: Any) -> int:
    """Have a function called every so many milliseconds; -1 is never, 0 always."""
    data = {"cb": cb, "opaque": opaque}
    return add_timeout(timeout, _dispatchEventTimeoutCallback, data, None)


def virEventUpdateHandle(watch: int, events: int) -> None:
    """Change what is waited for."""
    if _registered is not None:
        _registered.update_handle(watch, events)


def virEventUpdateTimeout(timer: int, timeout: int) -> None:
    """Change the time of a timer."""
    if _registered is not None:
        _registered.update_timeout(timer, timeout)


def virEventRemoveHandle(watch: int) -> int:
    """Do not watch a descriptor any more."""
    virResetLastError()
    if _registered is None:
        raise libvirtError("virEventRemoveHandle() failed")
    return _removed(_registered, _registered.remove_handle(watch), "virEventRemoveHandle")


def virEventRemoveTimeout(timer: int) -> int:
    """Take a timer away."""
    virResetLastError()
    if _registered is None:
        raise libvirtError("virEventRemoveTimeout() failed")
    return _removed(_registered, _registered.remove_timeout(timer), "virEventRemoveTimeout")


def virEventInvokeFreeCallback(opaque: Any) -> None:
    """Free what belongs to a handle or timer; for event loops that do so later."""
    free = opaque[2]
    if free is not None:
        free(opaque[1])


def virInitialize() -> int:
    """Nothing has to be made ready."""
    return 0


# Between an event loop and who waits


def add_handle(fd: int, events: int, call: Callable[..., Any], data: Any, free: Callable[[Any], None] | None) -> int:
    """Watch a descriptor."""
    if _registered is None:
        raise libvirtError("virEventAddHandle() failed")
    watch = _registered.add_handle(fd, events, _eventInvokeHandleCallback, (call, data, free))
    if watch == -1:
        raise libvirtError("virEventAddHandle() failed")
    return watch


def add_timeout(timeout: int, call: Callable[..., Any], data: Any, free: Callable[[Any], None] | None) -> int:
    """Start a timer."""
    if _registered is None:
        raise libvirtError("virEventAddTimeout() failed")
    timer = _registered.add_timeout(timeout, _eventInvokeTimeoutCallback, (call, data, free))
    if timer == -1:
        raise libvirtError("virEventAddTimeout() failed")
    return timer


def _removed(implementation: Implementation, result: Any, function: str) -> int:
    """Free what the event loop gives back; some free it themselves, later."""
    if isinstance(result, tuple) and len(result) == 3:
        if not implementation.frees_itself:
            virEventInvokeFreeCallback(result)
        return 0
    if result == -1:
        raise libvirtError(f"{function}() failed")
    return 0


def _eventInvokeHandleCallback(watch: int, fd: int, event: int, opaque: Any, opaquecompat: Any = None) -> None:
    """Call back for a descriptor; very old event loops give the parts of the tuple one by one."""
    call, data = (opaque, opaquecompat) if opaquecompat else opaque[:2]
    call(watch, fd, event, data)


def _eventInvokeTimeoutCallback(timer: int, opaque: Any, opaquecompat: Any = None) -> None:
    """Call back for a timer."""
    call, data = (opaque, opaquecompat) if opaquecompat else opaque[:2]
    call(timer, data)


def _dispatchEventHandleCallback(watch: int, fd: int, events: int, cbData: dict[str, Any]) -> int:
    """Call the program's function for a descriptor."""
    cbData["cb"](watch, fd, events, cbData["opaque"])
    return 0


def _dispatchEventTimeoutCallback(timer: int, cbData: dict[str, Any]) -> int:
    """Call the program's function for a timer."""
    cbData["cb"](timer, cbData["opaque"])
    return 0
