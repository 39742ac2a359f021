# SPDX-License-Identifier: LGPL-2.1-or-later
"""Video cards."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices import chardev
from covirt.drivers.qemu.devices.common import add_companion, place, virtio_props
from covirt.drivers.qemu.devices.disk import vhost_user_chardev
from covirt.errors import InternalError
from covirt.model.domain.devices.chardev import UnixChardev
from covirt.model.domain.devices.video import Video, VideoBackend, VideoType

_PRIMARY = {
    VideoType.VGA: "VGA",
    VideoType.CIRRUS: "cirrus-vga",
    VideoType.VMVGA: "vmware-svga",
    VideoType.QXL: "qxl-vga",
    VideoType.VIRTIO: "virtio-vga",
    VideoType.BOCHS: "bochs-display",
    VideoType.RAMFB: "ramfb",
}
_SECONDARY = {VideoType.QXL: "qxl", VideoType.VIRTIO: "virtio-gpu"}
_GL = {"virtio-vga": "virtio-vga-gl", "virtio-gpu": "virtio-gpu-gl"}
_GL_FLAGS = {"virtio-vga": "virtio-vga-gl", "virtio-gpu": "virtio-gpu-gl-pci"}


def build(video: Video, build: Build) -> None:
    """The connection to a program that plays the card, and the card."""
    if video.type is VideoType.NONE:
        return
    if _vhost_user(video):
        alias = video.info.alias
        chardev.add(build, UnixChardev(), vhost_user_chardev(alias), f"{alias}-vhost-user")
    add_companion(build, video.info)
    build.argv.device(frontend(video, build))


def _vhost_user(video: Video) -> bool:
    return video.driver.name is VideoBackend.VHOSTUSER


def frontend(video: Video, build: Build) -> Props:
    """The card."""
    model = video.model
    name, virtio, suffix = _model(video, build)
    made = virtio_props(build, name, video.info, video.driver.virtio, suffix=suffix) if virtio else props(driver=name)
    virgl = None
    if not _vhost_user(video) and model.type is VideoType.VIRTIO and model.acceleration:
        virgl = model.acceleration.accel3d if "virtio-gpu.virgl" in build.caps else None
    heads = model.heads if model.type in (VideoType.QXL, VideoType.VIRTIO) else None
    made |= props({"id": video.info.alias, "virgl": virgl, "max_outputs": heads or None})
    made |= _memory(video, build)
    if model.resolution:
        made |= props(xres=model.resolution.x or None, yres=model.resolution.y or None)
    return made | place(build, video.info)


def _model(video: Video, build: Build) -> tuple[str, bool, bool]:
    """The driver, whether it is a virtio one, and whether its name tells the bus."""
    kind = video.type
    primary = video.primary and _has_vga(video, build)
    if _vhost_user(video):
        return ("vhost-user-vga", False, False) if primary else ("vhost-user-gpu", True, True)
    name = (_PRIMARY if primary else _SECONDARY).get(kind) if kind else None
    if name is None:
        raise InternalError(f"invalid model for video type '{kind or 'default'}'")
    wants_gl = video.model.acceleration is not None and video.model.acceleration.accel3d
    if wants_gl and name in _GL and _GL_FLAGS[name] in build.caps:
        name = _GL[name]
    return name, kind is VideoType.VIRTIO, not primary


def _has_vga(video: Video, build: Build) -> bool:
    """Can a card of this kind be one that old systems see?"""
    if video.type is not VideoType.VIRTIO:
        return True
    return ("vhost-user-vga" if _vhost_user(video) else "virtio-vga") in build.caps


def _memory(video: Video, build: Build) -> Props:
    model, caps = video.model, build.caps
    if model.type is VideoType.QXL:
        return props(
            {
                "ram_size": model.ram * 1024 or None,
                "vram_size": model.vram * 1024 or None,
                "vram64_size_mb": model.vram64 // 1024 if "qxl.vram64_size_mb" in caps else None,
                "vgamem_mb": model.vgamem // 1024 if "qxl.vgamem_mb" in caps else None,
            }
        )
    if _vhost_user(video):
        return {"chardev": vhost_user_chardev(video.info.alias)}
    with_size = {VideoType.VGA: "VGA.vgamem_mb", VideoType.VMVGA: "vmware-svga.vgamem_mb"}
    if model.type in with_size and with_size[model.type] in caps:
        return props({"vgamem_mb": model.vram // 1024 or None})
    if model.type is VideoType.BOCHS:
        return props(vgamem=model.vram * 1024 or None)
    if model.type is VideoType.VIRTIO:
        return props(blob=model.blob)
    return {}
