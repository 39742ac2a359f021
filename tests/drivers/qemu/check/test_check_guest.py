# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU refuses of a guest as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from covirt.errors import ConfigUnsupported

if TYPE_CHECKING:
    from tests.drivers.qemu.conftest import Define

REFUSED = [
    ("<os><type machine='q35'>xen</type></os>", "does not support os type 'xen'"),
    ("<bootloader>/b</bootloader>", "bootloader is not supported by QEMU"),
    ("<on_crash>rename-restart</on_crash>", "'rename-restart' action"),
    ("<on_reboot>preserve</on_reboot>", "'preserve' action"),
    ("<vcpu>600</vcpu>", "Maximum CPUs greater than specified machine type limit 512"),
    ("<cpu><topology sockets='1' cores='3' threads='1'/></cpu>", "CPU topology doesn't match maximum vcpu count"),
    ("<cpu mode='host-model'><cache mode='passthrough'/></cpu>", "CPU cache mode 'passthrough' can only be used"),
    ("<features><gic version='2'/></features>", "The 'gic' feature is not supported for architecture 'x86_64'"),
    ("<features><hpt resizing='enabled'/></features>", "The 'hpt' feature is not supported"),
    ("<features><tcg><tb-cache unit='MiB'>1</tb-cache></tcg></features>", "TCG features are incompatible"),
    ("<clock offset='utc'><timer name='platform'/></clock>", "unsupported timer type .name. 'platform'"),
    ("<clock offset='utc'><timer name='rtc' tickpolicy='merge'/></clock>", "unsupported rtc timer tickpolicy"),
    ("<sysinfo type='fwcfg'><entry name='other'>x</entry></sysinfo>", "Invalid firmware name"),
    ("<sysinfo type='fwcfg'><entry name='opt/ovmf/a'>x</entry></sysinfo>", "That firmware name is reserved"),
    (
        "<memoryBacking><hugepages/><allocation mode='ondemand'/></memoryBacking>",
        "hugepages are not allowed with memory allocation ondemand",
    ),
    ("<launchSecurity type='s390-pv'/>", "S390 PV launch security is not supported by this host or kernel"),
]


@pytest.mark.parametrize(("more", "message"), REFUSED)
def test_what_qemu_cannot_do_is_refused(define: Define, more: str, message: str) -> None:
    with pytest.raises(ConfigUnsupported, match=message):
        define(machine="q35", more=more)


def test_unknown_machines_are_refused(define: Define) -> None:
    with pytest.raises(ConfigUnsupported, match="does not support machine type 'nothing'"):
        define("<memballoon model='none'/><controller type='usb' model='none'/>", machine="nothing")


def test_more_than_255_processors_need_q35(define: Define) -> None:
    iommu = define(machine="q35", more="<vcpu>300</vcpu>").devices.iommu
    assert iommu is not None
    assert iommu.driver.eim
    with pytest.raises(ConfigUnsupported, match="only supported on q35-based machine types"):
        define(machine="pc", more="<vcpu>300</vcpu>")


def test_memory_modules_need_room_and_slots(define: Define) -> None:
    module = "<memory model='dimm'><target><size>262144</size><node>0</node></target></memory>"
    room = "<maxMemory slots='{}'>2097152</maxMemory><memory unit='KiB'>1310720</memory>"
    cells = "<cpu><numa><cell id='0' cpus='0-1' memory='1048576'/></numa></cpu>"
    assert define(module, more=room.format(1) + cells).devices.memories[0].info.address
    with pytest.raises(ConfigUnsupported, match="when domain 'maxMemory' is not defined"):
        define(module)
    with pytest.raises(ConfigUnsupported, match="At least one numa node has to be configured"):
        define(module, more=room.format(1), new=False)


def test_cores_of_pseries_guests_come_whole(define: Define) -> None:
    more = "<vcpu current='3'>8</vcpu><cpu><topology sockets='1' cores='2' threads='4'/></cpu>"
    with pytest.raises(ConfigUnsupported, match=r"must be a multiple of the vCPU hotplug granularity \(4\)"):
        define(arch="ppc64", more=more)


def test_acpi_needs_uefi_on_arm(define: Define) -> None:
    with pytest.raises(ConfigUnsupported, match="ACPI requires UEFI on this architecture"):
        define(arch="aarch64", more="<features><acpi/></features>")


def test_swtpm_is_needed_for_emulated_tpms(define: Define) -> None:
    tpm = "<tpm><backend type='emulator'/></tpm>"
    with pytest.raises(ConfigUnsupported, match="does not support TPM backend type emulator"):
        define(tpm, without=("tpm-emulator",))
    with pytest.raises(ConfigUnsupported, match="only a single TPM non-proxy device"):
        define(tpm + tpm)
