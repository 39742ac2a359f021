# SPDX-License-Identifier: LGPL-2.1-or-later
"""Display adapters."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported, Overflow, XmlError
from covirt.model.domain.devices.video import Video, VideoBackend, VideoType
from covirt.model.domain.memory_backing import MemorySource

SEVERAL = (VideoType.QXL, VideoType.VIRTIO)
"""Adapters of which there can be several, with several heads."""

WITH_RESOLUTION = (VideoType.VGA, VideoType.QXL, VideoType.VIRTIO, VideoType.BOCHS)
MOST_KIB = (2**32 - 1) // 1024
OPENGL = ("virtio-gpu.virgl", "virtio-gpu-gl-pci", "virtio-vga-gl")


def check(video: Video, situation: Situation) -> None:
    """Check one adapter."""
    kind, model = video.type, video.model
    if kind is VideoType.NONE:
        return
    if kind is None or not situation.offers("video", "modelType", kind):
        raise ConfigUnsupported(f"domain configuration does not support video model '{kind}'")
    if kind not in SEVERAL:
        if not video.primary:
            raise ConfigUnsupported(f"video type '{kind}' is only valid as primary video device")
        if model.heads != 1:
            raise ConfigUnsupported(f"video type '{kind}' doesn't support multiple 'heads'")
    if model.acceleration and model.acceleration.accel2d:
        raise ConfigUnsupported("qemu does not support the accel2d setting")
    _check_memory(video)
    if model.resolution and kind not in WITH_RESOLUTION:
        raise XmlError("model resolution is not supported")
    _check_acceleration(video, situation)
    if kind is VideoType.VIRTIO and model.blob is not None:
        situation.need("virtio-gpu.blob", "this QEMU does not support 'blob' for virtio-gpu devices")
        if model.blob and situation.guest.memory_backing.source is not MemorySource.MEMFD:
            raise ConfigUnsupported("'blob' support for virtio-gpu devices requires a memfd memory backend")
    if kind is VideoType.RAMFB and video.info.address is not None:
        raise ConfigUnsupported("'address' is not supported for 'ramfb' video devices")


def _check_memory(video: Video) -> None:
    model = video.model
    if video.type is VideoType.QXL:
        for name, size in (("vram", model.vram), ("ram", model.ram)):
            if size > MOST_KIB:
                raise Overflow(f"value for '{name}' must be less than '{MOST_KIB}'")
        if model.vgamem and model.vgamem < 1024:
            raise ConfigUnsupported("value for 'vgamem' must be at least 1 MiB (1024 KiB)")
        if model.vgamem & (model.vgamem - 1):
            raise ConfigUnsupported("value for 'vgamem' must be power of two")
    if video.type in (VideoType.VGA, VideoType.VMVGA) and 0 < model.vram < 1024:
        raise ConfigUnsupported("value for 'vram' must be at least 1 MiB (1024 KiB)")


def _check_acceleration(video: Video, situation: Situation) -> None:
    if video.driver.name is VideoBackend.VHOSTUSER:
        if video.type is VideoType.VIRTIO:
            situation.need("vhost-user-gpu", "this QEMU does not support 'vhost-user' video device")
    elif video.model.acceleration and video.model.acceleration.accel3d:
        if video.type is not VideoType.VIRTIO:
            raise ConfigUnsupported("3d acceleration is supported only with 'virtio' video device")
        if not any(flag in situation.caps for flag in OPENGL):
            raise ConfigUnsupported("3d acceleration is not supported by this QEMU binary")
