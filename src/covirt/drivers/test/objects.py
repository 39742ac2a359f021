# SPDX-License-Identifier: LGPL-2.1-or-later
"""What there is on a pretended host beside guests: networks, pools with volumes."""

from __future__ import annotations

from dataclasses import dataclass

from covirt.api.handles import Interface, Network, NodeDevice, StoragePool, StorageVol
from covirt.drivers.common.kept import Kept
from covirt.drivers.test.guest import PretendedGuest
from covirt.errors import NoSuchStorageVol, OperationInvalid
from covirt.model.domain.checkpoint import CheckpointDefinition
from covirt.model.domain.snapshot import SnapshotDefinition
from covirt.model.interface import HostInterface
from covirt.model.network.definition import NetworkDefinition
from covirt.model.nodedev.definition import NodeDeviceDefinition
from covirt.model.storage.pool import StoragePoolDefinition
from covirt.model.storage.volume import VolumeDefinition

POOL_SIZE = 100 * 1024**3


class PretendedNetwork(Kept[NetworkDefinition]):
    """A network that carries nothing."""

    @property
    def handle(self) -> Network:
        """What clients know it by."""
        return Network(self.name, self.uuid)


class PretendedPool(Kept[StoragePoolDefinition]):
    """A pool whose volumes take no space."""

    def __init__(self, definition: StoragePoolDefinition, *, persistent: bool) -> None:
        """An empty pool."""
        super().__init__(definition, persistent=persistent)
        self.volumes: dict[str, VolumeDefinition] = {}
        self.forget_use()

    def forget_use(self) -> None:
        """Every pool is as big, and as empty, at the beginning."""
        definition = self.definition
        definition.capacity = definition.available = POOL_SIZE
        definition.allocation = 0

    @property
    def handle(self) -> StoragePool:
        """What clients know it by."""
        return StoragePool(self.name, self.uuid)

    def require_active(self) -> None:
        """Refuse what only a pool that is up can do."""
        if not self.active:
            raise OperationInvalid(f"storage pool '{self.name}' is not active")

    def require_inactive(self) -> None:
        """Refuse what only a pool that is down can do."""
        if self.active:
            raise OperationInvalid(f"storage pool '{self.name}' is active")

    def volume_handle(self, volume: VolumeDefinition) -> StorageVol:
        """What clients know a volume by."""
        return StorageVol(self.name, volume.name, volume.key or "")

    def volume(self, name: str) -> VolumeDefinition:
        """The volume of that name."""
        found = self.volumes.get(name)
        if found is None:
            raise NoSuchStorageVol(f"no storage vol with matching name '{name}'")
        return found

    def add_volume(self, volume: VolumeDefinition) -> None:
        """One volume more; its path and key are its place in the pool unless they are told."""
        target = self.definition.target
        if volume.target.path is None:
            volume.target.path = f"{target.path if target else None}/{volume.name}"
        volume.key = volume.key or volume.target.path
        self.volumes[volume.name] = volume
        self._use(volume.allocation or 0)

    def remove_volume(self, volume: VolumeDefinition) -> None:
        """One volume less."""
        self._use(-(volume.allocation or 0))
        del self.volumes[volume.name]

    def _use(self, size: int) -> None:
        self.definition.allocation += size
        self.definition.available = self.definition.capacity - self.definition.allocation


@dataclass(frozen=True, slots=True)
class VolumePlace:
    """Where a volume that a client speaks of should be."""

    pool: PretendedPool
    name: str

    @property
    def volume(self) -> VolumeDefinition:
        """The volume; its pool must be up."""
        self.pool.require_active()
        return self.pool.volume(self.name)


@dataclass(slots=True)
class PretendedInterface:
    """An interface without a wire."""

    definition: HostInterface
    active: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return self.definition.name

    @property
    def handle(self) -> Interface:
        """What clients know it by."""
        return Interface(self.name, self.definition.mac or "")


@dataclass(slots=True)
class PretendedDevice:
    """A device that nothing can be done with."""

    definition: NodeDeviceDefinition
    persistent: bool = True

    @property
    def name(self) -> str:
        """Its name."""
        return self.definition.name

    @property
    def handle(self) -> NodeDevice:
        """What clients know it by."""
        return NodeDevice(self.name)


@dataclass(frozen=True, slots=True)
class MomentPlace:
    """Where a snapshot or checkpoint that a client speaks of should be."""

    guest: PretendedGuest
    name: str

    @property
    def snapshot(self) -> SnapshotDefinition:
        """The snapshot of that name."""
        return self.guest.snapshots.get(self.name)

    @property
    def checkpoint(self) -> CheckpointDefinition:
        """The checkpoint of that name."""
        return self.guest.checkpoints.get(self.name)
