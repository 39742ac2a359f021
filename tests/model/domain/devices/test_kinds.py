# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each kind of device: what is written as it was, what is written otherwise, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from covirt import xml
from covirt.errors import Error
from covirt.model.domain.devices import Devices
from covirt.model.domain.devices.audio import Audio
from covirt.model.domain.devices.char import Channel, Console, Serial
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.controller import Controller
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.filesystem import Filesystem
from covirt.model.domain.devices.graphics import Graphics
from covirt.model.domain.devices.hostdev import Hostdev
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.memory import Memory
from covirt.model.domain.devices.redirdev import RedirFilter
from covirt.model.domain.devices.rng import Rng
from covirt.model.domain.devices.smartcard import Smartcard
from covirt.model.domain.devices.tpm import Tpm
from covirt.xml import Context

SAME: list[tuple[type, str]] = [
    (
        Disk,
        """<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='vda' bus='virtio'/>
</disk>
""",
    ),
    (
        Disk,
        """<disk type='network' device='disk'>
  <driver name='qemu' type='raw'/>
  <source protocol='https' name='a' query='b=1'>
    <host name='example.org' port='443'/>
    <ssl verify='no'/>
    <cookies>
      <cookie name='one'>1</cookie>
    </cookies>
    <readahead size='65536'/>
    <timeout seconds='6'/>
  </source>
  <target dev='vda' bus='virtio'/>
</disk>
""",
    ),
    (
        Disk,
        """<disk type='network' device='disk'>
  <driver name='qemu' type='raw'/>
  <source protocol='ssh' name='/a'>
    <host name='example.org' port='22'/>
    <knownHosts path='/known'/>
    <identity username='me' agentsock='/agent'/>
  </source>
  <target dev='vda' bus='virtio'/>
</disk>
""",
    ),
    (
        Disk,
        """<disk type='nvme' device='disk'>
  <driver name='qemu' type='raw'/>
  <source type='pci' managed='yes' namespace='1'>
    <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
  </source>
  <target dev='vda' bus='virtio'/>
  <boot order='1'/>
</disk>
""",
    ),
    (
        Controller,
        """<controller type='usb' index='0' model='ich9-uhci1'>
  <master startport='0'/>
</controller>
""",
    ),
    (
        Controller,
        """<controller type='pci' index='1' model='pcie-root-port'>
  <model name='pcie-root-port'/>
  <target chassis='1' port='0x10' hotplug='off'/>
  <address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x0' multifunction='on'/>
</controller>
""",
    ),
    (
        Interface,
        """<interface type='udp'>
  <mac address='52:54:00:00:00:01'/>
  <source address='10.0.0.1' port='1'>
    <local address='10.0.0.2' port='2'/>
  </source>
  <model type='rtl8139'/>
</interface>
""",
    ),
    (
        Interface,
        """<interface type='user'>
  <mac address='52:54:00:00:00:01'/>
  <source dev='eth0'/>
  <ip address='172.17.2.0' family='ipv4' prefix='24'/>
  <portForward proto='tcp' address='2001:db8::1'>
    <range start='80' end='90' to='8080'/>
    <range start='85' exclude='yes'/>
  </portForward>
  <model type='virtio'/>
  <backend type='passt' logFile='/log'/>
</interface>
""",
    ),
    (
        Serial,
        """<serial type='tcp'>
  <source mode='connect' host='localhost' service='1' tls='yes'>
    <reconnect enabled='yes' timeout='10'/>
  </source>
  <protocol type='telnet'/>
  <log file='/log' append='on'/>
  <target type='isa-serial' port='0'>
    <model name='isa-serial'/>
  </target>
</serial>
""",
    ),
    (
        Channel,
        """<channel type='qemu-vdagent'>
  <source>
    <clipboard copypaste='yes'/>
    <mouse mode='client'/>
  </source>
  <target type='virtio' name='com.redhat.spice.0'/>
</channel>
""",
    ),
    (
        Graphics,
        """<graphics type='spice' port='5900' tlsPort='5901' autoport='no' listen='127.0.0.1' defaultMode='secure'>
  <listen type='address' address='127.0.0.1'/>
  <channel name='main' mode='secure'/>
  <image compression='auto_glz'/>
  <gl enable='yes' rendernode='/dev/dri/foo'/>
</graphics>
""",
    ),
    (
        Audio,
        """<audio id='1' type='oss' timerPeriod='40' tryMMap='yes' exclusive='no' dspPolicy='3'>
  <input mixingEngine='yes' fixedSettings='yes' voices='1' bufferLength='100' dev='/dev/dsp0'>
    <settings frequency='44100' channels='2' format='s16'/>
  </input>
</audio>
""",
    ),
    (
        Hostdev,
        """<hostdev mode='subsystem' type='usb' managed='no'>
  <source startupPolicy='optional' guestReset='off'>
    <vendor id='0x1234'/>
    <product id='0xbeef'/>
  </source>
  <address type='usb' bus='0' port='1.2'/>
</hostdev>
""",
    ),
    (
        Tpm,
        """<tpm model='tpm-crb'>
  <backend type='emulator' version='2.0' persistent_state='yes'>
    <encryption secret='32ee7e76-2178-47a1-ab7b-269e6e348015'/>
    <active_pcr_banks>
      <sha256/>
      <sha512/>
    </active_pcr_banks>
    <profile source='local:restricted' removeDisabled='check'/>
  </backend>
</tpm>
""",
    ),
    (
        Memory,
        """<memory model='nvdimm' access='shared'>
  <source>
    <path>/nvdimm</path>
    <alignsize unit='KiB'>2048</alignsize>
    <pmem/>
  </source>
  <target>
    <size unit='KiB'>523264</size>
    <node>0</node>
    <label>
      <size unit='KiB'>128</size>
    </label>
  </target>
  <address type='dimm' slot='0' base='0x100000000'/>
</memory>
""",
    ),
    (
        RedirFilter,
        """<redirfilter>
  <usbdev class='0x08' vendor='0x1234' product='0xBEEF' version='2.56' allow='yes'/>
  <usbdev allow='no'/>
</redirfilter>
""",
    ),
    (
        Filesystem,
        """<filesystem type='ram' accessmode='passthrough'>
  <source usage='1024' units='KiB'/>
  <target dir='/tmp'/>
</filesystem>
""",
    ),
    (
        Smartcard,
        """<smartcard mode='passthrough' type='spicevmc'>
  <address type='ccid' controller='0' slot='0'/>
</smartcard>
""",
    ),
    (
        Rng,
        """<rng model='virtio'>
  <rate bytes='123' period='1234'/>
  <backend model='egd' type='udp'>
    <source mode='bind' host='1.2.3.4' service='1'/>
    <source mode='connect' host='1.2.3.5' service='2'/>
  </backend>
</rng>
""",
    ),
]

OTHERWISE: list[tuple[type, str, str]] = [
    (
        Disk,
        "<disk type='block' device='cdrom'><target dev='sda' bus='sata'/></disk>",
        "<disk type='file' device='cdrom'>",
    ),
    (Disk, "<disk><driver type='aio'/><source file='/a'/><target dev='hda'/></disk>", "<driver type='raw'/>"),
    (
        Interface,
        "<interface><model type='VIRTIO'/><target dev='vnet3'/></interface>",
        "<model type='virtio'/>\n</interface>",
    ),
    (Graphics, "<graphics type='vnc' port='-1'/>", "<graphics type='vnc' port='-1' autoport='yes'>"),
    (Graphics, "<graphics type='vnc' socket='/s'/>", "<listen type='socket' socket='/s'/>"),
    (Console, "<console tty='/dev/pts/1'/>", "<console type='pty'/>"),
    (Filesystem, "<filesystem><source dir='/a'/><target dir='b'/></filesystem>", "<filesystem type='mount'>"),
]

REFUSED: list[tuple[type, str, str]] = [
    (Disk, "<disk type='tape'/>", "Invalid value for attribute 'type' in element 'disk': 'tape'."),
    (
        Disk,
        "<disk type='network'><source protocol='rbd' name='image'/></disk>",
        "can't split path 'image' into pool name and image name",
    ),
    (
        Disk,
        "<disk><source file='/a'/><backingStore type='file'><source file='/b'/></backingStore></disk>",
        "missing disk backing store format",
    ),
    (Controller, "<controller type='scsi' model='ich6'/>", "Unknown model type 'ich6'"),
    (Interface, "<interface type='bridge'/>", "interface type='bridge' requires a 'source' element"),
    (
        Interface,
        "<interface type='user'><mac address='01:00:00:00:00:00'/></interface>",
        "expected unicast mac address, found multicast '01:00:00:00:00:00'",
    ),
    (Serial, "<serial type='carrier-pigeon'/>", "unknown type presented to host for character device: carrier-pigeon"),
    (
        Channel,
        "<channel type='spicevmc'><target type='xen' name='a'/></channel>",
        "spicevmc device type only supports virtio",
    ),
    (Hostdev, "<hostdev type='pci'/>", "Missing <source> element in hostdev device"),
    (
        Hostdev,
        "<hostdev mode='capabilities' type='usb'><source/></hostdev>",
        "Invalid value for attribute 'type' in element",
    ),
    (
        Hostdev,
        "<hostdev type='usb'><source><vendor id='1'/></source></hostdev>",
        "missing product",
    ),
    (Tpm, "<tpm/>", "missing TPM device backend"),
    (Rng, "<rng model='virtio'/>", "only one RNG backend is supported"),
    (
        Disk,
        "<disk><source file='/a'/><target dev='a'/><address type='pci' bus='0x100'/></disk>",
        "Invalid PCI address bus='0x100', must be <= 0xFF",
    ),
    (
        Disk,
        "<disk><source file='/a'/><address type='ccw' cssid='0xfe'/></disk>",
        "Invalid partial specification for virtio ccw address",
    ),
]


def read(cls: type, text: str) -> Any:
    """An object of a class, as part of a persistent definition."""
    return xml.parse(cls, text, context=Context.INACTIVE).value


def write(device: object) -> str:
    """An object as part of a persistent definition, with its secrets."""
    return xml.format(device, Context.INACTIVE | Context.SECURE)


@pytest.mark.parametrize(("cls", "text"), SAME)
def test_written_as_it_was(cls: type, text: str) -> None:
    assert write(read(cls, text)) == text


@pytest.mark.parametrize(("cls", "text", "part"), OTHERWISE)
def test_written_in_todays_words(cls: type, text: str, part: str) -> None:
    assert part in write(read(cls, text))


@pytest.mark.parametrize(("cls", "text", "message"), REFUSED)
def test_refused_with_libvirts_message(cls: type, text: str, message: str) -> None:
    with pytest.raises(Error) as caught:
        read(cls, text)
    assert message in str(caught.value)
    assert caught.value.path
    assert caught.value.line == 1


def test_every_kind_is_walked_over() -> None:
    lists = {name: getattr(Devices(), name) for name in Devices.__slots__}
    devices = Devices()
    marks: dict[int, str] = {}
    for name, empty in lists.items():
        if name in ("emulator", "redirfilter"):
            continue
        mark = _Mark()
        marks[id(mark)] = name
        setattr(devices, name, [mark] if isinstance(empty, list) else mark)
    walked = {marks[id(device)] for device in devices.in_checking_order()}
    assert walked == set(marks.values())
    assert {marks[id(device)] for device in devices.everything()} == set(marks.values())


class _Mark(Device):
    """Stands for a device of any kind."""

    target = None
