# SPDX-License-Identifier: LGPL-2.1-or-later
"""What all classes have in common: a capsule, and the way to make calls about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from libvirt import virConnect


class Wrapped:
    """An object of the interface."""

    _o: Any
    _conn: virConnect

    def _ask(self, name: str, *args: Any) -> Any:
        """Make a call, and give its result as Python programs know it."""
        from libvirt._asking import ask

        return ask(self, name, args)

    def _try(self, name: str, instead: Any, *args: Any) -> Any:
        """Make a call whose failure is not an exception in this interface, but a value."""
        from libvirt._errors import libvirtError

        try:
            return self._ask(name, *args)
        except libvirtError:
            return instead

    def _reply(self, name: str, *args: Any) -> Any:
        """Make a call, and give its result as it is declared."""
        from libvirt._asking import reply

        return reply(self, name, args).result


class Child(Wrapped):
    """An object that belongs to a connection."""

    def __init__(self, conn: Any, _obj: Any = None) -> None:
        """Made by calls; whoever makes one must have its capsule."""
        self._conn = getattr(conn, "_conn", conn)
        self._o = checked(_obj)

    def __del__(self) -> None:
        """Let the capsule go."""
        self._o = None

    def connect(self) -> virConnect:
        """The connection that it belongs to."""
        return self._conn

    def c_pointer(self) -> int:
        """A number that is this object's alone."""
        return id(self._o)


class Named(Child):
    """An object with a name."""

    def name(self) -> str:
        """Get the name."""
        found: str = self._o.handle.name
        return found


class Identified(Child):
    """An object with a UUID."""

    def UUID(self) -> bytes:
        """Get the UUID as 16 bytes."""
        return bytes(self._o.handle.uuid)

    def UUIDString(self) -> str:
        """Get the UUID as text."""
        return str(self._o.handle.uuid)


class Events(Wrapped):
    """Whoever hands out events."""

    def _dispatch(self, kind: str, capsule: Any, cbData: dict[str, Any], *args: Any) -> int:
        """Call back with the object that an event is about."""
        import libvirt

        made = getattr(libvirt, kind)(self, _obj=capsule)
        cbData["cb"](self, made, *args, cbData["opaque"])
        return 0


def checked(capsule: Any) -> Any:
    """Refuse what is not a capsule."""
    if type(capsule).__name__ not in ("PyCapsule", "PyCObject"):
        raise Exception(f"Expected a wrapped C Object but got {type(capsule)}")
    return capsule
