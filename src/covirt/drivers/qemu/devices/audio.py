# SPDX-License-Identifier: LGPL-2.1-or-later
"""Audio back ends: where the guest's sound is played and recorded."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, as_json, props
from covirt.model.domain.devices.audio import (
    AlsaDirection,
    Audio,
    AudioDirection,
    AudioSettings,
    BufferedDirection,
    FileAudio,
    JackDirection,
    OssAudio,
    OssDirection,
    PipewireAudio,
    PulseAudio,
    SdlAudio,
    StreamDirection,
)

_DRIVERS = {"pulseaudio": "pa", "file": "wav"}
"""Drivers that are not called like the type."""
_PIPEWIRE_PASSED = ("PIPEWIRE_CORE", "PIPEWIRE_REMOTE")
_PIPEWIRE_PLACES = ("PIPEWIRE_RUNTIME_DIR", "XDG_RUNTIME_DIR", "USERPROFILE")


def build(audio: Audio, build: Build) -> None:
    """The back end, and the variables that its library looks at."""
    given = audio.backend
    if isinstance(given, SdlAudio) and given.driver:
        build.argv.environment["SDL_AUDIODRIVER"] = given.driver
    if isinstance(given, PipewireAudio):
        _add_pipewire_environment(build, given)
    build.argv.add("-audiodev", as_json(backend(audio)))


def backend(audio: Audio) -> Props:
    """The back end."""
    given = audio.backend
    made = props(id=f"audio{audio.id}", driver=_DRIVERS.get(given.type, given.type), timer_period=audio.timer_period)
    match given:
        case OssAudio():
            made |= props(try_mmap=given.try_mmap, exclusive=given.exclusive, dsp_policy=given.dsp_policy)
        case PulseAudio():
            made |= props(server=given.server_name)
        case FileAudio():
            made |= props(path=given.path)
    return made | props({"in": _direction(given.input) or None, "out": _direction(given.output) or None})


def _direction(given: AudioDirection) -> Props:
    settings = (given.settings if given.fixed_settings else None) or AudioSettings()
    return props(
        mixing_engine=given.mixing_engine,
        fixed_settings=given.fixed_settings,
        voices=given.voices,
        buffer_length=given.buffer_length,
        frequency=settings.frequency,
        channels=settings.channels,
        format=settings.format,
    ) | _own(given)


def _own(given: AudioDirection) -> Props:
    match given:
        case AlsaDirection():
            return props(dev=given.dev)
        case BufferedDirection():
            return props(buffer_count=given.buffer_count or None)
        case JackDirection():
            return props(
                server_name=given.server_name,
                client_name=given.client_name,
                connect_ports=given.connect_ports,
                exact_name=given.exact_name,
            )
        case OssDirection():
            return props(dev=given.dev, buffer_count=given.buffer_count or None, try_poll=given.try_poll)
        case StreamDirection():
            return props(name=given.name, stream_name=given.stream_name, latency=given.latency or None)
    return {}


def _add_pipewire_environment(build: Build, given: PipewireAudio) -> None:
    ours, theirs = build.prepared.inherited, build.argv.environment
    theirs |= {name: ours[name] for name in _PIPEWIRE_PASSED if name in ours}
    if given.runtime_dir:
        theirs["PIPEWIRE_RUNTIME_DIR"] = given.runtime_dir
    else:
        theirs |= {name: ours[name] for name in _PIPEWIRE_PLACES if name in ours}
