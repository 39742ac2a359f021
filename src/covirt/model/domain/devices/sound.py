# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sound cards of the guest."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import without
from covirt.model.common.scalars import NonZero
from covirt.model.domain.devices.common import Device, DeviceInfo, VirtioOptions
from covirt.xml import At, Context, Reading, YesNo

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition


class SoundModel(StrEnum):
    """Which card the guest sees."""

    SB16 = "sb16"
    ES1370 = "es1370"
    PCSPK = "pcspk"
    AC97 = "ac97"
    ICH6 = "ich6"
    ICH9 = "ich9"
    USB = "usb"
    ICH7 = "ich7"
    VIRTIO = "virtio"


CODEC_MODELS = (SoundModel.ICH6, SoundModel.ICH9)
DEFAULT_STREAMS = 2


class SoundCodecType(StrEnum):
    """What a codec of an HDA card has."""

    DUPLEX = "duplex"
    MICRO = "micro"
    OUTPUT = "output"


@dataclass(slots=True, kw_only=True)
class SoundCodec:
    """A codec on the bus of an HDA card."""

    type: Annotated[
        SoundCodecType,
        At(
            "@type",
            invalid="unknown codec type '{value}'",
            missing="unknown codec type '<null>'",
            error=ConfigUnsupported,
        ),
    ]


@dataclass(slots=True, kw_only=True)
class AudioRef:
    """The audio back end that is used."""

    id: Annotated[NonZero, At("@id")]


@dataclass(slots=True, kw_only=True)
class Sound(Device):
    """A sound card of the guest."""

    ELEMENT: ClassVar[str] = "sound"

    model: Annotated[SoundModel, At("@model")]
    multichannel: Annotated[YesNo | None, At("@multichannel")] = None
    streams: Annotated[NonZero | None, At("@streams")] = None
    codecs: Annotated[list[SoundCodec], At("codec")] = field(default_factory=list)
    audio: Annotated[AudioRef | None, At("audio")] = None
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)
    driver: Annotated[VirtioOptions, At("driver")] = field(default_factory=VirtioOptions)

    @property
    def audio_id(self) -> int | None:
        """The audio back end's number."""
        return self.audio.id if self.audio else None

    def after_parse(self, reading: Reading) -> None:
        """Keep what the model has."""
        if self.model not in CODEC_MODELS:
            self.codecs = []
        if self.model is not SoundModel.USB:
            self.multichannel = None
        if self.model is not SoundModel.VIRTIO:
            self.streams = None

    def for_format(self, context: Context) -> Sound:
        """Only virtio cards have virtio's options."""
        return self if self.model is SoundModel.VIRTIO else without(self, "driver")

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """Virtio cards have two streams."""
        if self.model is SoundModel.VIRTIO and self.streams is None:
            self.streams = DEFAULT_STREAMS

    def check(self, guest: DomainDefinition) -> None:
        """The audio back end is there."""
        check_audio(self.audio_id, guest)


def check_audio(number: int | None, guest: DomainDefinition) -> None:
    """Refuse an audio back end that is not there."""
    if number and all(audio.id != number for audio in guest.devices.audios):
        raise XmlError(f"no audio device with ID {number}")
