# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest that is about to start, for tests: read, completed, made ready, all without a host."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.emulator import Acceleration, MachineType
from covirt.drivers.qemu.command.build import build_command, new_build
from covirt.drivers.qemu.command.context import Build, Prepared
from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.defaults.completion import QemuCompletion
from covirt.drivers.qemu.document import Reader, completing
from covirt.drivers.qemu.ready.definition import Starting, make_ready
from covirt.drivers.qemu.settings import QemuSettings
from covirt.errors import NoSuchStoragePool
from covirt.model.common.pci import PciSlot
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.roots import Roots
from covirt.xml import Context

FLAGS = frozenset(
    {
        *("device.json+hotplug", "netdev.json", "set-action", "piix3-usb-uhci", "ich9-usb-ehci1", "qemu-xhci"),
        *("isa-serial", "pcie-root-port", "virtio-scsi-pci", "seccomp-sandbox", "vnc", "smp-dies", "tcg"),
        *("netdev.user", "vga-none", "spice"),
    }
)
MACHINE = MachineType(
    name="pc-i440fx-9.2", max_cpus=8, hotplug_cpus=True, numa_mem_supported=False, default_ram_id="pc.ram", acpi=True
)

DOCUMENT = """
<domain type='qemu'>
  <name>{name}</name>
  <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
  <memory unit='MiB'>256</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc-i440fx-9.2'>hvm</type></os>
  {more}
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
    <video><model type='none'/></video>
    {devices}
  </devices>
</domain>
"""


class NoPci:
    """No PCI device of the host is known."""

    def is_express(self, slot: PciSlot) -> bool | None:
        """Not known."""
        return None

    def iommu_group(self, slot: PciSlot) -> int | None:
        """Not known."""
        return None


class FirstPorts:
    """Always the first port."""

    def vnc(self) -> int:
        """For VNC."""
        return 5900

    def spice(self) -> int:
        """For SPICE."""
        return 5901

    def spice_tls(self) -> int:
        """For SPICE under TLS."""
        return 5902

    def websocket(self) -> int:
        """For web sockets."""
        return 5700

    def rdp(self) -> int:
        """For remote desktops."""
        return 3389


def capabilities(*more: str) -> EmulatorCapabilities:
    """A small QEMU."""
    return EmulatorCapabilities(
        binary="/usr/bin/qemu-system-x86_64",
        arch="x86_64",
        version=9002000,
        flags=FLAGS | frozenset(more),
        tcg=Acceleration(machines=(MACHINE,)),
    )


def define(devices: str = "", *, more: str = "", name: str = "guest", flags: Iterable[str] = ()) -> DomainDefinition:
    """A definition as it is stored."""
    circumstances = Circumstances(
        caps=capabilities(*flags), settings=QemuSettings(), roots=Roots.system().qemu, host_arch="x86_64"
    )
    completion = QemuCompletion(circumstances, NoPci(), lambda guest, about: None)
    reader = Reader(completion, completing(Context.INACTIVE, lambda count: bytes(count), "none"))
    return reader.define(DOCUMENT.format(devices=devices, more=more, name=name))


def starting(**changes: Any) -> Starting:
    """The surroundings of a start."""
    usual: dict[str, Any] = {
        "caps": capabilities(),
        "settings": QemuSettings(),
        "host_arch": "x86_64",
        "directory": "/run/guest",
        "channels": "/run/channels",
        "dbus": "/run/bus",
        "ports": FirstPorts(),
        "host_models": lambda: None,
        "render_node": lambda: "/dev/dri/renderD128",
        "network_address": lambda name: "192.0.2.1",
        "host_pci": NoPci(),
        "choose_firmware": lambda guest: None,
        "find_volume": _no_pool,
    }
    return Starting(**{**usual, **changes})


def _no_pool(pool: str, volume: str) -> Any:
    raise NoSuchStoragePool(f"no storage pool with matching name '{pool}'")


def prepared(**changes: Any) -> Prepared:
    """What was made ready on the host."""
    return Prepared(directory="/run/guest", memory_directory="/ram", now=datetime(2026, 1, 2, 3, tzinfo=UTC), **changes)


def ready(devices: str = "", *, more: str = "", flags: Iterable[str] = (), **changes: Any) -> tuple[Build, Starting]:
    """A guest made ready, and a command line without any option for it."""
    guest = define(devices, more=more, flags=flags)
    about = starting(caps=capabilities(*flags), **changes)
    make_ready(guest, about)
    host = prepared(nodes=about.nodes)
    return new_build(guest, about.caps, about.settings, host, "x86_64"), about


def options(devices: str = "", *, more: str = "", flags: Iterable[str] = (), **host: Any) -> list[str]:
    """The command line, each option with its value."""
    guest = define(devices, more=more, flags=flags)
    about = starting(caps=capabilities(*flags))
    make_ready(guest, about)
    argv = build_command(guest, about.caps, about.settings, prepared(nodes=about.nodes, **host), "x86_64")
    joined: list[str] = []
    for word in argv.arguments:
        if word.startswith("-") or not joined:
            joined.append(word)
        else:
            joined[-1] += f" {word}"
    return joined
