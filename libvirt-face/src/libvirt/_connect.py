# SPDX-License-Identifier: LGPL-2.1-or-later
"""A connection: what of it is more than its calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from libvirt._base import Wrapped, checked
from libvirt._calls import ConnectCalls, Dispatchers
from libvirt._errors import ErrorTuple

if TYPE_CHECKING:
    from libvirt import (
        virDomain,
        virNetwork,
        virNodeDevice,
        virNWFilter,
        virSecret,
        virStoragePool,
        virStream,
    )

Callback = Callable[..., Any]


class virConnect(ConnectCalls, Dispatchers):
    """A connection to a hypervisor."""

    def __init__(self, _obj: Any = None) -> None:
        """Made by `open`."""
        self._o = None
        self._o = checked(_obj)
        self.domainEventCallbacks: dict[Callback, Any] = {}
        self._lifecycle: int | None = None

    @property
    def _conn(self) -> virConnect:  # type: ignore[override]
        return self

    def __del__(self) -> None:
        """Let the connection go."""
        if self._o is not None:
            capsule, self._o = self._o, None
            capsule.link.let_go()

    def __enter__(self) -> Self:
        """Begin a block at whose end the connection is closed."""
        return self

    def __exit__(
        self,
        exc_type_: type[BaseException] | None,
        exc_value_: BaseException | None,
        traceback_: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()

    def c_pointer(self) -> int:
        """A number that is this object's alone."""
        return id(self._o)

    # The connection itself

    def close(self) -> int:
        """Let the connection go; it ends with its last user. The result is how many are left."""
        left: int = self._with("virConnectClose", lambda link: link.let_go(wait=True))
        self._o = None
        return left

    def getURI(self) -> str:
        """Get the URI that the connection uses."""
        from libvirt._open import uri_of

        uri: str = self._with("virConnectGetURI", uri_of)
        return uri

    def isAlive(self) -> int:
        """Can calls still be made?"""
        return int(self._with("virConnectIsAlive", lambda link: link.channel.alive))

    def isEncrypted(self) -> int:
        """Can nobody on the way read the calls?"""
        return int(self._with("virConnectIsEncrypted", lambda link: link.channel.encrypted))

    def isSecure(self) -> int:
        """Is the way encrypted, or entirely on this machine?"""
        return int(self._with("virConnectIsSecure", lambda link: link.channel.secure))

    def setKeepAlive(self, interval: int, count: int) -> int:
        """Have the other side pinged when it is silent; 1 when it does not know how."""
        from libvirt import _keepalive

        result: int = self._with("virConnectSetKeepAlive", lambda link: _keepalive.start(link, interval, count))
        return result

    def virConnGetLastError(self) -> ErrorTuple | None:
        """The last error of this connection."""
        error: ErrorTuple | None = self._o.link.error if self._o is not None else None
        return error

    def virConnResetLastError(self) -> None:
        """Forget this connection's last error."""
        if self._o is not None:
            self._o.link.error = None

    def _with(self, function: str, work: Callable[[Any], Any]) -> Any:
        from libvirt._asking import guarded

        return guarded(self, function, lambda link, _: work(link))

    # The host

    def _cpu_count(self) -> int:
        """The number of the host's processors, which is the length of all maps."""
        count: int = self._reply("connect.host.get_cpu_map", False, False, 0).total
        return count

    def getCPUMap(self, flags: int = 0) -> tuple[int, list[bool], int]:
        """Number of processors, which of them are online, and how many that are."""
        from libvirt._shapes import cpus

        found = self._reply("connect.host.get_cpu_map", True, True, flags)
        return found.total, list(cpus(found.cpumap, found.total)), found.online

    def setMemoryParameters(self, params: Mapping[str, Any], flags: int = 0) -> int:
        """Set how the host shares equal pages."""
        from libvirt._tuning import set_like

        get, put = "connect.host.get_memory_parameters", "connect.host.set_memory_parameters"
        return set_like(self, params, get, put, (), (flags,))

    def getFreePages(
        self, pages: Sequence[int], startCell: int, maxCells: int, flags: int = 0
    ) -> dict[int, dict[int, int]]:
        """How many pages of each size are free in each cell."""
        sizes = list(pages)
        if not sizes:
            from libvirt._asking import refuse_zero

            raise refuse_zero("virNodeGetFreePages", "npages")
        found = self._reply("connect.host.get_free_pages", sizes, startCell, maxCells, flags)
        rows = [found[at : at + len(sizes)] for at in range(0, len(found), len(sizes))]
        return {startCell + at: dict(zip(sizes, row, strict=True)) for at, row in enumerate(rows)}

    def allocPages(self, pages: Mapping[int, int], startCell: int = 0, cellCount: int = 0, flags: int = 0) -> int:
        """Set aside huge pages; sizes with their numbers."""
        if not pages:
            raise LookupError("Need non-empty dictionary to set pages")
        sizes, counts = list(pages), list(pages.values())
        changed: int = self._ask("connect.host.alloc_pages", sizes, counts, startCell, cellCount, flags)
        return changed

    # Guests

    def listDomainsID(self) -> list[int]:
        """The numbers of the running guests."""
        numbers: list[int] = self._ask("domain.lookup.list_domains_id")
        return numbers

    def createLinux(self, xmlDesc: str, flags: int = 0) -> virDomain:
        """Start a guest; the old name of `createXML`."""
        return self.createXML(xmlDesc, flags)

    def createXMLWithFiles(self, xmlDesc: str, files: Sequence[int], flags: int = 0) -> virDomain:
        """Start a guest that gets open files."""
        from libvirt._asking import reply
        from libvirt._shapes import wrap

        found = reply(self, "domain.lifecycle.create_xml_with_files", (xmlDesc, flags), fds=list(files))
        domain: virDomain = wrap(found.result, self)
        return domain

    def getAllDomainStats(self, stats: int = 0, flags: int = 0) -> list[tuple[virDomain, dict[str, Any]]]:
        """Many figures of all guests at once."""
        return self._stats([], stats, flags)

    def domainListGetStats(
        self, doms: Sequence[virDomain], stats: int = 0, flags: int = 0
    ) -> list[tuple[virDomain, dict[str, Any]]]:
        """Many figures of some guests at once."""
        if not doms:
            from libvirt._asking import refuse

            function = "virDomainListGetStats"
            raise refuse(function, f"doms array in {function} must contain at least one domain")
        return self._stats(doms, stats, flags)

    def _stats(self, doms: Sequence[virDomain], stats: int, flags: int) -> list[tuple[virDomain, dict[str, Any]]]:
        from libvirt._shapes import params, wrap

        found = self._reply("domain.stats.get_all_domain_stats", list(doms), stats, flags)
        return [(wrap(record.dom, self), params(record.params)) for record in found]

    # Finding things by the text of a UUID

    def lookupByUUIDString(self, uuidstr: str) -> virDomain:
        """Find a guest by the text of its UUID."""
        return self.lookupByUUID(uuid_of(self, uuidstr, "virDomainLookupByUUIDString"))

    def networkLookupByUUIDString(self, uuidstr: str) -> virNetwork:
        """Find a network by the text of its UUID."""
        return self.networkLookupByUUID(uuid_of(self, uuidstr, "virNetworkLookupByUUIDString"))

    def nwfilterLookupByUUIDString(self, uuidstr: str) -> virNWFilter:
        """Find a filter by the text of its UUID."""
        return self.nwfilterLookupByUUID(uuid_of(self, uuidstr, "virNWFilterLookupByUUIDString"))

    def secretLookupByUUIDString(self, uuidstr: str) -> virSecret:
        """Find a secret by the text of its UUID."""
        return self.secretLookupByUUID(uuid_of(self, uuidstr, "virSecretLookupByUUIDString"))

    def storagePoolLookupByUUIDString(self, uuidstr: str) -> virStoragePool:
        """Find a pool by the text of its UUID."""
        return self.storagePoolLookupByUUID(uuid_of(self, uuidstr, "virStoragePoolLookupByUUIDString"))

    # Streams

    def newStream(self, flags: int = 0) -> virStream:
        """Make a stream, for a call that wants one."""
        import libvirt
        from libvirt._streaming import StreamCapsule

        made: virStream = self._with("virStreamNew", lambda link: libvirt.virStream(self, StreamCapsule(link, flags)))
        return made

    # Events

    def domainEventRegister(self, cb: Callback, opaque: Any) -> None:
        """Have a function called at lifecycle events of all guests."""
        if self._lifecycle is None:
            self._lifecycle = self._subscribe("domain", None, 0, self._lifecycle_event, None)
        self.domainEventCallbacks[cb] = opaque

    def domainEventDeregister(self, cb: Callback) -> None:
        """Have a function not called any more."""
        self.domainEventCallbacks.pop(cb, None)
        if not self.domainEventCallbacks and self._lifecycle is not None:
            number, self._lifecycle = self._lifecycle, None
            self._unsubscribe("domain", number)

    def _lifecycle_event(self, conn: Any, dom: Any, event: int, detail: int, opaque: Any) -> None:
        self._dispatchDomainEventCallbacks(dom, event, detail)

    def _dispatchDomainEventCallbacks(self, dom: Any, event: int, detail: int) -> int:
        """Tell all functions of `domainEventRegister`."""
        for callback, opaque in list(self.domainEventCallbacks.items()):
            callback(self, dom, event, detail, opaque)
        return 0

    def domainEventRegisterAny(self, dom: virDomain | None, eventID: int, cb: Callback, opaque: Any) -> int:
        """Have a function called at events of one kind, of one guest or of all."""
        return self._subscribe("domain", dom, eventID, cb, opaque)

    def domainEventDeregisterAny(self, callbackID: int) -> None:
        """Have the function of this number not called any more."""
        self._unsubscribe("domain", callbackID)

    def networkEventRegisterAny(self, net: virNetwork | None, eventID: int, cb: Callback, opaque: Any) -> int:
        """Have a function called at events of networks."""
        return self._subscribe("network", net, eventID, cb, opaque)

    def networkEventDeregisterAny(self, callbackID: int) -> None:
        """Have the function of this number not called any more."""
        self._unsubscribe("network", callbackID)

    def storagePoolEventRegisterAny(self, pool: virStoragePool | None, eventID: int, cb: Callback, opaque: Any) -> int:
        """Have a function called at events of storage pools."""
        return self._subscribe("storage", pool, eventID, cb, opaque)

    def storagePoolEventDeregisterAny(self, callbackID: int) -> None:
        """Have the function of this number not called any more."""
        self._unsubscribe("storage", callbackID)

    def nodeDeviceEventRegisterAny(self, dev: virNodeDevice | None, eventID: int, cb: Callback, opaque: Any) -> int:
        """Have a function called at events of the host's devices."""
        return self._subscribe("nodedev", dev, eventID, cb, opaque)

    def nodeDeviceEventDeregisterAny(self, callbackID: int) -> None:
        """Have the function of this number not called any more."""
        self._unsubscribe("nodedev", callbackID)

    def secretEventRegisterAny(self, secret: virSecret | None, eventID: int, cb: Callback, opaque: Any) -> int:
        """Have a function called at events of secrets."""
        return self._subscribe("secret", secret, eventID, cb, opaque)

    def secretEventDeregisterAny(self, callbackID: int) -> None:
        """Have the function of this number not called any more."""
        self._unsubscribe("secret", callbackID)

    def _subscribe(self, family: str, about: Wrapped | None, number: int, cb: Callback, opaque: Any) -> int:
        from libvirt import _events

        function = _events.function_of(family, "Register")
        data = {"cb": cb, "conn": self, "opaque": opaque}
        handle = None if about is None else about._o.handle
        given: int = self._with(function, lambda link: link.desk.subscribe(self, family, number, handle, data))
        return given

    def _unsubscribe(self, family: str, number: int) -> None:
        from libvirt import _events

        function = _events.function_of(family, "Deregister")
        self._with(function, lambda link: link.desk.unsubscribe(family, number, function))

    # The end of the connection

    def registerCloseCallback(self, cb: Callback, opaque: Any) -> int:
        """Have a function called when the connection is lost."""
        data = {"cb": cb, "conn": self, "opaque": opaque}
        self._with("virConnectRegisterCloseCallback", lambda link: link.desk.on_close(self, data))
        return 0

    def unregisterCloseCallback(self) -> None:
        """Have no function called when the connection is lost."""
        self._with("virConnectUnregisterCloseCallback", lambda link: link.desk.on_close(None, None))

    def _dispatchCloseCallback(self, reason: int, cbData: dict[str, Any]) -> int:
        """Tell the function of `registerCloseCallback`."""
        cbData["cb"](self, reason, cbData["opaque"])
        return 0


def uuid_of(about: Wrapped, text: str, function: str) -> bytes:
    """A UUID from its text."""
    from libvirt._asking import parsed_uuid

    return parsed_uuid(text, function)
