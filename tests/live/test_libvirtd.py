# SPDX-License-Identifier: LGPL-2.1-or-later
"""Our client and libvirt's Python module ask the same real libvirtd the same things and get the same values."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import covirt
from covirt.api.domain.events import Lifecycle
from covirt.client.objects_generated import Connection
from covirt.errors import Error
from covirt.testing.private_libvirtd import installed, private_libvirtd

pytestmark = [pytest.mark.live, pytest.mark.skipif(not installed(), reason="no libvirtd that may be run")]

PYTHON = "/usr/bin/python3"
THEIRS = r"""
import json, libvirt, sys
libvirt.registerErrorHandler(lambda *_: None, None)
conn = libvirt.open(sys.argv[1])
dom = conn.lookupByName("test")
pool = conn.storagePoolLookupByName("default-pool")
net = conn.networkLookupByName("default")
def failure(call):
    try:
        call()
    except libvirt.libvirtError as error:
        return [error.get_error_code(), error.get_error_domain(), error.get_error_level(), str(error)]
print(json.dumps({
    "type": conn.getType(), "version": conn.getVersion(), "lib": conn.getLibVersion(), "host": conn.getHostname(),
    "max vcpus": conn.getMaxVcpus("test"), "node": conn.getInfo(), "capabilities": conn.getCapabilities(),
    "cells": conn.getCellsFreeMemory(0, 2), "ids": conn.listDomainsID(), "defined": conn.listDefinedDomains(),
    "domains": sorted([d.name(), d.UUIDString(), d.ID()] for d in conn.listAllDomains()),
    "networks": [[n.name(), n.UUIDString()] for n in conn.listAllNetworks()],
    "pools": [[p.name(), p.UUIDString()] for p in conn.listAllStoragePools()],
    "devices": sorted(d.name() for d in conn.listAllDevices()),
    "interfaces": [[i.name(), i.MACString()] for i in conn.listAllInterfaces()],
    "info": dom.info()[:4], "state": dom.state(), "xml": dom.XMLDesc(), "os": dom.OSType(),
    "max memory": dom.maxMemory(), "domain vcpus": dom.maxVcpus(), "vcpus": [list(v) for v in dom.vcpus()[1]],
    "scheduler": dom.schedulerType(), "parameters": dom.schedulerParameters(), "autostart": dom.autostart(),
    "persistent": dom.isPersistent(), "active": dom.isActive(),
    "iotune": dom.blockIoTune("vda"), "interface": dom.interfaceParameters("testnet0") if False else None,
    "pool info": pool.info(), "pool xml": pool.XMLDesc(), "volumes": pool.listVolumes(),
    "network xml": net.XMLDesc(), "bridge": net.bridgeName(), "network autostart": net.autostart(),
    "stats": [[d.name(), s] for d, s in conn.getAllDomainStats()],
    "no domain": failure(lambda: conn.lookupByName("nope")),
    "no uuid": failure(lambda: conn.lookupByUUIDString("11111111-2222-3333-4444-555555555555")),
    "no support": failure(lambda: conn.listAllNWFilters()),
    "bad xml": failure(lambda: conn.defineXML("<domain/>")),
    "bad flags": failure(lambda: dom.XMLDesc(1 << 20)),
    "running": failure(lambda: dom.create()),
}))
"""


@pytest.fixture(scope="module")
def run() -> Iterator[Path]:
    with private_libvirtd() as directory:
        yield directory


def uri(run: Path) -> str:
    return f"test+unix:///default?socket={run / 'libvirt-sock'}"


@pytest.fixture
def theirs(run: Path) -> Any:
    found = subprocess.run([PYTHON, "-c", THEIRS, uri(run)], check=False, capture_output=True, text=True)
    if "No module named 'libvirt'" in found.stderr:
        pytest.skip("libvirt's Python module is not installed")
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


async def failure(call: Any) -> list[Any]:
    with pytest.raises(Error) as caught:
        await call
    error = caught.value
    return [int(error.code), int(error.domain), int(error.level), str(error)]


async def ours(conn: Connection) -> dict[str, Any]:
    """The same questions."""
    from covirt.api.domain.info import DomainXMLFlags
    from covirt.api.domain.stats import DomainStatsTypes
    from covirt.values import Uuid

    dom = await conn.lookup_by_name("test")
    pool = await conn.storage_pool_lookup_by_name("default-pool")
    net = await conn.network_lookup_by_name("default")
    state, scheduler = await dom.state(), await dom.scheduler_type()
    stats = await conn.get_all_domain_stats([], DomainStatsTypes(0))
    node = await conn.get_info()
    cpus = (await conn.get_cpu_map(False, False))[-1]
    size = (cpus + 7) // 8
    vcpus = await dom.vcpus(await dom.max_vcpus(), size)
    mapped = [
        [bool(vcpus.cpumaps[size * at + cpu // 8] >> cpu % 8 & 1) for cpu in range(cpus)]
        for at in range(len(vcpus.info))
    ]
    return {
        "type": await conn.get_type(),
        "version": await conn.get_version(),
        "lib": await conn.get_lib_version(),
        "host": await conn.get_hostname(),
        "max vcpus": await conn.get_max_vcpus("test"),
        "node": [node.model, node.memory // 1024, *node[2:]],
        "capabilities": await conn.get_capabilities(),
        "cells": await conn.get_cells_free_memory(0, 2),
        "ids": await conn.list_domains_id(),
        "defined": await conn.list_defined_domains(),
        "domains": sorted([d.handle.name, str(d.handle.uuid), d.handle.id] for d in await conn.list_all_domains()),
        "networks": [[n.handle.name, str(n.handle.uuid)] for n in await conn.list_all_networks()],
        "pools": [[p.handle.name, str(p.handle.uuid)] for p in await conn.list_all_storage_pools()],
        "devices": sorted(d.handle.name for d in await conn.list_all_devices()),
        "interfaces": [[i.handle.name, i.handle.mac] for i in await conn.list_all_interfaces()],
        "info": list(await dom.info())[:4],
        "state": list(state),
        "xml": await dom.xml_desc(),
        "os": await dom.os_type(),
        "max memory": await dom.max_memory(),
        "domain vcpus": await dom.max_vcpus(),
        "vcpus": mapped,
        "scheduler": list(scheduler),
        "parameters": dict(await dom.scheduler_parameters()),
        "autostart": int(await dom.autostart()),
        "persistent": int(await dom.is_persistent()),
        "active": int(await dom.is_active()),
        "iotune": dict(await dom.block_io_tune("vda")),
        "interface": None,
        "pool info": list(await pool.info()),
        "pool xml": await pool.xml_desc(),
        "volumes": await pool.list_volumes(),
        "network xml": await net.xml_desc(),
        "bridge": await net.bridge_name(),
        "network autostart": int(await net.autostart()),
        "stats": [[record.dom.name, dict(record.params)] for record in stats],
        "no domain": await failure(conn.lookup_by_name("nope")),
        "no uuid": await failure(conn.lookup_by_uuid(Uuid.parse("11111111-2222-3333-4444-555555555555"))),
        "no support": await failure(conn.list_all_nwfilters()),
        "bad xml": await failure(conn.define_xml("<domain/>")),
        "bad flags": await failure(dom.xml_desc(DomainXMLFlags(1 << 20))),
        "running": await failure(dom.create()),
    }


async def test_the_same_values(run: Path, theirs: Any) -> None:
    conn = await covirt.open(uri(run))
    found = json.loads(json.dumps(await ours(conn)))
    await conn.close()
    assert found.keys() == theirs.keys()
    for name in theirs:
        assert found[name] == theirs[name], name


async def test_events_and_calls_in_any_order(run: Path) -> None:
    conn = await covirt.open(uri(run))
    dom = await conn.lookup_by_name("test")
    async with conn.events(Lifecycle, None) as events:
        answers = await asyncio.gather(*(dom.is_active() for _ in range(200)), dom.suspend())
        assert answers[:200] == [True] * 200
        await dom.resume()
        assert [int((await anext(events)).event) for _ in range(2)] == [3, 4]
    await conn.close()


async def test_the_end_of_the_daemon_ends_calls_at_once() -> None:
    with private_libvirtd() as directory:
        conn = await covirt.open(uri(directory))
        dom = await conn.lookup_by_name("test")
        pid = int((directory / "pid").read_text())
        waiting = [asyncio.ensure_future(dom.xml_desc()) for _ in range(50)]
        await asyncio.sleep(0)
        subprocess.run(["kill", "-9", str(pid)], check=True)
        async with asyncio.timeout(2):
            results = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(result, str | Error) for result in results)
        assert not conn.channel.alive
        await conn.close()


def test_the_blocking_way_imports_no_event_loop(run: Path) -> None:
    code = f"""
import sys
from covirt.client.transports.blocking import open_blocking
with open_blocking({uri(run)!r}) as channel:
    from covirt.api.domain import lookup, info
    dom = channel.call(lookup.lookup_by_name, "test")
    print(dom.name, channel.call(info.is_active, subject=dom), "asyncio" in sys.modules)
"""
    found = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert found.stdout.split() == ["test", "True", "False"], found.stderr
