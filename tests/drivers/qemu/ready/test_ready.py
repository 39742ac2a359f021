# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a start decides about a definition."""

from __future__ import annotations

import pytest

from covirt.drivers.qemu.ready.memory import align
from covirt.drivers.qemu.ready.nbdkit import is_served, socket_path
from covirt.drivers.qemu.ready.secrets import needed
from covirt.drivers.qemu.ready.volumes import FoundVolume
from covirt.drivers.qemu.settings import QemuSettings
from covirt.errors import ConfigUnsupported, NoSuchStoragePool
from covirt.model.common.storage_network import NetworkLocation, StorageHost, StorageProtocol
from covirt.model.domain.devices.chardev import TcpChardev, UnixChardev
from covirt.model.domain.devices.displays import VncDisplay
from covirt.model.domain.devices.spice import SpiceDisplay
from covirt.model.storage.pool import StoragePoolDefinition
from covirt.testing.starting import define, ready
from covirt.xml import parse

VOLUME = """<disk type='volume' device='{device}'><driver type='raw'/><source pool='p' volume='v'{policy}/>
    <target dev='{target}' bus='{bus}'/></disk>"""


def test_displays_get_addresses_and_ports() -> None:
    build, _ = ready("<graphics type='vnc' autoport='yes' websocket='-1'/>", flags=["vnc"])
    display = build.guest.devices.graphics[0].display
    assert isinstance(display, VncDisplay)
    assert (display.port, display.websocket, display.listens[0].address) == (5900, 5700, "127.0.0.1")


def test_displays_may_listen_on_sockets_by_default() -> None:
    settings = QemuSettings(vnc_auto_unix_socket=True)
    build, _ = ready("<graphics type='vnc' autoport='yes'/>", settings=settings)
    assert build.guest.devices.graphics[0].listens[0].socket == "/run/guest/vnc.sock"


def test_secure_spice_needs_certificates() -> None:
    spice = "<graphics type='spice' autoport='yes' defaultMode='secure'/>"
    with pytest.raises(ConfigUnsupported, match="spice TLS is disabled"):
        ready(spice, flags=["spice"])
    build, _ = ready(spice, flags=["spice"], settings=QemuSettings(spice_tls=True))
    display = build.guest.devices.graphics[0].display
    assert isinstance(display, SpiceDisplay)
    assert (display.port, display.tls_port) == (0, 5902)


def test_channels_are_in_the_guests_directory() -> None:
    build, _ = ready("<channel type='unix'><target type='virtio' name='org.x'/></channel>")
    source = build.guest.devices.channels[0].source
    assert isinstance(source, UnixChardev)
    assert source.path == "/run/channels/org.x"


def test_settings_decide_about_encryption() -> None:
    serial = "<serial type='tcp'><source mode='connect' host='h' service='1'/></serial>"
    settings = QemuSettings(chardev_tls=True, chardev_tls_x509_secret_uuid="6fd3f62d-9fe7-4a4e-a869-7acd6376d8ea")
    build, _ = ready(serial, settings=settings)
    source = build.guest.devices.serials[0].source
    assert isinstance(source, TcpChardev)
    assert source.tls
    assert [(need.alias, need.usage) for need in needed(build)] == [("charserial0-secret0", "tls")]


def test_memory_is_rounded_up() -> None:
    guest = define()
    guest.memory.total = 1025
    align(guest)
    assert guest.memory.total == 2048


def test_volume_is_found() -> None:
    pool = parse(StoragePoolDefinition, "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>").value
    found = FoundVolume(pool=pool, type="file", path="/p/v")
    xml = VOLUME.format(device="disk", target="vda", bus="virtio", policy="")
    build, _ = ready(xml, find_volume=lambda pool, volume: found)
    assert build.guest.devices.disks[0].source.actual.path == "/p/v"


def test_missing_volume_stops_the_start() -> None:
    with pytest.raises(NoSuchStoragePool):
        ready(VOLUME.format(device="disk", target="vda", bus="virtio", policy=""))


def test_optional_drive_gets_empty() -> None:
    build, _ = ready(VOLUME.format(device="cdrom", target="hda", bus="ide", policy=" startupPolicy='optional'"))
    assert build.guest.devices.disks[0].source.empty


def test_nbdkit_serves_what_its_plugins_speak() -> None:
    location = NetworkLocation(protocol=StorageProtocol.SSH, name="/a", hosts=[StorageHost(name="h")])
    assert is_served(location, {"ssh"})
    assert not is_served(location, {"curl"})
    assert socket_path("/d", "libvirt-1-storage") == "/d/nbdkit-libvirt-1-storage.socket"
