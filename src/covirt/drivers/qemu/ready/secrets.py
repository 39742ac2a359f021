# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which secrets QEMU needs: who starts a guest fetches and encrypts them before the command line is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.devices.blocks import tls_key_secret, tls_secret_uuid
from covirt.drivers.qemu.devices.chardev import chardev_alias
from covirt.drivers.qemu.devices.graphics import vnc_tls_secret
from covirt.drivers.qemu.devices.hostdev import scsi_image
from covirt.drivers.qemu.devices.image import Image, images_of
from covirt.drivers.qemu.devices.pflash import flash_images
from covirt.drivers.qemu.devices.storage import auth_secret, cookie_secret
from covirt.drivers.qemu.ready.channels import encryptable
from covirt.model.common.secret import SecretLookup
from covirt.model.common.storage_network import NetworkLocation, StorageProtocol
from covirt.model.common.storage_source import VhostUserLocation
from covirt.model.domain.devices.chardev import TcpChardev
from covirt.model.domain.devices.disk_parts import DiskBus
from covirt.model.domain.devices.displays import VncDisplay
from covirt.model.domain.devices.hostdev_sources import ScsiHostdev
from covirt.values import Uuid


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A secret that QEMU needs."""

    alias: str
    """By which name QEMU will know it."""
    usage: str = "volume"
    """What it is for: `volume`, `ceph`, `iscsi`, `tls`."""
    lookup: SecretLookup | None = None
    """Which one it is."""
    value: bytes | None = None
    """What it is, when the definition says so itself."""


def needed(build: Build) -> Iterator[Need]:
    """All secrets of a guest."""
    devices = build.guest.devices
    for disk in devices.disks:
        if isinstance(disk.source.actual, VhostUserLocation):
            continue
        chain = images_of(build, disk)
        if disk.bus is DiskBus.SD:
            chain.name = str(disk.info.alias)
        for image in chain.layers():
            yield from _of_image(build, image)
    for hostdev in devices.hostdevs:
        if isinstance(hostdev.source, ScsiHostdev):
            yield from _of_image(build, scsi_image(hostdev, build))
    for _, image in flash_images(build):
        yield from _of_image(build, image)
    yield from _of_connections(build)


def _of_image(build: Build, image: Image) -> Iterator[Need]:
    source, location = image.source, image.source.actual
    served = image.storage_node in build.prepared.sockets
    auth = auth_secret(image)
    if auth and source.auth and not served:
        rbd = isinstance(location, NetworkLocation) and location.protocol is StorageProtocol.RBD
        yield Need(alias=auth, usage="ceph" if rbd else "iscsi", lookup=source.auth.secret)
    cookies = cookie_secret(image)
    if cookies and isinstance(location, NetworkLocation) and not served:
        text = "; ".join(f"{cookie.name}={cookie.value}" for cookie in location.cookies)
        yield Need(alias=cookies, value=text.encode())
    if source.encryption:
        for alias, secret in zip(image.encryption_secrets, source.encryption.secrets, strict=False):
            yield Need(alias=alias, lookup=secret)
    key = tls_key_secret(build, image)
    if key and isinstance(location, NetworkLocation):
        yield _tls(key, tls_secret_uuid(build, location.protocol))


def _of_connections(build: Build) -> Iterator[Need]:
    settings = build.settings
    usual = settings.default_tls_x509_secret_uuid
    wanted = settings.chardev_tls_x509_secret_uuid or usual
    for alias, source in encryptable(build.guest):
        if wanted and isinstance(source, TcpChardev) and source.tls:
            yield _tls(f"{chardev_alias(alias)}-secret0", wanted)
    for graphics in build.guest.devices.graphics:
        secret = vnc_tls_secret(build) if isinstance(graphics.display, VncDisplay) else None
        if secret:
            yield _tls(secret, settings.vnc_tls_x509_secret_uuid or usual)


def _tls(alias: str, uuid: str | None) -> Need:
    lookup = SecretLookup(type="tls", uuid=Uuid.parse(uuid) if uuid else None)
    return Need(alias=alias, usage="tls", lookup=lookup)
