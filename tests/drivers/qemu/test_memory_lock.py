# SPDX-License-Identifier: LGPL-2.1-or-later
"""How much memory a guest may lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.drivers.qemu.memory_lock import limit

if TYPE_CHECKING:
    from tests.drivers.qemu.conftest import Define

GIB = 1 << 30
PCI = "<hostdev mode='subsystem' type='pci'><source><address bus='6' slot='{}'/></source></hostdev>"


def test_guests_lock_nothing_by_themselves(define: Define) -> None:
    assert limit(define()) == 0


def test_the_hard_limit_comes_first(define: Define) -> None:
    more = "<memtune><hard_limit unit='GiB'>2</hard_limit></memtune><memoryBacking><locked/></memoryBacking>"
    assert limit(define(PCI.format(1), more=more)) == 2 * GIB


def test_nobody_knows_what_locked_guests_need(define: Define) -> None:
    assert limit(define(more="<memoryBacking><locked/></memoryBacking>")) is None


def test_assigned_devices_need_all_memory_once_or_each_behind_an_iommu(define: Define) -> None:
    two = PCI.format(1) + PCI.format(2)
    assert limit(define(two, machine="q35")) == 2 * GIB
    assert limit(define(two + "<iommu model='intel'/>", machine="q35")) == 3 * GIB


def test_power_guests_have_tables_besides(define: Define) -> None:
    plain = limit(define(arch="ppc64"))
    assigned = limit(define(PCI.format(1), arch="ppc64"))
    linked = limit(define(PCI.format(1), arch="ppc64"), has_nvlink=lambda slot: True)
    assert plain is not None
    assert assigned is not None
    assert linked is not None
    assert 0 < plain < assigned < linked
