# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices of which there is little to say: balloon, shared memory, crypto, persistent store, vsock, NVRAM, hub."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.domain.address import PciAddress, SpaprVioAddress
from covirt.model.domain.devices.crypto import Crypto
from covirt.model.domain.devices.hub import Hub
from covirt.model.domain.devices.memballoon import Memballoon, MemballoonModel
from covirt.model.domain.devices.nvram import Nvram
from covirt.model.domain.devices.pstore import Pstore
from covirt.model.domain.devices.shmem import Shmem, ShmemModel
from covirt.model.domain.devices.vsock import Vsock

MIB = 1 << 20


def check_memballoon(memballoon: Memballoon, situation: Situation) -> None:
    """The balloon."""
    if memballoon.model is MemballoonModel.NONE:
        return
    if memballoon.model is MemballoonModel.XEN:
        raise ConfigUnsupported(
            f"Memory balloon device type '{memballoon.model}' is not supported by this version of qemu"
        )
    if memballoon.autodeflate is not None:
        situation.need("virtio-balloon-pci.deflate-on-oom", "deflate-on-oom is not supported by this QEMU binary")
    if memballoon.free_page_reporting is not None:
        situation.need("virtio-balloon.free-page-reporting", "freePageReporting is not supported by this QEMU binary")


def check_shmem(shmem: Shmem, situation: Situation) -> None:
    """Memory shared with other guests."""
    if 0 < shmem.size < MIB or shmem.size & (shmem.size - 1):
        raise XmlError("shmem size must be a power of 2 and at least 1 MiB (1024 KiB)")
    if shmem.model is ShmemModel.IVSHMEM:
        raise ConfigUnsupported("ivshmem device is no longer supported")
    situation.need(shmem.model, f"shmem model '{shmem.model}' is not supported by this QEMU binary")


def check_crypto(crypto: Crypto, situation: Situation) -> None:
    """Cryptographic coprocessors."""
    for attribute, name, value in (
        ("model", "model", crypto.model),
        ("type", "type", crypto.type),
        ("backendModel", "backend", crypto.backend.model),
    ):
        if not situation.offers("crypto", attribute, value):
            raise ConfigUnsupported(f"crypto {name} {value} is not supported")


def check_pstore(pstore: Pstore, situation: Situation) -> None:
    """The guest's store for its last words."""
    situation.need("acpi-erst", "acpi-erst backend of pstore device is not supported")
    if not isinstance(pstore.info.address, PciAddress | None):
        raise ConfigUnsupported("ACPI ERST device must reside on a PCI bus")


def check_vsock(vsock: Vsock, situation: Situation) -> None:
    """Sockets between guest and host."""
    situation.need("vhost-vsock", "vsock device is not supported with this QEMU binary")


def check_nvram(nvram: Nvram, situation: Situation) -> None:
    """The variables of a pSeries machine's firmware."""
    if not situation.machine.pseries:
        raise ConfigUnsupported("nvram device is only supported for PPC64")
    situation.need("nvram", "nvram device is not supported by this QEMU binary")
    if not (isinstance(nvram.info.address, SpaprVioAddress) and nvram.info.address.reg is not None):
        raise XmlError("nvram address type must be spaprvio")


def check_hub(hub: Hub, situation: Situation) -> None:
    """USB hubs."""
    situation.need("usb-hub", "usb-hub not supported by QEMU binary")
