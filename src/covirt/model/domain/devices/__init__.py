# SPDX-License-Identifier: LGPL-2.1-or-later
"""The devices of a guest, one file per kind; here is the list of all kinds, in the order in which they are written.

To add a kind: its file, its line in `Devices`, and its place in `Devices.with_info`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from covirt.model.common.copying import changed
from covirt.model.domain.address import DriveAddress
from covirt.model.domain.devices.audio import Audio
from covirt.model.domain.devices.char import Channel, Console, ConsoleTarget, Parallel, Serial, console_of, next_port
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.controller import (
    USB2_MASTER_PORTS,
    Controller,
    ControllerInfo,
    ControllerType,
    UsbMaster,
    UsbModel,
)
from covirt.model.domain.devices.crypto import Crypto
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.filesystem import Filesystem
from covirt.model.domain.devices.graphics import Graphics
from covirt.model.domain.devices.hostdev import Hostdev
from covirt.model.domain.devices.hub import Hub
from covirt.model.domain.devices.input import Input
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.iommu import Iommu
from covirt.model.domain.devices.lease import Lease
from covirt.model.domain.devices.memballoon import Memballoon
from covirt.model.domain.devices.memory import Memory
from covirt.model.domain.devices.nvram import Nvram
from covirt.model.domain.devices.order import controller_place, in_controller_order, in_disk_order, in_video_order
from covirt.model.domain.devices.panic import Panic
from covirt.model.domain.devices.places import free_scsi_unit, usb_devices
from covirt.model.domain.devices.pstore import Pstore
from covirt.model.domain.devices.reading import check_counts, check_usb
from covirt.model.domain.devices.redirdev import Redirdev, RedirFilter
from covirt.model.domain.devices.rng import Rng
from covirt.model.domain.devices.shmem import Shmem
from covirt.model.domain.devices.smartcard import Smartcard
from covirt.model.domain.devices.sound import Sound
from covirt.model.domain.devices.tpm import Tpm
from covirt.model.domain.devices.video import Video
from covirt.model.domain.devices.vsock import Vsock
from covirt.model.domain.devices.watchdog import Watchdog
from covirt.xml import At, Reading


@dataclass(slots=True, kw_only=True)
class Devices:
    """All devices of a guest."""

    OPEN: ClassVar[bool] = True

    emulator: Annotated[str | None, At("emulator")] = None
    disks: Annotated[list[Disk], At("disk")] = field(default_factory=list)
    controllers: Annotated[list[Controller], At("controller")] = field(default_factory=list)
    leases: Annotated[list[Lease], At("lease")] = field(default_factory=list)
    filesystems: Annotated[list[Filesystem], At("filesystem")] = field(default_factory=list)
    interfaces: Annotated[list[Interface], At("interface")] = field(default_factory=list)
    smartcards: Annotated[list[Smartcard], At("smartcard")] = field(default_factory=list)
    serials: Annotated[list[Serial], At("serial")] = field(default_factory=list)
    parallels: Annotated[list[Parallel], At("parallel")] = field(default_factory=list)
    consoles: Annotated[list[Console], At("console")] = field(default_factory=list)
    channels: Annotated[list[Channel], At("channel")] = field(default_factory=list)
    inputs: Annotated[list[Input], At("input")] = field(default_factory=list)
    tpms: Annotated[list[Tpm], At("tpm")] = field(default_factory=list)
    graphics: Annotated[list[Graphics], At("graphics")] = field(default_factory=list)
    sounds: Annotated[list[Sound], At("sound")] = field(default_factory=list)
    audios: Annotated[list[Audio], At("audio")] = field(default_factory=list)
    videos: Annotated[list[Video], At("video")] = field(default_factory=list)
    hostdevs: Annotated[list[Hostdev], At("hostdev")] = field(default_factory=list)
    redirdevs: Annotated[list[Redirdev], At("redirdev")] = field(default_factory=list)
    redirfilter: Annotated[RedirFilter | None, At("redirfilter")] = None
    hubs: Annotated[list[Hub], At("hub")] = field(default_factory=list)
    watchdogs: Annotated[list[Watchdog], At("watchdog")] = field(default_factory=list)
    memballoon: Annotated[Memballoon | None, At("memballoon")] = None
    rngs: Annotated[list[Rng], At("rng")] = field(default_factory=list)
    nvram: Annotated[Nvram | None, At("nvram")] = None
    panics: Annotated[list[Panic], At("panic")] = field(default_factory=list)
    shmems: Annotated[list[Shmem], At("shmem")] = field(default_factory=list)
    memories: Annotated[list[Memory], At("memory")] = field(default_factory=list)
    cryptos: Annotated[list[Crypto], At("crypto")] = field(default_factory=list)
    iommu: Annotated[Iommu | None, At("iommu")] = None
    vsock: Annotated[Vsock | None, At("vsock")] = None
    pstore: Annotated[Pstore | None, At("pstore")] = None

    # Reading and writing

    def after_parse(self, reading: Reading) -> None:
        """Put disks and controllers in order, number ports, and see that no kind comes too often."""
        check_counts(reading.element)
        self.disks = in_disk_order(self.disks)
        check_usb(self)
        self.controllers = in_controller_order(self.controllers)
        self.videos = in_video_order(self.videos)
        for place, parallel in enumerate(self.parallels):
            if parallel.port is None:
                parallel.port = next_port(self.parallels[:place])
        self.number_consoles()
        self.add_scsi_controllers_for_hostdevs()

    def number_consoles(self) -> None:
        """The port of a console is its place in the list."""
        for place, console in enumerate(self.consoles):
            console.port = place

    def with_console_aliases(self) -> Devices:
        """For writing a machine: the consoles that are other names for serial ports are written as these."""
        shown = [
            console_of(self.serials[place])
            if console.target in (None, ConsoleTarget.SERIAL) and place < len(self.serials)
            else console
            for place, console in enumerate(self.consoles)
        ]
        return changed(self, consoles=shown)

    # Walking

    def everything(self) -> Iterator[Any]:
        """All devices in the order in which they are written."""
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, list):
                yield from value
            elif isinstance(value, Device):
                yield value

    def with_info(self, *, all_consoles: bool = False) -> Iterator[Any]:
        """The devices that have an alias and an address, in the order in which these are looked at.

        The first console of a machine is another name for the first serial port, and passed over unless `all_consoles`.
        """
        first = 0 if all_consoles or not self.first_console_is_alias else 1
        yield from self.disks
        yield from self.interfaces
        yield from self.sounds
        yield from self.hostdevs
        yield from self.videos
        yield from self.controllers
        yield from self.smartcards
        yield from self.serials
        yield from self.parallels
        yield from self.channels
        yield from self.consoles[first:]
        yield from self.inputs
        yield from self.filesystems
        yield from self.watchdogs
        yield from _one(self.memballoon)
        yield from self.rngs
        yield from _one(self.nvram)
        yield from self.hubs
        yield from self.shmems
        yield from self.tpms
        yield from self.panics
        yield from self.memories
        yield from self.redirdevs
        yield from _one(self.iommu)
        yield from _one(self.vsock)
        yield from self.cryptos
        yield from _one(self.pstore)

    def in_checking_order(self) -> Iterator[Any]:
        """All devices in the order in which they are completed and checked."""
        yield from self.with_info(all_consoles=True)
        yield from self.graphics
        yield from self.audios
        yield from self.leases

    @property
    def first_console_is_alias(self) -> bool:
        """Is the first console only another name for the first serial port?"""
        return bool(self.consoles) and self.consoles[0].target in (None, ConsoleTarget.SERIAL)

    def usb_devices(self) -> Iterator[Any]:
        """The devices on USB buses, without hubs."""
        return usb_devices(self)

    # Controllers

    @property
    def has_usb(self) -> bool:
        """Is there a USB bus?"""
        return any(
            controller.type is ControllerType.USB and controller.model != UsbModel.NONE
            for controller in self.controllers
        )

    def controller(self, type: ControllerType, index: int) -> Controller | None:
        """The controller of a type and number."""
        return next((one for one in self.controllers if one.type is type and one.index == index), None)

    def unused_index(self, type: ControllerType) -> int:
        """The lowest number that no controller of the type has."""
        used = {controller.index for controller in self.controllers if controller.type is type}
        return next(index for index in range(len(used) + 1) if index not in used)

    def insert_controller(self, controller: Controller) -> None:
        """Put a controller where it belongs among those of its type."""
        self.controllers.insert(controller_place(self.controllers, controller), controller)

    def add_controller(self, type: ControllerType, index: int | None = None, model: str | None = None) -> Controller:
        """Add a controller, with the lowest number that is free unless one is given."""
        number = self.unused_index(type) if index is None else index
        controller = Controller(type=type, index=number, model=model)
        self.insert_controller(controller)
        return controller

    def add_usb_controller(self, index: int | None = None, model: str | None = None) -> Controller:
        """Add a USB controller, with its companions when it has such."""
        controller = self.add_controller(ControllerType.USB, index, model)
        if model == UsbModel.ICH9_EHCI1:
            for companion, port in USB2_MASTER_PORTS.items():
                self.insert_controller(
                    Controller(
                        type=ControllerType.USB,
                        index=controller.index,
                        model=companion,
                        info=ControllerInfo(master=UsbMaster(startport=port)),
                    )
                )
        return controller

    def ensure_controller(self, type: ControllerType, index: int, model: str | None = None) -> None:
        """Add a controller unless there is one of this number."""
        if self.controller(type, index) is None:
            self.add_controller(type, index, model)

    def add_scsi_controllers_for_hostdevs(self) -> None:
        """SCSI units of the host need controllers, of the model that is there already."""
        highest, model = -1, None
        for hostdev in self.hostdevs:
            number = hostdev.info.address.controller if isinstance(hostdev.info.address, DriveAddress) else 0
            if not hostdev.scsi or number <= highest:
                continue
            highest = number
            there = self.controller(ControllerType.SCSI, number)
            if there is not None and there.model is not None:
                model = there.model
        for index in range(highest + 1):
            self.ensure_controller(ControllerType.SCSI, index, model)

    def free_scsi_unit(self, bus_units: int) -> DriveAddress:
        """The next place for a SCSI unit of the host."""
        return free_scsi_unit(self, bus_units)


def _one(device: Device | None) -> tuple[Device, ...]:
    return () if device is None else (device,)
