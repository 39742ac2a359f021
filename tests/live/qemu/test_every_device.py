# SPDX-License-Identifier: LGPL-2.1-or-later
"""The installed QEMU takes our command line for every machine type and kind of device, and has nothing to remark."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

import covirt
from covirt.api.domain.lifecycle import DomainCreateFlags
from covirt.client.objects_generated import Connection

pytestmark = pytest.mark.asyncio(loop_scope="module")

GUEST = """
<domain type='qemu'>
  <name>{name}</name>
  <memory unit='MiB'>64</memory>{more}
  <os><type arch='x86_64' machine='{machine}'>hvm</type></os>
  <features>{features}</features>
  <devices>{devices}</devices>
</domain>"""

BARE = "<controller type='usb' model='none'/><memballoon model='none'/>"

DEVICES = {
    "disk-virtio": "<disk type='file'><source file='{image}'/><target dev='vda' bus='virtio'/></disk>",
    "disk-scsi": "<controller type='scsi' model='virtio-scsi'/>"
    "<disk type='file'><source file='{image}'/><target dev='sda' bus='scsi'/></disk>",
    "disk-lsi": "<controller type='scsi' model='lsilogic'/>"
    "<disk type='file'><source file='{image}'/><target dev='sda' bus='scsi'/></disk>",
    "disk-sata": "<disk type='file'><source file='{image}'/><target dev='sda' bus='sata'/></disk>",
    "disk-usb": "<disk type='file'><source file='{image}'/><target dev='sda' bus='usb'/></disk>",
    "cdrom": "<disk type='file' device='cdrom'><source file='{image}'/><target dev='sda' bus='sata'/></disk>",
    "empty-cdrom": "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>",
    "floppy": "<disk type='file' device='floppy'><source file='{image}'/><target dev='fda' bus='fdc'/></disk>",
    "usb-xhci": "<controller type='usb' model='qemu-xhci' ports='8'/>",
    "usb-ehci": "<controller type='usb' model='ich9-ehci1'/>",
    "virtio-serial": "<controller type='virtio-serial' ports='8'/>",
    "pcie-switch": "<controller type='pci' index='1' model='pcie-root-port'/>"
    "<controller type='pci' index='2' model='pcie-switch-upstream-port'/>"
    "<controller type='pci' index='3' model='pcie-switch-downstream-port'/>",
    "pcie-expander": "<controller type='pci' index='0' model='pcie-root'/>"
    "<controller type='pci' index='1' model='pcie-expander-bus'/>",
    "pcie-to-pci": "<controller type='pci' index='1' model='pcie-root-port'/>"
    "<controller type='pci' index='2' model='pcie-to-pci-bridge'/>",
    "filesystem-9p": "<filesystem type='mount' accessmode='mapped'><source dir='{directory}'/>"
    "<target dir='shared'/></filesystem>",
    "interface-virtio": "<interface type='user'><model type='virtio'/></interface>",
    "interface-e1000e": "<interface type='user'><model type='e1000e'/></interface>",
    "interface-rtl8139": "<interface type='user'><model type='rtl8139'/></interface>",
    "smartcard": "<smartcard mode='passthrough' type='spicevmc'/><graphics type='spice' autoport='yes'/>",
    "serial-isa": "<serial type='pty'/>",
    "serial-pci": "<serial type='null'><target type='pci-serial'/></serial>",
    "serial-usb": "<serial type='null'><target type='usb-serial'/></serial>",
    "serial-file": "<serial type='file'><source path='{directory}/serial.log'/></serial>",
    "debugcon": "<serial type='null'><target type='isa-debug'/></serial>",
    "parallel": "<parallel type='null'/>",
    "console-virtio": "<console type='pty'><target type='virtio'/></console>",
    "channel-agent": "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>",
    "channel-spice": "<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>"
    "<graphics type='spice' autoport='yes'/>",
    "inputs": "<input type='tablet' bus='usb'/><input type='keyboard' bus='virtio'/><input type='mouse' bus='virtio'/>",
    "vnc": "<graphics type='vnc' autoport='yes'/><video><model type='vga'/></video>",
    "vnc-socket": "<graphics type='vnc'><listen type='socket'/></graphics><video><model type='virtio'/></video>",
    "spice-qxl": "<graphics type='spice' autoport='yes'/><video><model type='qxl'/></video>",
    "bochs": "<video><model type='bochs'/></video>",
    "cirrus": "<video><model type='cirrus'/></video>",
    "ramfb": "<video><model type='ramfb'/></video>",
    "sound-ich9": "<sound model='ich9'/><audio id='1' type='none'/>",
    "sound-ac97": "<sound model='ac97'/><audio id='1' type='none'/>",
    "sound-usb": "<sound model='usb'/><audio id='1' type='none'/>",
    "redirdev": "<redirdev bus='usb' type='spicevmc'/><graphics type='spice' autoport='yes'/>",
    "hub": "<hub type='usb'/>",
    "watchdog-i6300esb": "<watchdog model='i6300esb' action='pause'/>",
    "watchdog-itco": "<watchdog model='itco' action='reset'/>",
    "memballoon": "<memballoon model='virtio' autodeflate='on' freePageReporting='on'/>",
    "rng": "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
    "rng-builtin": "<rng model='virtio'><rate bytes='1024'/><backend model='builtin'/></rng>",
    "panic": "<panic model='isa'/>",
    "panic-pvpanic": "<panic model='pvpanic'/>",
    "shmem": "<shmem name='shared'><model type='ivshmem-plain'/><size unit='M'>1</size></shmem>",
    "iommu-virtio": "<iommu model='virtio'/>",
    "crypto": "<crypto model='virtio' type='qemu'><backend model='builtin' queues='1'/></crypto>",
    "dimm": "<memory model='dimm'><target><size unit='MiB'>128</size><node>0</node></target></memory>",
    "virtio-mem": "<memory model='virtio-mem'><target><size unit='MiB'>128</size><node>0</node>"
    "<block unit='MiB'>2</block><requested unit='MiB'>0</requested></target></memory>",
    "nvdimm": "<memory model='nvdimm'><source><path>{directory}/nvdimm</path></source>"
    "<target><size unit='MiB'>128</size><node>0</node></target></memory>",
    "virtio-pmem": "<memory model='virtio-pmem' access='shared'><source><path>{directory}/pmem</path></source>"
    "<target><size unit='MiB'>128</size></target></memory>",
    "disk-throttled": "<disk type='file'><source file='{image}'/><target dev='vda' bus='virtio'/>"
    "<iotune><total_iops_sec>100</total_iops_sec></iotune></disk>",
    "pci-bridges": "<controller type='pci' index='1' model='dmi-to-pci-bridge'/>"
    "<controller type='pci' index='2' model='pci-bridge'/>",
    "disk-ide": "<disk type='file'><source file='{image}'/><target dev='hda' bus='ide'/></disk>",
    "usb-uhci": "<controller type='usb' model='piix3-uhci'/>",
    "ccid": "<controller type='ccid'/>",
    "interface-e1000": "<interface type='user'><model type='e1000'/></interface>",
    "interface-usb": "<interface type='user'><model type='usb-net'/></interface>",
    "interface-multicast": "<interface type='mcast'><source address='230.0.0.1' port='5558'/>"
    "<model type='virtio'/></interface>",
    "serial-tcp": "<serial type='tcp'><source mode='bind' host='127.0.0.1' service='0'/>"
    "<protocol type='raw'/></serial>",
    "serial-udp": "<serial type='udp'><source mode='connect' host='127.0.0.1' service='9'/></serial>",
    "serial-unix": "<serial type='unix'><source mode='bind' path='{directory}/serial.sock'/></serial>",
    "channel-guestfwd": "<channel type='null'><target type='guestfwd' address='10.0.2.1' port='4600'/></channel>"
    "<interface type='user'/>",
    "video-virtio": "<video><model type='virtio'/></video>",
    "sound-ich6": "<sound model='ich6'><codec type='duplex'/></sound><audio id='1' type='none'/>",
    "sound-sb16": "<sound model='sb16'/><audio id='1' type='none'/>",
    "sound-es1370": "<sound model='es1370'/><audio id='1' type='none'/>",
    "audio-file": "<sound model='ich9'/><audio id='1' type='file' path='{directory}/audio.wav'/>",
    "watchdog-ib700": "<watchdog model='ib700'/>",
    "rng-egd": "<rng model='virtio'><backend model='egd' type='udp'>"
    "<source mode='connect' host='127.0.0.1' service='9'/></backend></rng>",
    "pstore": "<pstore backend='acpi-erst'><path>{directory}/pstore</path><size unit='KiB'>64</size></pstore>",
}

ONLY_ON = {"watchdog-ib700": "pc", "disk-ide": "pc"}
"""Kinds that Q35 does not have."""

UNAVOIDABLE = {"channel-guestfwd": "warning: netdev channel0 has no peer"}
"""What QEMU remarks on the form that libvirt's command line has too."""

MEMORY = """
  <maxMemory slots='4' unit='GiB'>2</maxMemory>
  <cpu><numa><cell id='0' cpus='0' memory='64' unit='MiB'/></numa></cpu>"""


class Host:
    """Starts guests below a directory."""

    def __init__(self, conn: Connection, root: Path) -> None:
        self._conn = conn
        self._root = root
        self._started = 0
        self.image = root / "image.raw"
        self.image.write_bytes(bytes(1 << 20))

    async def remarks(self, machine: str, devices: str, *, more: str = "", features: str = "<acpi/>") -> list[str]:
        """What QEMU says to a guest that starts with its processors stopped."""
        self._started += 1
        name = f"guest{self._started}"
        text = GUEST.format(name=name, machine=machine, devices=devices, more=more, features=features)
        domain = await self._conn.create_xml(text, DomainCreateFlags.PAUSED)
        try:
            log = (self._root / "log" / "qemu" / f"{name}.log").read_text()
        finally:
            await domain.destroy()
        return [line for line in log.splitlines() if "qemu-system-x86_64: " in line]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Host]:
    if shutil.which("qemu-system-x86_64") is None:
        pytest.skip("qemu-system-x86_64 is not installed")
    root = tmp_path_factory.mktemp("devices") / "root"
    async with await covirt.open(f"qemu:///embed?root={root}") as conn:
        yield Host(conn, root)


@pytest.mark.parametrize("machine", ["pc", "pc-i440fx-2.9", "q35", "pc-q35-2.12"])
async def test_machine_with_pci(host: Host, machine: str) -> None:
    assert await host.remarks(machine, "<memballoon model='virtio'/><video><model type='vga'/></video>") == []


@pytest.mark.parametrize("machine", ["isapc", "microvm"])
async def test_machine_without_pci(host: Host, machine: str) -> None:
    assert await host.remarks(machine, BARE, features="") == []


async def test_every_version_of_the_machines(host: Host) -> None:
    listed = subprocess.run(["qemu-system-x86_64", "-machine", "help"], capture_output=True, text=True, check=True)
    machines = [line.split()[0] for line in listed.stdout.splitlines() if line.startswith(("pc-i440fx-", "pc-q35-"))]
    assert machines
    remarks = {machine: await host.remarks(machine, BARE) for machine in machines}
    assert [told for said in remarks.values() for told in said if "is deprecated" not in told] == []


@pytest.mark.parametrize("kind", DEVICES)
async def test_device(host: Host, kind: str, tmp_path: Path) -> None:
    devices = DEVICES[kind].format(image=host.image, directory=tmp_path)
    more = MEMORY if "<memory " in devices else ""
    remarks = await host.remarks(ONLY_ON.get(kind, "q35"), devices, more=more)
    assert [remark for remark in remarks if not remark.endswith(UNAVOIDABLE.get(kind, "\n"))] == []


async def test_big_guest(host: Host, tmp_path: Path) -> None:
    letters = [f"vd{first}{second}" for first in "abcd" for second in "abcdefghijklmnopqrstuvwxy"]
    disks = []
    for letter in letters:
        image = tmp_path / f"{letter}.raw"
        image.write_bytes(bytes(4096))
        disks.append(f"<disk type='file'><source file='{image}'/><target dev='{letter}' bus='virtio'/></disk>")
    assert len(disks) == 100
    cards = ["<interface type='user'><model type='virtio'/></interface>"] * 20
    assert await host.remarks("q35", "".join((*disks, *cards))) == []
