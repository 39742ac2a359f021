# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU refuses of single devices: for each kind, what is accepted and why a variation is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from covirt.errors import ConfigUnsupported, Error, InternalError, XmlError

if TYPE_CHECKING:
    from tests.drivers.qemu.conftest import Define

DISK = (
    "<disk type='file' device='{device}'><driver {driver}/><source file='/a'/>"
    "<target dev='{dev}' bus='{bus}'/>{more}</disk>"
)


def disk(
    device: str = "disk", driver: str = "type='raw'", dev: str = "vda", bus: str = "virtio", more: str = ""
) -> str:
    """A disk."""
    return DISK.format(device=device, driver=driver, dev=dev, bus=bus, more=more)


ACCEPTED = [
    disk(),
    disk("cdrom", dev="sda", bus="sata"),
    disk(driver="type='qcow2' cache='none' io='native'"),
    disk(driver="type='raw'", more="<shareable/>"),
    "<interface type='user'><model type='virtio'/><ip address='10.0.2.15' prefix='24'/></interface>",
    "<interface type='network'><source network='n'/><mtu size='1500'/></interface>",
    "<serial type='pty'><target type='isa-serial'/></serial>",
    "<watchdog model='i6300esb'/>",
    "<graphics type='vnc'><listen type='none'/></graphics><graphics type='egl-headless'/>",
    "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>",
    "<rng model='virtio'><backend model='builtin'/></rng>",
    "<shmem name='s'><model type='ivshmem-plain'/><size unit='M'>2</size></shmem>",
    "<sound model='ich9'/>",
    "<controller type='scsi' model='virtio-scsi'/>",
    "<iommu model='intel'/>",
]


@pytest.mark.parametrize("devices", ACCEPTED)
def test_usual_devices_are_accepted(define: Define, devices: str) -> None:
    assert define(devices, machine="q35").devices


REFUSED: list[tuple[str, type[Error], str]] = [
    # disks
    (disk("cdrom"), ConfigUnsupported, "disk type of 'vda' does not support ejectable media"),
    (disk(driver="type='cow'"), ConfigUnsupported, "'cow' storage format is not supported"),
    (disk(driver="type='qcow2'", more="<shareable/>"), ConfigUnsupported, "shared access for disk 'vda'"),
    (disk(driver="type='raw' io='native'"), ConfigUnsupported, "io='native' needs either no disk cache"),
    (disk(dev="vda1"), ConfigUnsupported, "partitions can't appear in disk targets"),
    (disk(more="<serial>a&amp;b</serial>"), InternalError, "contains unsafe characters"),
    (disk(dev="sda", bus="sata", more="<readonly/>"), ConfigUnsupported, "readonly sata disks are not supported"),
    (disk(more="<vendor>v</vendor>"), ConfigUnsupported, "Only scsi disk supports 'vendor'"),
    (disk("lun", dev="sda", bus="sata"), Error, "lun"),
    (disk(driver="type='raw' iothread='3'"), ConfigUnsupported, "Disk iothread '3' not defined in iothreadid"),
    (disk(more="<iotune><group_name>g</group_name></iotune>"), ConfigUnsupported, "group_name can be configured only"),
    # cards
    (
        "<interface type='user'><ip address='10.0.2.15' prefix='28'/></interface>",
        XmlError,
        "invalid prefix, must be in range of 4-27",
    ),
    (
        "<interface type='bridge'><source bridge='b'/><ip address='10.0.2.15'/></interface>",
        ConfigUnsupported,
        "guest-side IP address info",
    ),
    ("<interface type='direct'><source dev='e'/><mtu size='9'/></interface>", ConfigUnsupported, "setting MTU on"),
    (
        "<interface type='user'><model type='virtio'/><driver rx_queue_size='300'/></interface>",
        ConfigUnsupported,
        "rx_queue_size has to be a power of two",
    ),
    (
        "<interface type='vhostuser'><source type='unix' path='/s' mode='client'/></interface>",
        ConfigUnsupported,
        "'interface' requires shared memory",
    ),
    # ports
    (
        "<serial type='tcp'><source mode='bind' host='h' service='1'/><protocol type='telnets'/></serial>",
        ConfigUnsupported,
        "tcp chardev protocol 'telnets' not supported",
    ),
    ("<channel type='spicevmc'><target type='virtio'/></channel>", ConfigUnsupported, "without spice graphics"),
    (
        "<serial type='pty'><target type='pci-serial'><model name='usb-serial'/></target></serial>",
        ConfigUnsupported,
        "Target model 'usb-serial' requires target type 'usb-serial'",
    ),
    (
        "<serial type='pty'><target type='sclp-serial'/></serial>",
        ConfigUnsupported,
        "not compatible with guest architecture or machine type",
    ),
    # others
    ("<watchdog model='ib700'/>", ConfigUnsupported, "watchdogs|cannot be used with this machine type"),
    ("<watchdog model='itco'/><watchdog model='itco'/>", ConfigUnsupported, "only have one watchdog with model 'itco'"),
    ("<graphics type='sdl'/><graphics type='egl-headless'/>", ConfigUnsupported, "only supported with one of"),
    ("<graphics type='vnc' passwd='123456789'/>", ConfigUnsupported, "9 characters long, only 8 permitted"),
    (
        "<graphics type='spice' tlsPort='5901'><listen type='address'/></graphics>",
        ConfigUnsupported,
        "TLS is disabled in qemu.conf",
    ),
    (
        "<tpm model='tpm-crb'><backend type='emulator' version='1.2'/></tpm>",
        ConfigUnsupported,
        "not supported for model",
    ),
    ("<shmem name='s'><model type='ivshmem-plain'/><size unit='K'>16</size></shmem>", XmlError, "power of 2"),
    ("<shmem name='s'/>", ConfigUnsupported, "ivshmem device is no longer supported"),
    ("<controller type='scsi' model='buslogic'/>", ConfigUnsupported, "Unsupported controller model: buslogic"),
    ("<controller type='ide'/>", ConfigUnsupported, "IDE controllers are unsupported"),
    ("<iommu model='smmuv3'/>", ConfigUnsupported, "only supported with ARM Virt machines"),
    ("<nvram/>", ConfigUnsupported, "nvram device is only supported for PPC64"),
    ("<panic model='s390'/>", ConfigUnsupported, "only S390 guests support panic device"),
    (
        "<filesystem accessmode='mapped'><driver type='virtiofs'/><source dir='/d'/><target dir='t'/></filesystem>",
        ConfigUnsupported,
        "virtiofs only supports passthrough accessmode",
    ),
    (
        "<hostdev mode='capabilities' type='misc'><source><char>/dev/x</char></source></hostdev>",
        ConfigUnsupported,
        "hostdev mode 'capabilities' is not supported in kvm",
    ),
    (
        "<input type='mouse' bus='virtio' model='virtio-transitional'/>",
        ConfigUnsupported,
        r"virtio \(non-\)transitional models are not supported for input type=mouse",
    ),
]


@pytest.mark.parametrize(("devices", "error", "message"), REFUSED)
def test_what_qemu_cannot_do_is_refused(define: Define, devices: str, error: type[Error], message: str) -> None:
    with pytest.raises(error, match=message):
        define(devices, machine="q35")


NEEDED = [
    (disk(driver="type='raw' io='io_uring'"), "aio.io_uring", "io uring is not supported"),
    ("<vsock><cid auto='yes'/></vsock>", "vhost-vsock", "vsock device is not supported"),
    ("<hub type='usb'/>", "usb-hub", "usb-hub not supported"),
    ("<rng model='virtio'><backend model='builtin'/></rng>", "rng-builtin", "doesn't support the rng-builtin backend"),
    ("<video><model type='bochs' primary='yes'/></video>", "bochs-display", "does not support video model 'bochs'"),
    ("<interface type='user'/>", "netdev.user", "the 'default' network backend"),
    ("<sound model='virtio'/>", "virtio-sound", "virtio-sound controller is not supported"),
    ("<memballoon model='virtio' autodeflate='on'/>", "virtio-balloon-pci.deflate-on-oom", "deflate-on-oom"),
]


@pytest.mark.parametrize(("devices", "flag", "message"), NEEDED)
def test_what_this_qemu_lacks_is_refused(define: Define, devices: str, flag: str, message: str) -> None:
    define(devices, machine="q35")
    without = (flag, "netdev.stream") if flag == "netdev.user" else (flag,)
    with pytest.raises(ConfigUnsupported, match=message):
        define(devices, machine="q35", without=without)


def test_queues_are_divided_between_existing_threads_exactly_once(define: Define) -> None:
    driver = "type='raw' queues='2'><iothreads>{}</iothreads></driver><!--"
    both = "<iothread id='1'><queue id='0'/></iothread><iothread id='2'><queue id='{}'/></iothread>"

    def mapped(queue: int) -> str:
        return disk(driver=driver.format(both.format(queue))).replace("<!--/>", "")

    assert define(mapped(1), more="<iothreads>2</iothreads>")
    with pytest.raises(ConfigUnsupported, match="iothread queue '0' is already assigned"):
        define(mapped(0), more="<iothreads>2</iothreads>")
    with pytest.raises(ConfigUnsupported, match="iothread queue '2' mapping out of range"):
        define(mapped(2), more="<iothreads>2</iothreads>")
    with pytest.raises(ConfigUnsupported, match="iothread '2' not defined"):
        define(mapped(1), more="<iothreads>1</iothreads>")
