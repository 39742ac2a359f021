# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sound cards, and where their sound goes."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.domain.devices.audio import Audio
from covirt.model.domain.devices.sound import Sound, SoundModel

CARDS = {
    SoundModel.USB: ("usb-audio", "usb-audio controller is not supported by this QEMU binary"),
    SoundModel.ICH9: (
        "ich9-intel-hda",
        "The ich9-intel-hda audio controller is not supported in this QEMU binary",
    ),
    SoundModel.VIRTIO: ("virtio-sound", "virtio-sound controller is not supported in this QEMU binary"),
}


def check(sound: Sound, situation: Situation) -> None:
    """Check a card and its codecs."""
    if sound.model in CARDS:
        situation.need(*CARDS[sound.model])
    if sound.model is SoundModel.ICH7:
        raise InternalError(f"sound card model '{sound.model}' is not supported by qemu")
    if sound.model in (SoundModel.ICH6, SoundModel.ICH9):
        for codec in sound.codecs:
            situation.need(f"hda-{codec.type}", f"hda-{codec.type} not supported in this QEMU binary")


def check_audio(audio: Audio, situation: Situation) -> None:
    """Check a back end."""
    if audio.type == "spice" and all(graphics.type != "spice" for graphics in situation.guest.devices.graphics):
        raise ConfigUnsupported("Spice audio is not supported without spice graphics")
    if audio.type == "dbus":
        situation.need("display-dbus", "D-Bus audio is not supported with this QEMU")
