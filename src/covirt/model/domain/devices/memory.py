# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory modules: plugged, persistent, resizable, enclave."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.model.common.copying import changed
from covirt.model.domain.devices import memory_check
from covirt.model.domain.devices.common import Device, DeviceInfo
from covirt.values import UINT64_MAX, CpuSet, Uuid
from covirt.xml import At, Context, Hex, NonNegativeInt, Present, Reading, Size, YesNo

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition


class MemoryModel(StrEnum):
    """Which module the guest sees."""

    DIMM = "dimm"
    NVDIMM = "nvdimm"
    VIRTIO_PMEM = "virtio-pmem"
    VIRTIO_MEM = "virtio-mem"
    SGX_EPC = "sgx-epc"


class MemoryAccess(StrEnum):
    """Whether writes reach the file behind the memory."""

    SHARED = "shared"
    PRIVATE = "private"


@dataclass(slots=True, kw_only=True)
class MemorySource:
    """Where on the host the memory comes from; each model has some of the words."""

    nodemask: Annotated[CpuSet | None, At("nodemask")] = None
    pagesize: Annotated[int, At("pagesize", omit=0), Size("KiB")] = 0
    path: Annotated[str | None, At("path")] = None
    alignsize: Annotated[int, At("alignsize", omit=0), Size("KiB")] = 0
    pmem: Annotated[Present, At("pmem")] = False


@dataclass(slots=True, kw_only=True)
class MemoryTarget:
    """How the guest sees the memory; each model has some of the words."""

    dynamic_memslots: Annotated[YesNo | None, At("@dynamicMemslots")] = None
    size: Annotated[int, At("size", missing="missing element or attribute './size'"), Size("KiB")]
    node: Annotated[NonNegativeInt | None, At("node", invalid="invalid value of memory device node")] = None
    label_size: Annotated[int, At("label/size", omit=0), Size("KiB")] = 0
    readonly: Annotated[Present, At("readonly")] = False
    block: Annotated[int, At("block", omit=0), Size("KiB")] = 0
    requested: Annotated[int | None, At("requested"), Size("KiB")] = None
    current: Annotated[int | None, At("current", unless=Context.INACTIVE), Size("KiB")] = None
    """What the guest has now (live only)."""
    address: Annotated[int, At("address/@base", omit=0), Hex(base=16, high=UINT64_MAX)] = 0


_SOURCE_WORDS: dict[MemoryModel, tuple[str, ...]] = {
    MemoryModel.DIMM: ("nodemask", "pagesize"),
    MemoryModel.NVDIMM: ("path", "alignsize", "pmem"),
    MemoryModel.VIRTIO_PMEM: ("path",),
    MemoryModel.VIRTIO_MEM: ("nodemask", "pagesize"),
    MemoryModel.SGX_EPC: ("nodemask",),
}
_TARGET_WORDS: dict[MemoryModel, tuple[str, ...]] = {
    MemoryModel.DIMM: (),
    MemoryModel.NVDIMM: ("label_size", "readonly"),
    MemoryModel.VIRTIO_PMEM: ("address",),
    MemoryModel.VIRTIO_MEM: ("block", "requested", "address", "dynamic_memslots"),
    MemoryModel.SGX_EPC: (),
}

SMALLEST_LABEL = 128


@dataclass(slots=True, kw_only=True)
class Memory(Device):
    """A memory module of the guest."""

    ELEMENT: ClassVar[str] = "memory"
    OPEN: ClassVar[bool] = True

    model: Annotated[MemoryModel, At("@model")]
    access: Annotated[MemoryAccess | None, At("@access")] = None
    discard: Annotated[YesNo | None, At("@discard")] = None
    uuid: Annotated[Uuid | None, At("uuid", invalid="malformed uuid element", error=InternalError)] = None
    source: Annotated[MemorySource, At("source")] = field(default_factory=MemorySource)
    target: Annotated[MemoryTarget, At("target", missing="missing <target> element for <memory> device")]
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def after_parse(self, reading: Reading) -> None:
        """Keep the words of the model."""
        source, target = self.source, self.target
        self.source = MemorySource(**{name: getattr(source, name) for name in _SOURCE_WORDS[self.model]})
        kept = {name: getattr(target, name) for name in _TARGET_WORDS[self.model]}
        self.target = MemoryTarget(size=target.size, node=target.node, **kept)
        if self.model is not MemoryModel.NVDIMM:
            self.uuid = None
        if self.source.nodemask is not None and not self.source.nodemask:
            raise ConfigUnsupported(f"Invalid value of 'nodemask': {reading.element.get('source/nodemask')}")
        if self.target.label_size and self.target.label_size < SMALLEST_LABEL:
            raise XmlError("nvdimm label must be at least 128KiB")
        if self.model is MemoryModel.NVDIMM and self.target.label_size >= self.target.size:
            raise XmlError("label size must be smaller than NVDIMM size")

    def for_format(self, context: Context) -> Memory:
        """Sizes of resizable memory are told together."""
        target = self.target
        if target.block:
            full = changed(target, requested=target.requested or 0, current=target.current or 0)
            return changed(self, target=full)
        return changed(self, target=changed(target, requested=None, current=None))

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """Writes to persistent memory reach the file; pSeries NVDIMMs have a uuid."""
        if self.model is MemoryModel.VIRTIO_PMEM and self.access is None:
            self.access = MemoryAccess.SHARED
        if self.model is MemoryModel.NVDIMM and guest.os.arch in ("ppc64", "ppc64le") and self.uuid is None:
            self.uuid = completing.new_uuid()

    def check(self, guest: DomainDefinition) -> None:
        """Sizes, places and options fit the model and do not collide."""
        memory_check.check(self, guest)
