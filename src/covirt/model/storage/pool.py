# SPDX-License-Identifier: LGPL-2.1-or-later
"""The document of a storage pool."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt.errors import ConfigUnsupported, NoSupport, XmlDetail, XmlError
from covirt.model.common.copying import changed
from covirt.model.common.scalars import plain_path
from covirt.model.common.secret import Auth
from covirt.model.storage.adapter import Adapter
from covirt.model.storage.formats import KINDS, Needs, PoolKind, PoolType
from covirt.model.storage.permissions import Permissions
from covirt.values import Uuid
from covirt.xml import At, Context, Int, Reading, Size, ULong, YesNo


@dataclass(slots=True, kw_only=True)
class PoolHost:
    """A server that has the pool."""

    name: Annotated[str, At("@name", missing="missing storage pool host name")]
    port: Annotated[Int, At("@port", omit=0)] = 0


@dataclass(slots=True, kw_only=True)
class FreeExtent:
    """A stretch of a disk that no partition has, in bytes."""

    start: Annotated[ULong, At("@start")]
    end: Annotated[ULong, At("@end")]


@dataclass(slots=True, kw_only=True)
class PoolDevice:
    """A device that the pool is on."""

    path: Annotated[str, At("@path", missing="missing storage pool source device path")]
    part_separator: Annotated[YesNo | None, At("@part_separator")] = None
    free_extents: Annotated[list[FreeExtent], At("freeExtent")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class PoolSource:
    """Where the pool is."""

    ELEMENT: ClassVar[str] = "source"
    OPEN: ClassVar[bool] = True

    hosts: Annotated[list[PoolHost], At("host")] = field(default_factory=list)
    devices: Annotated[list[PoolDevice], At("device")] = field(default_factory=list)
    dir: Annotated[str | None, At("dir/@path", blank_is_none=True)] = None
    adapter: Annotated[Adapter | None, At("adapter")] = None
    name: Annotated[str | None, At("name")] = None
    initiator: Annotated[str | None, At("initiator/iqn/@name", blank_is_none=True)] = None
    format: Annotated[str | None, At("format/@type", blank_is_none=True)] = None
    auth: Annotated[Auth | None, At("auth")] = None
    protocol: Annotated[str | None, At("protocol/@ver", blank_is_none=True)] = None
    vendor: Annotated[str | None, At("vendor/@name", blank_is_none=True)] = None
    product: Annotated[str | None, At("product/@name", blank_is_none=True)] = None

    def fit(self, kind: PoolKind, type: PoolType) -> None:
        """Fill in and check what this type of pools asks for."""
        if type is PoolType.RBD and self.name is None:
            raise XmlError("element 'name' is mandatory for RBD pool")
        if kind.pool:
            self.format = self.format or kind.pool.default
            if not kind.pool.known(self.format):
                raise ConfigUnsupported(f"unknown pool format type {self.format}")
        if self.dir:
            self.dir = plain_path(self.dir)
        elif type is PoolType.GLUSTER:
            self.dir = "/"
        if self.auth and self.auth.type is None:
            raise ConfigUnsupported("storage pool missing auth type")
        if self.protocol:
            if self.format not in ("nfs", "auto"):
                raise ConfigUnsupported(f"storage pool protocol ver unsupported for pool type '{self.format}'")
            if "," in self.protocol:
                raise XmlDetail(f"storage pool protocol ver '{self.protocol}' must not contain ','")

    def written(self, kind: PoolKind) -> PoolSource:
        """The source as the type of pools writes it."""
        needs = kind.needs
        return changed(
            self,
            hosts=self.hosts if Needs.HOST in needs else [],
            devices=self.devices if Needs.DEVICE in needs else [],
            dir=self.dir if Needs.DIR in needs else None,
            adapter=self.adapter if Needs.ADAPTER in needs else None,
            name=self.name if Needs.NAME in needs else None,
            initiator=self.initiator if Needs.INITIATOR in needs else None,
            format=(self.format or kind.pool.default) if kind.pool else None,
        )


@dataclass(slots=True, kw_only=True)
class PoolTarget:
    """Where the pool's volumes appear on this host."""

    path: Annotated[str | None, At("path")] = None
    permissions: Annotated[Permissions | None, At("permissions", omit_empty=True)] = None


class RefreshAllocation(StrEnum):
    """How the allocation of a volume is found."""

    DEFAULT = "default"
    CAPACITY = "capacity"


@dataclass(slots=True, kw_only=True)
class MountOption:
    """An option for mount(8)."""

    name: Annotated[str, At("@name", missing="no fs mount option name specified")]


@dataclass(slots=True, kw_only=True)
class RbdOption:
    """A setting for the RADOS client."""

    name: Annotated[str, At("@name", missing="no rbd option name specified")]
    value: Annotated[str | None, At("@value")] = None

    def after_parse(self, reading: Reading) -> None:
        """Neither part may be empty."""
        if not self.name:
            raise XmlError("empty rbd option name specified")
        if not self.value:
            what = "no" if self.value is None else "empty"
            raise XmlError(f"{what} rbd option value specified for name '{self.name}'")


@dataclass(slots=True, kw_only=True)
class StoragePoolDefinition:
    """A storage pool: what it is made of, and where its volumes are."""

    ELEMENT: ClassVar[str] = "pool"
    NAMESPACES: ClassVar[dict[str, str]] = {
        "fs": "http://libvirt.org/schemas/storagepool/fs/1.0",
        "rbd": "http://libvirt.org/schemas/storagepool/rbd/1.0",
    }

    type: Annotated[PoolType, At("@type")]
    name: Annotated[str | None, At("name")] = None
    uuid: Annotated[Uuid, At("uuid", invalid="malformed uuid element")] = field(default_factory=Uuid.random)
    capacity: Annotated[int, At("capacity"), Size("bytes")] = 0
    allocation: Annotated[int, At("allocation"), Size("bytes")] = 0
    available: Annotated[int, At("available"), Size("bytes")] = 0
    cow: Annotated[YesNo | None, At("features/cow/@state")] = None
    source: Annotated[PoolSource, At("source", omit_empty=False)] = field(default_factory=PoolSource)
    target: Annotated[PoolTarget | None, At("target")] = field(default_factory=PoolTarget)
    refresh: Annotated[
        RefreshAllocation | None,
        At(
            "refresh/volume/@allocation",
            blank_is_none=True,
            invalid="unknown storage pool volume refresh allocation type {value}",
            error=ConfigUnsupported,
        ),
    ] = None
    mount_options: Annotated[list[MountOption], At("fs:mount_opts/fs:option")] = field(default_factory=list)
    rbd_options: Annotated[list[RbdOption], At("rbd:config_opts/rbd:option")] = field(default_factory=list)

    @property
    def known_name(self) -> str:
        """The name, which a document that was read always has."""
        assert self.name is not None, "a pool without a name is refused when it is read"
        return self.name

    @property
    def kind(self) -> PoolKind:
        """What its type is like."""
        return KINDS[self.type]

    def after_parse(self, reading: Reading) -> None:
        """Fill in what follows from the type, and refuse what the type does not allow."""
        kind, source = self.kind, self.source
        source.fit(kind, self.type)
        for device in source.devices:
            device.free_extents = []
        self.capacity = self.allocation = self.available = 0
        if self.name is None and Needs.NAME in kind.needs:
            self.name = source.name
        if self.name is None:
            raise XmlError("missing pool source name element")
        if "/" in self.name:
            raise XmlError(f"name {self.name} cannot contain '/'")
        if self.cow is not None and self.type not in (PoolType.FS, PoolType.DIR):
            raise NoSupport("cow feature may only be used for 'fs' and 'dir' pools")
        self._check_source()
        if kind.has_target:
            self.target = self._completed_target(self.target or PoolTarget())
        else:
            self.target = None
        if self.type is PoolType.ISCSI_DIRECT and not source.initiator:
            raise ConfigUnsupported("missing initiator IQN")
        if self.type not in (PoolType.FS, PoolType.NETFS):
            self.mount_options = []
        if self.type is not PoolType.RBD:
            self.rbd_options = []

    def _check_source(self) -> None:
        needs, source = self.kind.needs, self.source
        if Needs.HOST in needs and not source.hosts:
            raise XmlError("missing storage pool source host name")
        if Needs.DIR in needs and not source.dir:
            raise XmlError("missing storage pool source path")
        if Needs.NAME in needs and source.name is None:
            source.name = self.name
        if Needs.ADAPTER in needs and source.adapter is None:
            raise XmlError("missing storage pool source adapter")
        if needs == Needs.DEVICE and not source.devices:
            raise XmlError("missing storage pool source device name")

    def _completed_target(self, target: PoolTarget) -> PoolTarget:
        if self.type is PoolType.LOGICAL:
            target.path = f"/dev/{self.source.name}"
        elif self.type is PoolType.ZFS:
            target.path = f"/dev/zvol/{self.source.name}"
        elif target.path is None:
            raise XmlError("missing storage pool target path")
        target.path = plain_path(target.path)
        return target

    def for_format(self, context: Context) -> StoragePoolDefinition:
        """The source in the form of its type."""
        return changed(self, source=self.source.written(self.kind))


@dataclass(slots=True, kw_only=True)
class PoolSources:
    """The sources of pools that were found on a host."""

    ELEMENT: ClassVar[str] = "sources"

    sources: Annotated[list[PoolSource], At("source")] = field(default_factory=list)
