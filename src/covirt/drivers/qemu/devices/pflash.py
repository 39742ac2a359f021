# SPDX-License-Identifier: LGPL-2.1-or-later
"""Firmware in flash: an image and its variables as block nodes, or an image in ROM."""

from __future__ import annotations

from collections.abc import Iterator

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.devices.blocks import add_chain
from covirt.drivers.qemu.devices.image import Image, needs_format_node
from covirt.model.common.storage_source import FileLocation, StorageFormat, StorageSource
from covirt.model.domain.loader import Loader, LoaderType


def flash_images(build: Build) -> Iterator[tuple[int, Image]]:
    """The images, by the number of the flash chip."""
    loader, nvram = build.guest.os.loader, build.guest.os.nvram
    if loader is None or loader.type is not LoaderType.PFLASH:
        return
    if loader.path is not None:
        yield 0, _code(loader)
    if nvram is not None:
        source = nvram.source or StorageSource(location=FileLocation(path=nvram.path))
        image = Image(source=source, format=nvram.format or StorageFormat.RAW, name="libvirt-pflash1", last=True)
        image.has_format = needs_format_node(build, image)
        yield 1, image


def _code(loader: Loader) -> Image:
    return Image(
        source=StorageSource(location=FileLocation(path=loader.path)),
        format=loader.format or StorageFormat.RAW,
        name="libvirt-pflash0",
        readonly=bool(loader.readonly),
        last=True,
    )


def pflash_nodes(build: Build) -> Iterator[tuple[int, str]]:
    """The node of each chip."""
    return ((number, image.node) for number, image in flash_images(build))


def add_flash(build: Build) -> None:
    """The nodes of all chips."""
    for _, image in flash_images(build):
        add_chain(build, image)


def add_loader(build: Build) -> None:
    """Firmware that is not in flash, and flash that only trusted code may write."""
    loader = build.guest.os.loader
    if loader is None:
        return
    if loader.type is LoaderType.ROM and loader.path is not None:
        build.argv.add("-bios", loader.path)
    elif loader.type is LoaderType.PFLASH and loader.secure:
        build.argv.add("-global", "driver=cfi.pflash01,property=secure,value=on")
