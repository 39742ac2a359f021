# SPDX-License-Identifier: LGPL-2.1-or-later
"""The checks of QEMU's driver: the table of device kinds, and what is called for each document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from covirt.drivers.qemu.check import (
    char,
    controller,
    disk,
    filesystem,
    graphics,
    guest,
    hostdev,
    input,
    interface,
    iommu,
    memory,
    place,
    smaller,
    sound,
    tpm,
    video,
    watchdog,
)
from covirt.drivers.qemu.check.situation import Situation
from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.audio import Audio
from covirt.model.domain.devices.char import Channel, Console, Parallel, Serial
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.controller import Controller
from covirt.model.domain.devices.crypto import Crypto
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.filesystem import Filesystem
from covirt.model.domain.devices.graphics import Graphics
from covirt.model.domain.devices.hostdev import Hostdev
from covirt.model.domain.devices.hub import Hub
from covirt.model.domain.devices.input import Input
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.iommu import Iommu
from covirt.model.domain.devices.memballoon import Memballoon
from covirt.model.domain.devices.memory import Memory
from covirt.model.domain.devices.nvram import Nvram
from covirt.model.domain.devices.pstore import Pstore
from covirt.model.domain.devices.redirdev import Redirdev
from covirt.model.domain.devices.rng import Rng
from covirt.model.domain.devices.shmem import Shmem
from covirt.model.domain.devices.smartcard import Smartcard
from covirt.model.domain.devices.sound import Sound
from covirt.model.domain.devices.tpm import Tpm
from covirt.model.domain.devices.video import Video
from covirt.model.domain.devices.vsock import Vsock
from covirt.model.domain.devices.watchdog import Watchdog
from covirt.model.domain.validate import Checks

CheckDevice = Callable[[Any, Situation], None]

DEVICES: dict[type[Device], CheckDevice] = {
    Audio: sound.check_audio,
    Channel: char.check,
    Console: char.check,
    Controller: controller.check,
    Crypto: smaller.check_crypto,
    Disk: disk.check,
    Filesystem: filesystem.check,
    Graphics: graphics.check,
    Hostdev: hostdev.check,
    Hub: smaller.check_hub,
    Input: input.check,
    Interface: interface.check,
    Iommu: iommu.check,
    Memballoon: smaller.check_memballoon,
    Memory: memory.check,
    Nvram: smaller.check_nvram,
    Parallel: char.check_parallel,
    Pstore: smaller.check_pstore,
    Redirdev: char.check_redirdev,
    Rng: char.check_rng,
    Serial: char.check_serial,
    Shmem: smaller.check_shmem,
    Smartcard: char.check_smartcard,
    Sound: sound.check,
    Tpm: tpm.check,
    Video: video.check,
    Vsock: smaller.check_vsock,
    Watchdog: watchdog.check,
}
"""Leases and panic devices are looked at with the guest only, or not at all."""


class QemuChecks(Checks):
    """Refuses what this QEMU cannot do."""

    def __init__(self, about: Circumstances) -> None:
        self._about = about

    def check(self, guest_: DomainDefinition) -> None:
        """The guest as a whole."""
        guest.check(Situation.of(guest_, self._about))

    def check_device(self, device: Device, guest_: DomainDefinition) -> None:
        """One device: its place, then itself."""
        situation = Situation.of(guest_, self._about)
        place.check(device, situation)
        check = DEVICES.get(type(device))
        if check is not None:
            check(device, situation)
