# SPDX-License-Identifier: LGPL-2.1-or-later
"""What guests are when the document leaves it open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from covirt.errors import ConfigUnsupported
from covirt.model.domain.devices.chardev import UnixChardev
from covirt.model.domain.devices.graphics_listen import ListenType
from covirt.model.domain.devices.tpm import EmulatorTpm

if TYPE_CHECKING:
    from tests.drivers.qemu.conftest import Define


@pytest.mark.parametrize(
    ("arch", "machine", "root", "usb"),
    [
        ("x86_64", "pc", "pci-root", "piix3-uhci"),
        ("x86_64", "q35", "pcie-root", "qemu-xhci"),
        ("ppc64", "pseries", "pci-root", "qemu-xhci"),
        ("aarch64", "virt", "pcie-root", None),
    ],
)
def test_machines_come_with_their_buses(define: Define, arch: str, machine: str, root: str, usb: str | None) -> None:
    guest = define(arch=arch, machine=machine)
    by_type: dict[str, str | None] = {
        controller.type: controller.model for controller in reversed(guest.devices.controllers)
    }
    assert by_type["pci"] == root
    assert by_type.get("usb") == usb


def test_q35_has_usb_only_as_far_as_qemu_has(define: Define) -> None:
    guest = define(machine="q35", without=("qemu-xhci",))
    assert any(controller.model == "nec-xhci" for controller in guest.devices.controllers)


@pytest.mark.parametrize(
    ("arch", "model"), [("x86_64", "rtl8139"), ("s390x", "virtio"), ("aarch64", "virtio"), ("ppc64", "rtl8139")]
)
def test_cards_are_what_the_machine_had_always(define: Define, arch: str, model: str) -> None:
    assert define("<interface type='user'/>", arch=arch).devices.interfaces[0].model == model


def test_tpms_take_the_version_of_the_model(define: Define) -> None:
    old = define("<tpm model='tpm-tis'><backend type='emulator'/></tpm>").devices.tpms[0].backend
    new = define("<tpm model='tpm-crb'><backend type='emulator'/></tpm>").devices.tpms[0].backend
    assert isinstance(old, EmulatorTpm)
    assert isinstance(new, EmulatorTpm)
    assert (old.version, new.version) == ("1.2", "2.0")


def test_sound_goes_where_the_display_goes(define: Define) -> None:
    assert define("<graphics type='spice'/>").devices.audios[0].type == "spice"
    assert define("<graphics type='vnc'/>").devices.audios[0].type == "none"
    assert define().devices.audios[0].type == "none"


def test_the_environment_chooses_sound_on_the_host(define: Define) -> None:
    chosen = define("<graphics type='sdl'/>", environment={"QEMU_AUDIO_DRV": "pa"})
    assert chosen.devices.audios[0].type == "pulseaudio"
    assert define("<graphics type='sdl'/>").devices.audios == []
    with pytest.raises(ConfigUnsupported, match="unknown QEMU_AUDIO_DRV setting tape"):
        define("<graphics type='sdl'/>", environment={"QEMU_AUDIO_DRV": "tape"})


def test_paths_that_we_made_up_are_forgotten(define: Define) -> None:
    channel = "<channel type='unix'><source path='{}/1-guest/a'/><target type='virtio' name='a'/></channel>"
    ours = define(channel.format("/var/lib/libvirt/qemu/channel")).devices.channels[0].source
    theirs = define(channel.format("/tmp")).devices.channels[0].source
    assert isinstance(ours, UnixChardev)
    assert isinstance(theirs, UnixChardev)
    assert (ours.path, theirs.path) == (None, "/tmp/1-guest/a")


def test_sockets_of_vnc_that_we_made_up_become_addresses(define: Define) -> None:
    made_up = define("<graphics type='vnc' socket='/var/lib/libvirt/qemu/domain-9-guest/s'/>").devices.graphics[0]
    chosen = define("<graphics type='vnc' socket='/tmp/s'/>").devices.graphics[0]
    assert made_up.listens[0].type is ListenType.ADDRESS
    assert chosen.listens[0].socket == "/tmp/s"


def test_memory_modules_of_power_guests_are_whole_ones(define: Define) -> None:
    module = "<memory model='dimm'><target><size>300000</size></target></memory>"
    more = "<maxMemory slots='2'>4194304</maxMemory><memory>2097152</memory>"
    guest = define(module, arch="ppc64", more=more)
    assert guest.devices.memories[0].target.size == 524288
    assert guest.numa_cells[0].memory == 2097152 - 300000


def test_processors_that_no_cell_names_are_in_the_first(define: Define) -> None:
    cells = "<cell id='0' cpus='0' memory='524288'/><cell id='1' cpus='1' memory='524288'/>"
    guest = define(more=f"<vcpu>4</vcpu><cpu><numa>{cells}</numa></cpu>")
    cpus = guest.numa_cells[0].cpus
    assert cpus is not None
    assert sorted(cpus) == [0, 2, 3]


def test_shared_memory_is_4_mib(define: Define) -> None:
    assert define("<shmem name='s'><model type='ivshmem-plain'/></shmem>").devices.shmems[0].size == 4 << 20
