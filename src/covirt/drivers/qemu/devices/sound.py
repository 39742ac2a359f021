# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sound cards."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import add_companion, place, virtio_props
from covirt.model.domain.devices.sound import CODEC_MODELS, Sound, SoundCodecType, SoundModel

_DRIVERS = {
    SoundModel.ES1370: "ES1370",
    SoundModel.AC97: "AC97",
    SoundModel.ICH6: "intel-hda",
    SoundModel.USB: "usb-audio",
    SoundModel.ICH9: "ich9-intel-hda",
    SoundModel.SB16: "sb16",
}
_CODECS = {
    SoundCodecType.DUPLEX: "hda-duplex",
    SoundCodecType.MICRO: "hda-micro",
    SoundCodecType.OUTPUT: "hda-output",
}


def build(sound: Sound, build: Build) -> None:
    """The card and its codecs; the speaker is part of the machine."""
    if sound.model is SoundModel.PCSPK:
        return
    add_companion(build, sound.info)
    build.argv.device(frontend(sound, build))
    if sound.model in CODEC_MODELS:
        types = [codec.type for codec in sound.codecs] or [SoundCodecType.DUPLEX]
        for number, codec in enumerate(types):
            build.argv.device(codec_props(sound, codec, number, build))


def frontend(sound: Sound, build: Build) -> Props:
    """The card."""
    if sound.model is SoundModel.VIRTIO:
        made = virtio_props(build, "virtio-sound", sound.info, sound.driver)
    else:
        made = props(driver=_DRIVERS.get(sound.model))
    # Cards with codecs play through these.
    audio = None if sound.model in CODEC_MODELS else build.audio_id(sound.audio_id)
    made |= props(id=sound.info.alias, audiodev=audio, multi=sound.multichannel, streams=sound.streams)
    return made | place(build, sound.info)


def codec_props(sound: Sound, codec: SoundCodecType, number: int, build: Build) -> Props:
    """A codec on the card's own bus."""
    return props(
        driver=_CODECS[codec],
        id=f"{sound.info.alias}-codec{number}",
        bus=f"{sound.info.alias}.0",
        cad=number,
        audiodev=build.audio_id(sound.audio_id),
    )
