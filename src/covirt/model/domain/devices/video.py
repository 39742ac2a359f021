# SPDX-License-Identifier: LGPL-2.1-or-later
"""Video cards of the guest."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.common.copying import without
from covirt.model.common.scalars import OrDefault, Path
from covirt.model.domain.devices.common import Device, DeviceInfo, VirtioField, VirtioOptions
from covirt.xml import At, Context, OnOff, Reading, YesNo

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition


class VideoType(StrEnum):
    """Which card the guest sees."""

    VGA = "vga"
    CIRRUS = "cirrus"
    VMVGA = "vmvga"
    XEN = "xen"
    VBOX = "vbox"
    QXL = "qxl"
    PARALLELS = "parallels"
    VIRTIO = "virtio"
    GOP = "gop"
    NONE = "none"
    BOCHS = "bochs"
    RAMFB = "ramfb"


class VideoBackend(StrEnum):
    """Which program plays the card."""

    QEMU = "qemu"
    VHOSTUSER = "vhostuser"


class VgaConf(StrEnum):
    """Which VGA accesses the card answers in bhyve guests."""

    IO = "io"
    ON = "on"
    OFF = "off"


@dataclass(slots=True, kw_only=True)
class VideoDriver:
    """How the card is played."""

    virtio: VirtioField = field(default_factory=VirtioOptions)
    vgaconf: Annotated[VgaConf | None, At("@vgaconf")] = None
    name: Annotated[VideoBackend | None, At("@name")] = None


@dataclass(slots=True, kw_only=True)
class Acceleration:
    """What the host's graphics card computes."""

    accel3d: Annotated[YesNo | None, At("@accel3d")] = None
    accel2d: Annotated[YesNo | None, At("@accel2d")] = None
    rendernode: Annotated[Path | None, At("@rendernode")] = None

    def after_parse(self, reading: Reading) -> None:
        """Something must be said."""
        if self.accel3d is None and self.accel2d is None and self.rendernode is None:
            raise ConfigUnsupported("missing values for acceleration")


@dataclass(slots=True, kw_only=True)
class Resolution:
    """The size of the screen at the beginning."""

    x: Annotated[int, At("@x")]
    y: Annotated[int, At("@y")]

    def for_format(self, context: Context) -> Resolution:
        """Both numbers or none."""
        return self if self.x and self.y else without(self, "x", "y")


@dataclass(slots=True, kw_only=True)
class VideoModel:
    """The card, its memory and its heads."""

    type: Annotated[VideoType | None, At("@type"), OrDefault(VideoType)] = None
    ram: Annotated[int, At("@ram", omit=0)] = 0
    vram: Annotated[int, At("@vram", omit=0)] = 0
    vram64: Annotated[int, At("@vram64", omit=0)] = 0
    vgamem: Annotated[int, At("@vgamem", omit=0)] = 0
    """Sizes in KiB."""
    heads: Annotated[int, At("@heads", omit=0)] = 1
    primary: Annotated[YesNo, At("@primary", omit=False)] = False
    blob: Annotated[OnOff | None, At("@blob")] = None
    acceleration: Annotated[Acceleration | None, At("acceleration")] = None
    resolution: Annotated[Resolution | None, At("resolution")] = None


@dataclass(slots=True, kw_only=True)
class Video(Device):
    """A video card of the guest."""

    ELEMENT: ClassVar[str] = "video"

    driver: Annotated[VideoDriver, At("driver")] = field(default_factory=VideoDriver)
    model: Annotated[VideoModel, At("model", omit_empty=False)] = field(default_factory=VideoModel)
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    @property
    def type(self) -> VideoType | None:
        """Which card it is."""
        return self.model.type

    @property
    def primary(self) -> bool:
        """Is it the first card?"""
        return self.model.primary

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """Memory as cards have it, in powers of two."""
        model = self.model
        if model.type is VideoType.QXL and not model.ram:
            model.ram = default_memory(VideoType.QXL, guest.type)
        if not model.vram and model.type is not None:
            model.vram = default_memory(model.type, guest.type)
        model.ram, model.vram = _power_of_two(model.ram), _power_of_two(model.vram)

    def check(self, guest: DomainDefinition) -> None:
        """Only what the card has."""
        model, driver = self.model, self.driver
        if model.type is None:
            raise InternalError("missing video model and cannot determine default")
        if len(guest.devices.videos) > 1 and any(video.type is VideoType.NONE for video in guest.devices.videos):
            raise ConfigUnsupported("a 'none' video type must be the only video device defined for the domain")
        if driver.name is VideoBackend.VHOSTUSER:
            if model.type is not VideoType.VIRTIO:
                raise ConfigUnsupported("'vhostuser' driver is only supported with 'virtio' device")
        elif model.acceleration and model.acceleration.rendernode:
            raise ConfigUnsupported("unsupported rendernode accel attribute without 'vhostuser'")
        if model.resolution and not (model.resolution.x and model.resolution.y):
            raise ConfigUnsupported("video resolution values must be greater than 0")
        if model.type is not VideoType.QXL:
            for name in ("ram", "vram64", "vgamem"):
                if getattr(model, name):
                    raise ConfigUnsupported(f"{name} attribute only supported for video type qxl")
        if model.type is VideoType.RAMFB and self.info.address is not None:
            raise ConfigUnsupported("address not supported for video type ramfb")
        if model.type is not VideoType.VIRTIO:
            driver.virtio.check_absent()
            if model.blob is not None:
                raise ConfigUnsupported(f"video type '{model.type}' does not support blob resources")


PLAIN_CARDS = (VideoType.VGA, VideoType.CIRRUS, VideoType.VMVGA)
PLAIN_MEMORY = {"vbox": 8 * 1024, "vmware": 4 * 1024}
MEMORY = {VideoType.BOCHS: 16 * 1024, VideoType.XEN: 4 * 1024, VideoType.QXL: 64 * 1024}


def default_memory(card: VideoType, hypervisor: str | None) -> int:
    """The memory of a card in KiB, when none is told."""
    if card in PLAIN_CARDS:
        return PLAIN_MEMORY.get(hypervisor or "", 16 * 1024)
    return MEMORY.get(card, 0)


def _power_of_two(size: int) -> int:
    return 1 << (size - 1).bit_length() if size else 0
