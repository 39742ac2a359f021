# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<node>`: the description of a host with all that is on it, as in the file that a test: URI names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from covirt import xml
from covirt.api.connect.host import NodeInfo
from covirt.api.domain.states import DomainRunningReason, DomainShutoffReason, DomainState
from covirt.drivers.test.guest import PretendedGuest
from covirt.drivers.test.life import start
from covirt.drivers.test.objects import PretendedDevice, PretendedInterface, PretendedNetwork, PretendedPool
from covirt.drivers.test.reading import complete_kept, name_interfaces, read_element
from covirt.drivers.test.taints import note_taints
from covirt.errors import InternalError, XmlError
from covirt.model.domain.snapshot import snapshot_in
from covirt.model.interface import HostInterface
from covirt.model.network.definition import NetworkDefinition
from covirt.model.nodedev.definition import NodeDeviceDefinition
from covirt.model.storage.pool import StoragePoolDefinition
from covirt.model.storage.volume import VolumeDefinition
from covirt.xml import Element
from covirt.xml.reader import Source, read

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

NAMESPACE = "{http://libvirt.org/schemas/domain/test/1.0}"
MODEL_LIMIT = 31


@dataclass(frozen=True, slots=True)
class Piece:
    """An element and the document that it is in."""

    element: Element
    source: Source


@dataclass(frozen=True, slots=True)
class NodeFile:
    """A description; pieces that stand in files of their own are looked for beside it."""

    root: Piece
    directory: Path = Path(".")

    @classmethod
    def from_text(cls, text: str) -> NodeFile:
        """A description without a file."""
        return cls(_root(text, "node", None))

    @classmethod
    def from_file(cls, path: Path) -> NodeFile:
        """The description in a file."""
        return cls(_root(_contents(path), "node", str(path)), path.parent)

    def fill(self, driver: TestDriver) -> None:
        """Put all that is described on a host."""
        driver.host.info = self._info(driver.host.info)
        for piece in self._pieces("domain"):
            _add_guest(driver, piece, self)
        for piece in self._pieces("network"):
            _add_network(driver, piece)
        for piece in self._pieces("interface"):
            definition = xml.parse_element(HostInterface, piece.element, source=piece.source)
            driver.interfaces[definition.name] = PretendedInterface(definition, active=True)
        for piece in self._pieces("pool"):
            _add_pool(driver, piece, self)
        for piece in self._pieces("device"):
            device = xml.parse_element(NodeDeviceDefinition, piece.element, source=piece.source)
            driver.devices[device.name] = PretendedDevice(device)

    def _pieces(self, name: str) -> Iterator[Piece]:
        return self.pieces(self.root, name)

    def pieces(self, within: Piece, name: str) -> Iterator[Piece]:
        """The children of that name, those in other files read from there."""
        for element in within.element.all(name):
            file = element.attributes.get("file")
            if file is None:
                yield Piece(element, within.source)
            else:
                path = self.directory / file
                yield _root(_contents(path), name.rpartition("}")[2], str(path))

    # The host

    def _info(self, usual: NodeInfo) -> NodeInfo:
        element = self.root.element
        numbers = {name: _number(element, f"cpu/{name}") for name in ("nodes", "sockets", "cores", "threads", "mhz")}
        given: dict[str, Any] = {name: number for name, number in numbers.items() if number is not None}
        info = usual._replace(**given)
        cpus = info.nodes * info.sockets * info.cores * info.threads
        active = _number(element, "cpu/active")
        model = element.get("cpu/model") or info.model
        if len(model) > MODEL_LIMIT:
            raise InternalError(f"Model {model} too big for destination")
        memory = _number(element, "memory")
        return info._replace(
            cpus=cpus if active is None else min(cpus, active),
            model=model,
            memory=info.memory if memory is None else memory,
        )


def _root(text: str, name: str, file: str | None) -> Piece:
    root, source = read(text, name=file or "(test driver)")
    if root.name.rpartition("}")[2] != name:
        raise XmlError(f"expecting root element of '{name}', not '{root.name}'")
    return Piece(root, source)


def _contents(path: Path) -> str:
    try:
        return path.read_text()
    except OSError as error:
        raise XmlError(f"failed to open file '{path}': {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise XmlError(f"'{path}' is not text") from error


def _number(element: Element, path: str) -> int | None:
    text = element.get(path)
    if text is None or not text.strip():
        return None
    try:
        return int(text)
    except ValueError:
        raise XmlError(f"invalid node {path.replace('/', ' ')} value") from None


# Guests


@dataclass(frozen=True, slots=True)
class GuestExtras:
    """What the driver's own elements say of a guest."""

    state: DomainState
    transient: bool
    managed_save: bool

    @classmethod
    def of(cls, element: Element) -> GuestExtras:
        """Read them; a guest runs unless they say otherwise."""
        told = element.child(f"{NAMESPACE}runstate")
        state = _state(told.text if told is not None else None)
        transient = element.child(f"{NAMESPACE}transient") is not None
        managed_save = element.child(f"{NAMESPACE}hasmanagedsave") is not None
        if transient and state is DomainState.SHUTOFF:
            raise XmlError("transient domain cannot have runstate 'shutoff'")
        if managed_save and state is not DomainState.SHUTOFF:
            raise XmlError("domain with managedsave data can only have runstate 'shutoff'")
        return cls(state, transient, managed_save)


def _state(text: str | None) -> DomainState:
    if text is None or not text.strip():
        return DomainState.RUNNING
    if not text.strip().isdecimal():
        raise XmlError("invalid runstate")
    number = int(text)
    if number >= len(DomainState):
        raise XmlError(f"runstate '{number}' out of range'")
    return DomainState(number)


def _add_guest(driver: TestDriver, piece: Piece, file: NodeFile) -> None:
    definition = read_element(piece.element, piece.source)
    extras = GuestExtras.of(piece.element)
    name_interfaces(definition)
    driver.guests.check(definition)
    guest = driver.guests.add(definition)
    _add_snapshots(guest, piece, file)
    guest.persistent = not extras.transient
    if extras.state is not DomainState.SHUTOFF:
        start(driver, guest, DomainRunningReason.BOOTED)
    guest.managed_save = extras.managed_save
    guest.set_state(extras.state, DomainShutoffReason.UNKNOWN)
    note_taints(guest)
    guest.note_io_threads()


def _add_snapshots(guest: PretendedGuest, piece: Piece, file: NodeFile) -> None:
    for part in file.pieces(piece, f"{NAMESPACE}domainsnapshot"):
        snapshot = snapshot_in(_without_namespace(part.element), part.source)
        if snapshot.domain is not None:
            complete_kept(snapshot.domain)
        guest.snapshots.add(snapshot)
        if snapshot.active is None:
            raise InternalError("Could not find 'active' element")
        if snapshot.active and guest.snapshots.current is not None:
            raise InternalError("more than one snapshot claims to be active")
        if snapshot.active:
            guest.snapshots.current = snapshot
        snapshot.active = None
    if any(one.parent is not None and guest.snapshots.find(one.parent) is None for one in guest.snapshots):
        raise InternalError(f"Snapshots have inconsistent relations for domain {guest.name}")


def _without_namespace(element: Element) -> Element:
    """The snapshot's own name has the driver's namespace, what is in it has none."""
    return Element(element.name.rpartition("}")[2], element.attributes, element.children, element.text, element.offset)


# Networks and pools


def _add_network(driver: TestDriver, piece: Piece) -> None:
    definition = xml.parse_element(NetworkDefinition, piece.element, source=piece.source)
    driver.networks.check(definition)
    driver.networks.add(PretendedNetwork(definition, persistent=True)).active = True


def _add_pool(driver: TestDriver, piece: Piece, file: NodeFile) -> None:
    definition = xml.parse_element(StoragePoolDefinition, piece.element, source=piece.source)
    driver.pools.check(definition)
    pool = driver.pools.add(PretendedPool(definition, persistent=True))
    pool.active = True
    for part in file.pieces(piece, "volume"):
        volume = xml.parse_element(VolumeDefinition, part.element, source=part.source)
        volume.fit(definition.type)
        pool.add_volume(volume)
