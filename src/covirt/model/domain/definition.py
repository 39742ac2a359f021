# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<domain>`: the whole definition of a guest, in the order in which it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from covirt import xml
from covirt.errors import ConfigUnsupported, InternalError, NoName, XmlDetail, XmlError
from covirt.model.common.arch import ARCHITECTURES
from covirt.model.common.copying import changed
from covirt.model.common.seclabel import DeviceSeclabel
from covirt.model.domain.blkiotune import BlockTuning
from covirt.model.domain.clock import Clock
from covirt.model.domain.cpu import GuestCpu
from covirt.model.domain.cputune import CpuTuning
from covirt.model.domain.devices import Devices
from covirt.model.domain.extensions import URIS, Extensions
from covirt.model.domain.features import Features
from covirt.model.domain.idmap import IdMap
from covirt.model.domain.iothreads import IoThreads
from covirt.model.domain.keywrap import KeyWrap
from covirt.model.domain.launch_security import LaunchSecurity
from covirt.model.domain.lifecycle import Lifecycle, PowerManagement
from covirt.model.domain.memory import MemorySize
from covirt.model.domain.memory_backing import MemoryBacking
from covirt.model.domain.memtune import MemoryTuning
from covirt.model.domain.numa import Cell, Numa
from covirt.model.domain.numatune import NumaTuning
from covirt.model.domain.os import Os, OsType
from covirt.model.domain.perf import Perf
from covirt.model.domain.resource import Resource
from covirt.model.domain.seclabel import Seclabel
from covirt.model.domain.sysinfo import SmbiosInfo, Sysinfo
from covirt.model.domain.throttle import ThrottleGroup
from covirt.model.domain.vcpu import Placement, Vcpu, Vcpus
from covirt.values import Uuid
from covirt.xml import At, Choice, Context, Foreign, NonNegativeInt, Parsed, Reading

NARROW_SCSI_UNITS = 7


class VirtType(StrEnum):
    """What runs the guest."""

    NONE = "none"
    QEMU = "qemu"
    KQEMU = "kqemu"
    KVM = "kvm"
    XEN = "xen"
    LXC = "lxc"
    UML = "uml"
    OPENVZ = "openvz"
    TEST = "test"
    VMWARE = "vmware"
    HYPERV = "hyperv"
    VBOX = "vbox"
    PHYP = "phyp"
    PARALLELS = "parallels"
    BHYVE = "bhyve"
    VZ = "vz"
    HVF = "hvf"


@dataclass(slots=True, kw_only=True)
class DomainDefinition:
    """A guest: who it is, what it has and how it is treated."""

    ELEMENT: ClassVar[str] = "domain"
    NAMESPACES: ClassVar[dict[str, str]] = URIS

    type: Annotated[
        VirtType,
        At(
            "@type",
            missing="missing domain type attribute",
            invalid="invalid domain type {value}",
            error=ConfigUnsupported,
        ),
    ]
    id: Annotated[NonNegativeInt | None, At("@id", unless=Context.INACTIVE)] = None
    """The number of a running guest."""
    name: Annotated[str, At("name", missing="", error=NoName)]
    uuid: Annotated[Uuid | None, At("uuid", invalid="malformed uuid element", error=InternalError)] = None
    """None only before completing: then one is made."""
    genid: Annotated[Uuid | None, At("genid", invalid="malformed genid element", error=InternalError)] = None
    """The identifier of this state of the guest; changes when an older state comes back."""
    title: Annotated[str | None, At("title")] = None
    description: Annotated[str | None, At("description")] = None
    metadata: Annotated[Foreign | None, At("metadata")] = None
    """What applications keep here; each has a namespace of its own."""
    memory: Annotated[MemorySize, At(".")] = field(default_factory=MemorySize)
    blkiotune: Annotated[BlockTuning, At("blkiotune")] = field(default_factory=BlockTuning)
    memtune: Annotated[MemoryTuning, At("memtune")] = field(default_factory=MemoryTuning)
    memory_backing: Annotated[MemoryBacking, At("memoryBacking")] = field(default_factory=MemoryBacking)
    vcpus: Annotated[Vcpus, At(".")] = field(default_factory=Vcpus)
    iothreads: Annotated[IoThreads, At(".")] = field(default_factory=IoThreads)
    throttle_groups: Annotated[list[ThrottleGroup], At("throttlegroups/throttlegroup")] = field(default_factory=list)
    cputune: Annotated[CpuTuning, At("cputune")] = field(default_factory=CpuTuning)
    numatune: Annotated[NumaTuning, At("numatune")] = field(default_factory=NumaTuning)
    resource: Annotated[Resource | None, At("resource", omit_empty=True)] = None
    sysinfo: Annotated[list[Sysinfo], At("sysinfo"), Choice("@type")] = field(default_factory=list)
    bootloader: Annotated[str | None, At("bootloader")] = None
    bootloader_arguments: Annotated[str | None, At("bootloader_args")] = None
    os: Annotated[Os, At("os", omit_empty=False)] = field(default_factory=Os)
    idmap: Annotated[IdMap | None, At("idmap", omit_empty=True)] = None
    features: Annotated[Features, At("features")] = field(default_factory=Features)
    cpu: Annotated[GuestCpu | None, At("cpu", omit_empty=True)] = None
    clock: Annotated[Clock, At("clock")] = field(default_factory=Clock)
    lifecycle: Annotated[Lifecycle, At(".")] = field(default_factory=Lifecycle)
    pm: Annotated[PowerManagement, At("pm")] = field(default_factory=PowerManagement)
    perf: Annotated[Perf, At("perf")] = field(default_factory=Perf)
    devices: Annotated[Devices, At("devices", omit_empty=False)] = field(default_factory=Devices)
    seclabels: Annotated[list[Seclabel], At("seclabel")] = field(default_factory=list)
    keywrap: Annotated[KeyWrap | None, At("keywrap", omit_empty=True)] = None
    launch_security: Annotated[LaunchSecurity | None, At("launchSecurity"), Choice("@type")] = None
    extensions: Annotated[Extensions, At(".")] = field(default_factory=Extensions)
    genid_wanted: bool = False
    """Is one to be made when completing?"""
    scsi_bus_units: int = NARROW_SCSI_UNITS
    """How many devices a SCSI bus takes, beside the controller."""

    # Reading and writing

    @classmethod
    def parse(
        cls, text: str, context: Context = Context.NONE, *, validate: bool = False, name: str | None = None
    ) -> Parsed[Self]:
        """Read a definition; it has still to be completed and checked. `name` is the file's, for faults of syntax."""
        return xml.parse(cls, text, context=context, validate=validate, check=False, name=name)

    def format(self, context: Context = Context.NONE, *, name: str = "domain", indent: int = 0) -> str:
        """Write the definition; a guest that does not run has only an inactive one."""
        if self.id is None:
            context |= Context.INACTIVE
        return xml.format(self, context, name=name, indent=indent)

    def after_parse(self, reading: Reading) -> None:
        """Settle what concerns several elements, in the order in which libvirt notices faults."""
        self._settle_identity(reading)
        self._settle_type()
        self._settle_seclabels()
        self.cputune.settle(self.vcpus.maximum, self.iothreads)
        self._check_numa()
        self._settle_numatune()
        if len(list(reading.element.all("resource"))) > 1:
            raise XmlError("only one resource element is supported")
        self.os.settle(reading.context)

    def for_format(self, context: Context) -> Self:
        """Write what older readers expect.

        Xen's own type of guest has been called linux; who boots by a loader program has no other order; machines have
        consoles that are other names for serial ports.
        """
        os = self.os
        if self.type is VirtType.XEN and os.type is OsType.XEN:
            os = changed(os, type=OsType.LINUX)
        if self.bootloader is not None:
            os = changed(os, boot=[], boot_menu=None, bios=None)
        guest = self if os is self.os else changed(self, os=os)
        if os.type is OsType.HVM and self.devices.consoles:
            guest = changed(guest, devices=self.devices.with_console_aliases())
        return guest

    # What others ask

    @property
    def numa(self) -> Numa | None:
        """The guest's nodes."""
        return self.cpu.numa if self.cpu else None

    @property
    def numa_cells(self) -> list[Cell]:
        """The guest's nodes as a list, empty when there are none."""
        return self.numa.cells if self.numa else []

    def add_numa_cell(self, cell: Cell) -> None:
        """Give the guest one more node."""
        self.cpu = self.cpu or GuestCpu()
        self.cpu.numa = self.cpu.numa or Numa()
        self.cpu.numa.cells.append(cell)

    @property
    def memory_slots(self) -> int:
        """How many memory devices can be plugged in."""
        return self.memory.slots

    def single_vcpus(self) -> list[Vcpu]:
        """Each virtual processor, whether or not the definition tells them apart."""
        return self.vcpus.single()

    @property
    def plugged_memory(self) -> int:
        """The memory of memory devices in KiB."""
        return sum(device.target.size for device in self.devices.memories)

    @property
    def initial_memory(self) -> int:
        """The memory that the guest has without memory devices, in KiB."""
        return self.memory.total - self.plugged_memory

    def check_label_overrides(self, overrides: Iterable[DeviceSeclabel]) -> None:
        """Resources can have labels of their own when the guest's resources are labelled at all."""
        fixed = [label.model for label in self.seclabels if not label.relabel]
        if any(override.model in fixed for override in overrides):
            raise ConfigUnsupported("label overrides require relabeling to be enabled at the domain level")

    # Steps of reading

    def _settle_identity(self, reading: Reading) -> None:
        genids = list(reading.element.all("genid"))
        if len(genids) > 1:
            raise XmlError("element 'genid' can only appear once")
        self.genid_wanted = bool(genids) and self.genid is None
        if self.title and "\n" in self.title:
            raise XmlError("Domain title can't contain newlines")
        for info in self.sysinfo:
            if isinstance(info, SmbiosInfo) and info.system and info.system.uuid:
                told = Uuid.parse(info.system.uuid)
                if self.uuid is not None and self.uuid != told:
                    raise XmlDetail("UUID mismatch between <uuid> and <sysinfo>")
                self.uuid = told

    def _settle_type(self) -> None:
        os = self.os
        if os.type is None:
            if self.bootloader is None:
                raise XmlError("an os <type> must be specified")
            os.type = OsType.XEN
        if os.type is OsType.LINUX and self.type is VirtType.XEN:
            os.type = OsType.XEN
        if os.arch is not None and os.arch not in ARCHITECTURES:
            raise ConfigUnsupported(f"Unknown architecture {os.arch}")

    def _settle_seclabels(self) -> None:
        models = [label.model for label in self.seclabels]
        for place, model in enumerate(models):
            if model in models[:place]:
                raise XmlDetail(f"seclabel for model {model} is already provided")
        if len(models) > 1 and None in models:
            raise XmlError("missing security model when using multiple labels")

    def _check_numa(self) -> None:
        if self.numa is None:
            return
        if self.numa.cpu_count > self.vcpus.maximum:
            raise InternalError("Number of CPUs in <numa> exceeds the <vcpu> count")
        if self.numa.highest_cpu >= self.vcpus.maximum:
            raise InternalError("CPU IDs in <numa> exceed the <vcpu> count")

    def _settle_numatune(self) -> None:
        static = self.vcpus.placement is Placement.STATIC
        self.numatune.settle(static, len(self.numa_cells))
        pinned = self.vcpus.cpuset or self.cputune.vcpu_pins or self.cputune.emulator_pin or self.cputune.iothread_pins
        if self.numatune.automatic and not pinned:
            self.vcpus.placement = Placement.AUTO
