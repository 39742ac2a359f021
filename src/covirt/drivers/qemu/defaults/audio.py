# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where sound goes when the document does not say it."""

from __future__ import annotations

from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.errors import ConfigUnsupported
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.audio import (
    AlsaAudio,
    Audio,
    AudioBackend,
    CoreAudio,
    FileAudio,
    JackAudio,
    OssAudio,
    PlainAudio,
    PulseAudio,
    SdlAudio,
    SdlDriver,
)

_BACKENDS: dict[str, type[AudioBackend]] = {
    "none": PlainAudio,
    "spice": PlainAudio,
    "dbus": PlainAudio,
    "alsa": AlsaAudio,
    "coreaudio": CoreAudio,
    "jack": JackAudio,
    "oss": OssAudio,
    "pa": PulseAudio,
    "sdl": SdlAudio,
    "wav": FileAudio,
}
"""QEMU's words for back ends."""


def add_default(guest: DomainDefinition, about: Circumstances) -> None:
    """Add the back end that belongs to the last display, unless the document has one, or the host is to play sound."""
    devices = guest.devices
    if devices.audios:
        return
    wanted: str | None = None
    host = False
    for graphics in devices.graphics:
        match graphics.type:
            case "vnc":
                wanted, host = "none", about.settings.vnc_allow_host_audio
            case "spice":
                wanted, host = "spice", False
            case "sdl":
                wanted, host = wanted or "none", True
    if not devices.graphics:
        wanted, host = "none", about.settings.nographics_allow_host_audio
    if wanted is None:
        return
    if host:
        # On the host it is QEMU's own choice, unless the environment makes it.
        wanted = about.environment.get("QEMU_AUDIO_DRV")
        if wanted is None:
            return
    devices.audios.append(Audio(id=1, backend=_backend(wanted, about)))


def _backend(word: str, about: Circumstances) -> AudioBackend:
    kind = _BACKENDS.get(word)
    if kind is None:
        raise ConfigUnsupported(f"unknown QEMU_AUDIO_DRV setting {word}")
    if kind is PlainAudio:
        return PlainAudio(type={"none": "none", "spice": "spice", "dbus": "dbus"}[word])  # type: ignore[arg-type]
    if kind is SdlAudio:
        return SdlAudio(driver=_sdl_driver(about))
    return kind()  # type: ignore[call-arg]


def _sdl_driver(about: Circumstances) -> SdlDriver | None:
    word = about.environment.get("SDL_AUDIODRIVER")
    try:
        return SdlDriver(word) if word is not None else None
    except ValueError:
        raise ConfigUnsupported(f"unknown SDL_AUDIODRIVER setting {word}") from None
