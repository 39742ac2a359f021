# SPDX-License-Identifier: LGPL-2.1-or-later
"""The capabilities of an invented host."""

from __future__ import annotations

from pathlib import Path

from covirt.drivers.common.host_capabilities import host_caches, host_topology, memory_bandwidth
from covirt.host.fake import fake_host
from covirt.host.resctrl import read_resctrl
from covirt.model.capabilities.document import Capabilities, PoolCapabilities, format_capabilities
from covirt.model.capabilities.guest import GuestArch, GuestCapabilities, GuestDomain, GuestMachine
from covirt.model.capabilities.host import HostCapabilities, MigrationFeatures
from covirt.model.common.cpu import HostCpu

POOL_TYPES = "      <value>dir</value>\n    </enum>\n  </pool>\n\n"


def write(base: Path, files: dict[str, object]) -> None:
    for name, text in files.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(f"{text}\n")


def test_caches_can_be_dealt_out(tmp_path: Path) -> None:
    node = fake_host(tmp_path, cpus=2).node
    index = {"level": 3, "type": "Unified", "id": 0, "size": "1024K", "shared_cpu_list": "0-1"}
    for cpu in range(2):
        write(tmp_path / f"system/cpu/cpu{cpu}/cache/index3", index)
    write(
        tmp_path / "resctrl/info",
        {
            "L3/cbm_mask": "f",
            "L3/min_cbm_bits": 2,
            "L3/num_closids": 16,
            "MB/bandwidth_gran": 10,
            "MB/min_bandwidth": 10,
            "MB/num_closids": 8,
            "L3_MON/num_rmids": 32,
            "L3_MON/max_threshold_occupancy": 4096,
            "L3_MON/mon_features": "llc_occupancy\nmbm_total_bytes",
        },
    )
    resctrl = read_resctrl(tmp_path / "resctrl")
    caches, bandwidth = host_caches(node, resctrl), memory_bandwidth(node, resctrl)
    assert caches is not None
    assert bandwidth is not None
    (bank,) = caches.banks
    assert (bank.size, bank.unit, str(bank.cpus)) == (1, "MiB", "0-1")
    assert [(one.granularity, one.min, one.unit) for one in bank.controls] == [(256, 512, "KiB")]
    assert caches.monitor is not None
    assert [one.name for one in caches.monitor.features] == ["llc_occupancy"]
    assert [(one.id, one.min) for one in bandwidth.nodes] == [(0, 10)]


def test_host_without_resctrl(tmp_path: Path) -> None:
    node = fake_host(tmp_path).node
    nothing = read_resctrl(tmp_path / "none")
    assert host_caches(node, nothing) is None
    assert memory_bandwidth(node, nothing) is None


def test_document(tmp_path: Path) -> None:
    node = fake_host(tmp_path, cpus=1, memory=1 << 20).node
    host = HostCapabilities(cpu=HostCpu(arch="x86_64"), migration=MigrationFeatures(), topology=host_topology(node))
    arch = GuestArch(
        name="x86_64",
        word_size=64,
        machines=[GuestMachine(name="pc", canonical="pc-i440fx-7.2", max_cpus=255)],
        domains=[GuestDomain(type="kvm")],
    )
    guest = GuestCapabilities(os_type="hvm", arch=arch)
    text = format_capabilities(Capabilities(host=host, guests=[guest], pools=PoolCapabilities(types=["dir"])))
    assert text.startswith("<capabilities>\n\n  <host>\n    <cpu>\n      <arch>x86_64</arch>\n")
    assert "    <migration_features>\n    </migration_features>\n" in text
    assert "<cpu id='0' socket_id='0' die_id='0' cluster_id='0' core_id='0' siblings='0'/>" in text
    assert "      <machine canonical='pc-i440fx-7.2' maxCpus='255'>pc</machine>\n" in text
    assert text.endswith("  </guest>\n\n  <pool>\n    <enum name='type'>\n" + POOL_TYPES + "</capabilities>\n")
