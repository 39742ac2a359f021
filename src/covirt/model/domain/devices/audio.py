# SPDX-License-Identifier: LGPL-2.1-or-later
"""Audio back ends: where on the host the guest's sound goes and comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import changed
from covirt.model.common.scalars import NonZero
from covirt.model.domain.devices.common import Device
from covirt.xml import At, Choice, Context, Int, Reading, YesNo

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition


class SampleFormat(StrEnum):
    """The form of a sample."""

    U8 = "u8"
    S8 = "s8"
    U16 = "u16"
    S16 = "s16"
    U32 = "u32"
    S32 = "s32"
    F32 = "f32"


class SdlDriver(StrEnum):
    """Which library SDL plays through."""

    ESD = "esd"
    ALSA = "alsa"
    ARTS = "arts"
    PULSEAUDIO = "pulseaudio"


@dataclass(slots=True, kw_only=True)
class AudioSettings:
    """Rate, channels and form of samples."""

    frequency: Annotated[NonZero | None, At("@frequency")] = None
    channels: Annotated[NonZero | None, At("@channels")] = None
    format: Annotated[SampleFormat | None, At("@format")] = None


@dataclass(slots=True, kw_only=True)
class AudioDirection:
    """One direction, recording or playing; without further words of its own."""

    mixing_engine: Annotated[YesNo | None, At("@mixingEngine")] = None
    fixed_settings: Annotated[YesNo | None, At("@fixedSettings")] = None
    voices: Annotated[NonZero | None, At("@voices")] = None
    buffer_length: Annotated[NonZero | None, At("@bufferLength")] = None
    settings: Annotated[AudioSettings | None, At("settings")] = None

    def after_parse(self, reading: Reading) -> None:
        """Fixed settings need our mixing, and settings must be fixed."""
        if self.fixed_settings and not self.mixing_engine:
            raise ConfigUnsupported("fixed audio settings requires mixing engine")
        if self.settings is not None and not self.fixed_settings:
            raise ConfigUnsupported("audio settings specified without fixed settings flag")

    def for_format(self, context: Context) -> AudioDirection:
        """Fixed settings are told even when they say nothing."""
        if self.fixed_settings and self.settings is None:
            return changed(self, settings=AudioSettings())
        return self


@dataclass(slots=True, kw_only=True)
class AlsaDirection(AudioDirection):
    """One direction of ALSA."""

    dev: Annotated[str | None, At("@dev")] = None


@dataclass(slots=True, kw_only=True)
class BufferedDirection(AudioDirection):
    """One direction of Core Audio or SDL."""

    buffer_count: Annotated[int, At("@bufferCount", omit=0)] = 0


@dataclass(slots=True, kw_only=True)
class JackDirection(AudioDirection):
    """One direction of JACK."""

    server_name: Annotated[str | None, At("@serverName")] = None
    client_name: Annotated[str | None, At("@clientName")] = None
    connect_ports: Annotated[str | None, At("@connectPorts")] = None
    exact_name: Annotated[YesNo | None, At("@exactName")] = None


@dataclass(slots=True, kw_only=True)
class OssDirection(AudioDirection):
    """One direction of OSS."""

    dev: Annotated[str | None, At("@dev")] = None
    buffer_count: Annotated[int, At("@bufferCount", omit=0)] = 0
    try_poll: Annotated[YesNo | None, At("@tryPoll")] = None


@dataclass(slots=True, kw_only=True)
class StreamDirection(AudioDirection):
    """One direction of PulseAudio or PipeWire."""

    name: Annotated[str | None, At("@name")] = None
    stream_name: Annotated[str | None, At("@streamName")] = None
    latency: Annotated[int, At("@latency", omit=0)] = 0


@dataclass(slots=True, kw_only=True)
class PlainAudio:
    """Nothing at all, the SPICE or D-Bus display."""

    type: Literal["none", "spice", "dbus"]
    input: Annotated[AudioDirection, At("input")] = field(default_factory=AudioDirection)
    output: Annotated[AudioDirection, At("output")] = field(default_factory=AudioDirection)


@dataclass(slots=True, kw_only=True)
class AlsaAudio:
    """The sound cards of Linux."""

    type: Literal["alsa"] = "alsa"
    input: Annotated[AlsaDirection, At("input")] = field(default_factory=AlsaDirection)
    output: Annotated[AlsaDirection, At("output")] = field(default_factory=AlsaDirection)


@dataclass(slots=True, kw_only=True)
class CoreAudio:
    """The sound system of macOS."""

    type: Literal["coreaudio"] = "coreaudio"
    input: Annotated[BufferedDirection, At("input")] = field(default_factory=BufferedDirection)
    output: Annotated[BufferedDirection, At("output")] = field(default_factory=BufferedDirection)


@dataclass(slots=True, kw_only=True)
class JackAudio:
    """The JACK sound server."""

    type: Literal["jack"] = "jack"
    input: Annotated[JackDirection, At("input")] = field(default_factory=JackDirection)
    output: Annotated[JackDirection, At("output")] = field(default_factory=JackDirection)


@dataclass(slots=True, kw_only=True)
class OssAudio:
    """The Open Sound System."""

    type: Literal["oss"] = "oss"
    try_mmap: Annotated[YesNo | None, At("@tryMMap")] = None
    exclusive: Annotated[YesNo | None, At("@exclusive")] = None
    dsp_policy: Annotated[Int | None, At("@dspPolicy")] = None
    input: Annotated[OssDirection, At("input")] = field(default_factory=OssDirection)
    output: Annotated[OssDirection, At("output")] = field(default_factory=OssDirection)

    def after_parse(self, reading: Reading) -> None:
        """The policy is a number from 0 on."""
        if self.dsp_policy is not None and self.dsp_policy < 0:
            raise XmlError(f"cannot parse 'dspPolicy' value '{self.dsp_policy}'")


@dataclass(slots=True, kw_only=True)
class PulseAudio:
    """The PulseAudio sound server."""

    type: Literal["pulseaudio"] = "pulseaudio"
    server_name: Annotated[str | None, At("@serverName")] = None
    input: Annotated[StreamDirection, At("input")] = field(default_factory=StreamDirection)
    output: Annotated[StreamDirection, At("output")] = field(default_factory=StreamDirection)


@dataclass(slots=True, kw_only=True)
class SdlAudio:
    """The SDL library."""

    type: Literal["sdl"] = "sdl"
    driver: Annotated[SdlDriver | None, At("@driver")] = None
    input: Annotated[BufferedDirection, At("input")] = field(default_factory=BufferedDirection)
    output: Annotated[BufferedDirection, At("output")] = field(default_factory=BufferedDirection)


@dataclass(slots=True, kw_only=True)
class FileAudio:
    """A WAV file."""

    type: Literal["file"] = "file"
    path: Annotated[str | None, At("@path")] = None
    input: Annotated[AudioDirection, At("input")] = field(default_factory=AudioDirection)
    output: Annotated[AudioDirection, At("output")] = field(default_factory=AudioDirection)


@dataclass(slots=True, kw_only=True)
class PipewireAudio:
    """The PipeWire sound server."""

    type: Literal["pipewire"] = "pipewire"
    runtime_dir: Annotated[str | None, At("@runtimeDir")] = None
    input: Annotated[StreamDirection, At("input")] = field(default_factory=StreamDirection)
    output: Annotated[StreamDirection, At("output")] = field(default_factory=StreamDirection)


AudioBackend = (
    PlainAudio | AlsaAudio | CoreAudio | JackAudio | OssAudio | PulseAudio | SdlAudio | FileAudio | PipewireAudio
)


@dataclass(slots=True, kw_only=True)
class Audio(Device):
    """An audio back end; sound cards and displays refer to it by number."""

    ELEMENT: ClassVar[str] = "audio"

    id: Annotated[NonZero, At("@id")]
    timer_period: Annotated[NonZero | None, At("@timerPeriod")] = None
    backend: Annotated[AudioBackend, At("."), Choice("@type", after="@id")]

    @property
    def type(self) -> str:
        """The kind of back end."""
        return self.backend.type

    def check(self, guest: DomainDefinition) -> None:
        """Numbers are given once."""
        if any(other.id == self.id for other in guest.devices.audios if other is not self):
            raise XmlError(f"audio ID {self.id} is used multiple times")
