# SPDX-License-Identifier: LGPL-2.1-or-later
"""A session with the test driver, for any module called libvirt: prints what every step gives, as JSON.

python session.py URI
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import libvirt

FOUND: dict[str, Any] = {}
NEW = "<domain type='test'><name>new</name><memory>4096</memory><os><type>hvm</type></os></domain>"
NET = "<network><name>extra</name><uuid>00000000-0000-0000-0000-000000000077</uuid><bridge name='vx0'/></network>"
VOL = "<volume><name>v1</name><capacity>1048576</capacity></volume>"
SNAP = "<domainsnapshot><name>s1</name></domainsnapshot>"


def shown(value: Any) -> Any:
    """A value with its types, objects by what names them."""
    if isinstance(value, list):
        return ["list", *(shown(item) for item in value)]
    if isinstance(value, tuple):
        return ["tuple", *(shown(item) for item in value)]
    if isinstance(value, dict):
        return {"dict": [[shown(key), shown(item)] for key, item in value.items()]}
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    name = getattr(value, "name", None) or getattr(value, "getName", None) or getattr(value, "UUIDString", None)
    return [type(value).__name__, name() if name else ""]


def step(label: str, call: Callable[[], Any]) -> Any:
    """Do one thing and keep what it gives."""
    try:
        value = call()
    except libvirt.libvirtError as error:
        FOUND[label] = ["libvirtError", str(error), list(error.err or ()), error.get_error_code(), error.get_int1()]
        return None
    except (TypeError, OverflowError, LookupError) as error:
        FOUND[label] = [type(error).__name__]
        return None
    FOUND[label] = shown(value)
    return value


def host(conn: Any) -> None:
    """What the host is."""
    for name in ("getType", "getVersion", "getLibVersion", "getHostname", "getURI", "getInfo", "getCapabilities",
                 "getFreeMemory", "isAlive", "isEncrypted", "isSecure", "getCPUMap", "getSysinfo",
                 "getSecurityModel", "getMemoryParameters", "listDomainsID", "listDefinedDomains", "numOfDomains",
                 "numOfDefinedDomains", "listNetworks", "listDefinedNetworks", "numOfNetworks", "listStoragePools",
                 "listDefinedStoragePools", "numOfStoragePools", "listInterfaces", "numOfInterfaces",
                 "listDefinedInterfaces", "listNWFilters", "numOfNWFilters", "listSecrets", "numOfSecrets",
                 "listAllDomains", "listAllNetworks", "listAllStoragePools", "listAllInterfaces", "listAllDevices",
                 "listAllNWFilters", "listAllSecrets", "listAllNWFilterBindings", "getSEVInfo",
                 "virConnGetLastError"):  # fmt: skip
        step(f"conn.{name}", getattr(conn, name))
    step("max vcpus", lambda: conn.getMaxVcpus("test"))
    step("max vcpus of nothing", lambda: conn.getMaxVcpus(None))
    step("cells", lambda: conn.getCellsFreeMemory(0, 2))
    step("free pages", lambda: conn.getFreePages([4], 0, 1))
    step("free pages of no size", lambda: conn.getFreePages([], 0, 1))
    step("cpu stats", lambda: conn.getCPUStats(-1))
    step("memory stats", lambda: conn.getMemoryStats(-1))
    step("models", lambda: conn.getCPUModelNames("x86_64"))
    step("devices", lambda: conn.listDevices(None))
    step("number of devices", lambda: conn.numOfDevices(None))
    step("domain capabilities", lambda: conn.getDomainCapabilities())
    step("identity", lambda: conn.setIdentity({libvirt.VIR_CONNECT_IDENTITY_USER_NAME: "me"}))


def lookups(conn: Any) -> None:
    """Finding things, and not finding them."""
    step("by id", lambda: conn.lookupByID(1))
    step("by wrong id", lambda: conn.lookupByID(99))
    step("by huge id", lambda: conn.lookupByID(1 << 40))
    step("by text id", lambda: conn.lookupByID("1"))
    step("by name", lambda: conn.lookupByName("test"))
    step("by wrong name", lambda: conn.lookupByName("nobody"))
    step("by bytes", lambda: conn.lookupByName(b"test"))
    step("by none", lambda: conn.lookupByName(None))
    step("by uuid", lambda: conn.lookupByUUID(conn.lookupByName("test").UUID()))
    step("by short uuid", lambda: conn.lookupByUUID(b"123"))
    step("by uuid text", lambda: conn.lookupByUUIDString(conn.lookupByName("test").UUIDString()))
    step("by bad uuid text", lambda: conn.lookupByUUIDString("zzz"))
    step("no network", lambda: conn.networkLookupByName("x"))
    step("bad network uuid", lambda: conn.networkLookupByUUIDString("x"))
    step("no pool", lambda: conn.storagePoolLookupByName("x"))
    step("no volume", lambda: conn.storageVolLookupByKey("x"))
    step("no path", lambda: conn.storageVolLookupByPath("/x"))
    step("no interface", lambda: conn.interfaceLookupByName("x"))
    step("no device", lambda: conn.nodeDeviceLookupByName("x"))
    step("no secret", lambda: conn.secretLookupByUUIDString("00000000-0000-0000-0000-000000000001"))
    step("last error", libvirt.virGetLastError)
    step("last code", libvirt.virGetLastErrorCode)
    step("last domain", libvirt.virGetLastErrorDomain)
    step("last message", libvirt.virGetLastErrorMessage)
    libvirt.virResetLastError()
    step("no last error", libvirt.virGetLastError)
    step("no last message", libvirt.virGetLastErrorMessage)


def guest(dom: Any) -> None:
    """What a running guest tells and takes."""
    for name in ("name", "ID", "UUID", "UUIDString", "OSType", "XMLDesc", "autostart", "state", "maxMemory", "maxVcpus",
                 "isActive", "isPersistent", "isUpdated", "hostname", "schedulerType", "schedulerParameters",
                 "schedulerParametersFlags", "memoryParameters", "blkioParameters", "numaParameters", "perfEvents",
                 "vcpusFlags", "vcpuPinInfo", "emulatorPinInfo", "ioThreadInfo", "jobInfo", "jobStats", "controlInfo",
                 "diskErrors", "fsInfo", "guestInfo", "guestVcpus", "getTime", "messages", "securityLabel",
                 "securityLabelList", "launchSecurityInfo", "hasManagedSaveImage", "snapshotNum", "snapshotListNames",
                 "listAllSnapshots", "hasCurrentSnapshot", "snapshotCurrent", "listAllCheckpoints",
                 "migrateGetMaxDowntime", "migrateGetMaxSpeed", "migrateGetCompressionCache", "abortJob", "injectNMI",
                 "backupGetXMLDesc", "fsFreeze", "fsThaw"):  # fmt: skip
        step(f"dom.{name}", getattr(dom, name))
    step("info", lambda: dom.info()[:4])
    step("vcpu maps", lambda: dom.vcpus()[1])
    step("vcpu states", lambda: [vcpu[:2] for vcpu in dom.vcpus()[0]])
    step("memory stats of guest", lambda: sorted(set(dom.memoryStats()) - {"last_update"}))
    step("block info", lambda: dom.blockInfo("vda"))
    step("no block", lambda: dom.blockInfo("nope"))
    step("block stats", lambda: dom.blockStats("vda"))
    step("no block stats", lambda: dom.blockStats("zzz"))
    step("block flags", lambda: dom.blockStatsFlags("vda"))
    step("block job", lambda: dom.blockJobInfo("vda"))
    step("tune", lambda: dom.blockIoTune("vda"))
    step("interface stats", lambda: dom.interfaceStats("zzz"))
    step("interface parameters", lambda: dom.interfaceParameters("zzz"))
    step("interface addresses", lambda: dom.interfaceAddresses(0))
    step("cpu stats of guest", lambda: dom.getCPUStats(True))
    step("cpu stats each", lambda: dom.getCPUStats(False))
    step("peek", lambda: dom.memoryPeek(0, 4, 1))
    step("metadata", lambda: dom.metadata(0, None))
    step("set metadata", lambda: dom.setMetadata(0, "words", None, None))
    step("metadata again", lambda: dom.metadata(0, None))
    step("set scheduler", lambda: dom.setSchedulerParameters({"weight": 17}))
    step("set scheduler wrongly", lambda: dom.setSchedulerParameters({"nope": 17}))
    step("set no scheduler", lambda: dom.setSchedulerParameters({}))
    step("set memory parameters", lambda: dom.setMemoryParameters({"hard_limit": 1 << 20}))
    step("memory parameters after", lambda: dom.memoryParameters())
    step("tune again", lambda: dom.setBlockIoTune("vda", {"total_bytes_sec": 1000}))
    step("pin", lambda: dom.pinVcpu(0, (True, False)))
    step("pin with list", lambda: dom.pinVcpu(0, [True]))
    step("pin emulator", lambda: dom.pinEmulator((True,), 0))
    step("set memory", lambda: dom.setMemory(1 << 20))
    step("set vcpus", lambda: dom.setVcpus(1))
    step("set too many vcpus", lambda: dom.setVcpusFlags(1 << 31))
    step("keys", lambda: dom.sendKey(0, 0, [1, 2, 3], 3))
    step("bad flags", lambda: dom.XMLDesc(1 << 20))
    step("all flags", lambda: dom.XMLDesc(-1))
    step("flags by name", lambda: dom.XMLDesc(flags=2))
    step("float flags", lambda: dom.XMLDesc(1.5))
    step("attach", lambda: dom.attachDevice("<nothing/>"))
    step("set time", lambda: dom.setTime({"seconds": 1, "nseconds": 2}))
    step("set time wrongly", lambda: dom.setTime({"minutes": 1}))
    step("graphics", lambda: dom.openGraphicsFD(0))


def life(conn: Any) -> None:
    """Guests come and go."""
    step("bad xml", lambda: conn.defineXML("<domain"))
    step("empty xml", lambda: conn.defineXML("<domain/>"))
    dom = step("define", lambda: conn.defineXML(NEW))
    step("no id", dom.ID)
    for name in ("create", "ID", "create", "suspend", "state", "resume", "state", "reboot", "managedSave", "ID",
                 "hasManagedSaveImage", "createWithFlags", "ID", "shutdown", "ID", "state", "createWithFlags",
                 "destroy", "ID", "destroy", "isActive", "undefine", "XMLDesc"):  # fmt: skip
        step(f"{len(FOUND)} new.{name}", getattr(dom, name))
    other = step("transient", lambda: conn.createXML(NEW))
    step("transient id", lambda: other.ID() > 0)
    step("transient undefine", other.undefine)
    step("transient rename", lambda: other.rename("x"))
    step("transient end", lambda: other.destroyFlags(libvirt.VIR_DOMAIN_DESTROY_GRACEFUL))
    named = step("again", lambda: conn.defineXMLFlags(NEW, 0))
    step("rename", lambda: named.rename("newer"))
    step("renamed", lambda: sorted(one.name() for one in conn.listAllDomains()))
    step("undefine", lambda: conn.lookupByName("newer").undefineFlags())
    step("stats", lambda: conn.getAllDomainStats(libvirt.VIR_DOMAIN_STATS_STATE))
    step("stats of some", lambda: conn.domainListGetStats([conn.lookupByName("test")], libvirt.VIR_DOMAIN_STATS_STATE))
    step("stats of none", lambda: conn.domainListGetStats([], libvirt.VIR_DOMAIN_STATS_STATE))


def snapshots(dom: Any) -> None:
    """Snapshots and checkpoints."""
    snap = step("snapshot", lambda: dom.snapshotCreateXML(SNAP))
    for name in ("getName", "isCurrent", "hasMetadata", "numChildren", "listChildrenNames", "listAllChildren",
                 "getParent"):  # fmt: skip
        step(f"snap.{name}", getattr(snap, name))
    step("snap domain", lambda: snap.getDomain().name())
    step("snap connection", lambda: snap.getConnect() is dom.connect())
    step("snapshot by name", lambda: dom.snapshotLookupByName("s1"))
    step("no snapshot", lambda: dom.snapshotLookupByName("s2"))
    step("revert", lambda: dom.revertToSnapshot(snap))
    step("delete snapshot", snap.delete)
    step("delete it again", snap.delete)
    point = step("checkpoint", lambda: dom.checkpointCreateXML("<domaincheckpoint><name>c</name></domaincheckpoint>"))
    step("checkpoints", dom.listAllCheckpoints)
    if point is not None:
        step("checkpoint name", point.getName)
        step("checkpoint delete", point.delete)


def others(conn: Any) -> None:
    """Networks, pools, volumes, interfaces, devices."""
    net = step("network", lambda: conn.networkLookupByName("default"))
    for name in ("name", "UUIDString", "XMLDesc", "bridgeName", "autostart", "isActive", "isPersistent", "DHCPLeases",
                 "listAllPorts"):  # fmt: skip
        step(f"net.{name}", getattr(net, name))
    extra = step("define network", lambda: conn.networkDefineXML(NET))
    for name in ("create", "isActive", "setAutostart", "destroy", "undefine", "isActive"):
        step(
            f"{len(FOUND)} extra.{name}", (lambda: extra.setAutostart(1)) if name[:3] == "set" else getattr(extra, name)
        )
    pool = step("pool", lambda: conn.storagePoolLookupByName("default-pool"))
    for name in ("name", "UUIDString", "XMLDesc", "info", "autostart", "isActive", "isPersistent", "numOfVolumes",
                 "listVolumes", "listAllVolumes", "refresh"):  # fmt: skip
        step(f"pool.{name}", getattr(pool, name))
    vol = step("volume", lambda: pool.createXML(VOL))
    for name in ("name", "key", "path", "info", "infoFlags", "XMLDesc", "storagePoolLookupByVolume"):
        step(f"vol.{name}", getattr(vol, name))
    step("clone", lambda: pool.createXMLFrom(VOL.replace("v1", "v2"), vol))
    step("volumes", lambda: sorted(pool.listVolumes()))
    step("upload", lambda: vol.upload(conn.newStream(), 0, 10))
    step("resize", lambda: vol.resize(1 << 21))
    step("delete", vol.delete)
    step("delete clone", lambda: pool.storageVolLookupByName("v2").delete())
    eth = step("interface", lambda: conn.interfaceLookupByMACString("aa:bb:cc:dd:ee:ff"))
    for name in ("name", "MACString", "XMLDesc", "isActive", "destroy", "create"):
        step(f"{len(FOUND)} interface.{name}", getattr(eth, name))
    dev = step("computer", lambda: conn.nodeDeviceLookupByName("computer"))
    for name in (
        "name",
        "parent",
        "XMLDesc",
        "listCaps",
        "numOfCaps",
        "isActive",
        "isPersistent",
        "autostart",
        "reset",
    ):
        step(f"dev.{name}", getattr(dev, name))


def ends(conn: Any, uri: str) -> None:
    """Streams that are not open, read-only connections, the end."""
    stream = conn.newStream(0)
    for name, args in (("recv", (10,)), ("send", (b"x",)), ("finish", ()), ("abort", ()), ("recvHole", ()),
                       ("sendHole", (1,))):  # fmt: skip
        step(f"stream.{name}", partial(getattr(stream, name), *args))
    del stream
    step("no loop", lambda: conn.domainEventRegisterAny(None, 0, print, None))
    step("no loop for pings", lambda: conn.setKeepAlive(5, 5))
    step("no handle", lambda: libvirt.virEventAddHandle(0, 1, print, None))
    read_only = libvirt.openReadOnly(uri)
    step("read only", lambda: read_only.lookupByName("test").suspend())
    step("read only define", lambda: read_only.defineXML(NEW))
    step("read only close", read_only.close)
    step("closed", lambda: read_only.getHostname())
    step("close", conn.close)
    step("closed name", lambda: conn.lookupByName("test"))
    step("open nothing", lambda: libvirt.open("nonsense:///x"))


def main() -> None:
    """The whole session."""
    libvirt.registerErrorHandler(lambda *_: None, None)
    uri = sys.argv[1]
    conn = libvirt.open(uri)
    host(conn)
    lookups(conn)
    dom = conn.lookupByName("test")
    guest(dom)
    life(conn)
    snapshots(dom)
    others(conn)
    del dom
    ends(conn, uri)
    print(json.dumps(FOUND))


if __name__ == "__main__":
    main()
