# SPDX-License-Identifier: LGPL-2.1-or-later
"""The order in which buses are handed out; the later ones see what the earlier ones took."""

from __future__ import annotations

from covirt.drivers.qemu.addresses import memory, pci, spapr, usb, virtio, virtio_serial
from covirt.drivers.qemu.addresses.plug import HostPci
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.machine import Machine
from covirt.model.domain.definition import DomainDefinition


def assign(
    guest: DomainDefinition, caps: EmulatorCapabilities, machine: Machine, host: HostPci, *, new: bool = True
) -> None:
    """Complete the addresses of all devices in place; raises what libvirt raises when one cannot be had.

    `new` is false for a running guest, whose USB ports are left as they are unless all are known.
    """
    virtio_serial.assign(guest)
    spapr.assign(guest, machine)
    virtio.assign_ccw(guest, caps, machine)
    virtio.choose_transport(guest, caps, machine)
    pci.assign(guest, caps, machine, host)
    usb.assign(guest, new=new)
    memory.assign(guest)
