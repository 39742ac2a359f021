# SPDX-License-Identifier: LGPL-2.1-or-later
"""The regular methods of all classes. Made by tools/generate.py from the declarations; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from libvirt._base import Events, Wrapped

if TYPE_CHECKING:
    from libvirt import (
        virDomain,
        virDomainCheckpoint,
        virDomainSnapshot,
        virInterface,
        virNetwork,
        virNetworkPort,
        virNodeDevice,
        virNWFilter,
        virNWFilterBinding,
        virSecret,
        virStoragePool,
        virStorageVol,
    )


class ConnectCalls(Wrapped):
    """What `virConnect` has of calls that need no more than their declaration."""

    def getType(self) -> str:
        """Get the name of the hypervisor driver, such as QEMU."""
        result: str = self._ask("connect.open.get_type")
        return result

    def getVersion(self) -> int:
        """Get the version of the hypervisor as major * 1,000,000 + minor * 1,000 + release."""
        result: int = self._ask("connect.open.get_version")
        return result

    def getLibVersion(self) -> int:
        """Get the version of the library on the other side, in the same form."""
        result: int = self._ask("connect.open.get_lib_version")
        return result

    def getHostname(self) -> str:
        """Get the name of the host."""
        result: str = self._ask("connect.open.get_hostname")
        return result

    def setIdentity(self, params: dict[str, Any], flags: int = 0) -> int:
        """Tell on whose behalf the calls of this connection are made."""
        result: int = self._ask("connect.open.set_identity", params, flags)
        return result

    def getMaxVcpus(self, type: str | None) -> int:
        """Get the most virtual CPUs that a guest of this type may have."""
        result: int = self._ask("connect.host.get_max_vcpus", type)
        return result

    def getInfo(self) -> list[Any]:
        """Get model, memory and processors of the host."""
        result: list[Any] = self._ask("connect.host.get_info")
        return result

    def getCapabilities(self) -> str:
        """Describe the host and what guests it can run, as XML."""
        result: str = self._ask("connect.host.get_capabilities")
        return result

    def getSysinfo(self, flags: int = 0) -> str:
        """Describe the host's firmware tables, as XML."""
        result: str = self._ask("connect.host.get_sysinfo", flags)
        return result

    def getDomainCapabilities(
        self,
        emulatorbin: str | None = None,
        arch: str | None = None,
        machine: str | None = None,
        virttype: str | None = None,
        flags: int = 0,
    ) -> str:
        """Describe what guests of an emulator, architecture and machine can have, as XML."""
        result: str = self._ask("connect.host.get_domain_capabilities", emulatorbin, arch, machine, virttype, flags)
        return result

    def getCellsFreeMemory(self, startCell: int, maxCells: int) -> list[int]:
        """Get the free bytes of a range of NUMA cells."""
        result: list[int] = self._ask("connect.host.get_cells_free_memory", startCell, maxCells)
        return result

    def getFreeMemory(self) -> int:
        """Get the free bytes of the host."""
        result: int = self._try("connect.host.get_free_memory", 0)
        return result

    def getCPUStats(self, cpuNum: int, flags: int = 0) -> dict[str, int]:
        """Get how long the host's CPUs did what, in nanoseconds; -1 means all of them together."""
        result: dict[str, int] = self._ask("connect.host.get_cpu_stats", cpuNum, flags)
        return result

    def getMemoryStats(self, cellNum: int, flags: int = 0) -> dict[str, int]:
        """Get the memory figures of a NUMA cell in KiB; -1 means all of them together."""
        result: dict[str, int] = self._ask("connect.host.get_memory_stats", cellNum, flags)
        return result

    def getMemoryParameters(self, flags: int = 0) -> dict[str, Any]:
        """Get how the host merges equal memory pages."""
        result: dict[str, Any] = self._ask("connect.host.get_memory_parameters", flags)
        return result

    def getSEVInfo(self, flags: int = 0) -> dict[str, Any]:
        """Get what the host offers for encrypted guests of AMD."""
        result: dict[str, Any] = self._ask("connect.host.get_sev_info", flags)
        return result

    def getSecurityModel(self) -> list[str]:
        """Get the security model that confines guests."""
        result: list[str] = self._ask("connect.host.get_security_model")
        return result

    def suspendForDuration(self, target: int, duration: int, flags: int = 0) -> int:
        """Put the host to sleep and have it woken up after some seconds."""
        result: int = self._ask("connect.host.suspend_for_duration", target, duration, flags)
        return result

    def compareCPU(self, xmlDesc: str, flags: int = 0) -> int:
        """Compare a CPU description with the host's CPU."""
        result: int = self._ask("connect.cpu.compare_cpu", xmlDesc, flags)
        return result

    def compareHypervisorCPU(
        self,
        emulator: str | None,
        arch: str | None,
        machine: str | None,
        virttype: str | None,
        xmlCPU: str,
        flags: int = 0,
    ) -> int:
        """Compare a CPU description with what an emulator offers on this host."""
        result: int = self._ask("connect.cpu.compare_hypervisor_cpu", emulator, arch, machine, virttype, xmlCPU, flags)
        return result

    def baselineCPU(self, xmlCPUs: list[str], flags: int = 0) -> str:
        """Compute the best CPU that all the given ones can do."""
        result: str = self._ask("connect.cpu.baseline_cpu", xmlCPUs, flags)
        return result

    def baselineHypervisorCPU(
        self,
        emulator: str | None,
        arch: str | None,
        machine: str | None,
        virttype: str | None,
        xmlCPUs: list[str],
        flags: int = 0,
    ) -> str:
        """Compute the best CPU that all the given ones and the emulator can do."""
        result: str = self._ask(
            "connect.cpu.baseline_hypervisor_cpu", emulator, arch, machine, virttype, xmlCPUs, flags
        )
        return result

    def getCPUModelNames(self, arch: str, flags: int = 0) -> list[str]:
        """List the CPU models that are known for an architecture."""
        result: list[str] = self._ask("connect.cpu.get_cpu_model_names", arch, flags)
        return result

    def listAllDomains(self, flags: int = 0) -> list[virDomain]:
        """List the domains that match the flags."""
        result: list[virDomain] = self._ask("domain.lookup.list_all_domains", flags)
        return result

    def lookupByID(self, id: int) -> virDomain:
        """Find a running domain by its number."""
        result: virDomain = self._ask("domain.lookup.lookup_by_id", id)
        return result

    def lookupByName(self, name: str) -> virDomain:
        """Find a domain by its name."""
        result: virDomain = self._ask("domain.lookup.lookup_by_name", name)
        return result

    def lookupByUUID(self, uuid: bytes) -> virDomain:
        """Find a domain by its uuid."""
        result: virDomain = self._ask("domain.lookup.lookup_by_uuid", uuid)
        return result

    def numOfDomains(self) -> int:
        """Count the running domains."""
        result: int = self._ask("domain.lookup.num_of_domains")
        return result

    def listDefinedDomains(self) -> list[str]:
        """List the names of the domains that do not run."""
        result: list[str] = self._ask("domain.lookup.list_defined_domains")
        return result

    def numOfDefinedDomains(self) -> int:
        """Count the domains that do not run."""
        result: int = self._ask("domain.lookup.num_of_defined_domains")
        return result

    def defineXML(self, xml: str) -> virDomain:
        """Define a domain from XML, or give a defined one a new configuration."""
        result: virDomain = self._ask("domain.define.define_xml", xml)
        return result

    def defineXMLFlags(self, xml: str, flags: int = 0) -> virDomain:
        """Define a domain from XML, with checks as the flags say."""
        result: virDomain = self._ask("domain.define.define_xml_flags", xml, flags)
        return result

    def domainXMLFromNative(self, nativeFormat: str, nativeConfig: str, flags: int = 0) -> str:
        """Translate the hypervisor's own form of a configuration into domain XML."""
        result: str = self._ask("domain.define.domain_xml_from_native", nativeFormat, nativeConfig, flags)
        return result

    def domainXMLToNative(self, nativeFormat: str, domainXml: str, flags: int = 0) -> str:
        """Translate domain XML into the hypervisor's own form."""
        result: str = self._ask("domain.define.domain_xml_to_native", nativeFormat, domainXml, flags)
        return result

    def createXML(self, xmlDesc: str, flags: int = 0) -> virDomain:
        """Start a domain that has no definition of its own and is gone when it ends."""
        result: virDomain = self._ask("domain.lifecycle.create_xml", xmlDesc, flags)
        return result

    def restore(self, frm: str) -> int:
        """Start a guest from such a file."""
        result: int = self._ask("domain.save.restore", frm)
        return result

    def restoreFlags(self, frm: str, dxml: str | None = None, flags: int = 0) -> int:
        """Start a guest from such a file, perhaps with another description."""
        result: int = self._ask("domain.save.restore_flags", frm, dxml, flags)
        return result

    def restoreParams(self, params: dict[str, Any], flags: int = 0) -> int:
        """Start a guest from such a file as the parameters say."""
        result: int = self._ask("domain.save.restore_params", params, flags)
        return result

    def saveImageGetXMLDesc(self, file: str, flags: int = 0) -> str:
        """Get the description inside such a file."""
        result: str = self._ask("domain.save.save_image_get_xml_desc", file, flags)
        return result

    def saveImageDefineXML(self, file: str, dxml: str, flags: int = 0) -> int:
        """Change the description inside such a file."""
        result: int = self._ask("domain.save.save_image_define_xml", file, dxml, flags)
        return result

    def listAllNetworks(self, flags: int = 0) -> list[virNetwork]:
        """List the networks that match the flags."""
        result: list[virNetwork] = self._ask("network.list_all_networks", flags)
        return result

    def networkLookupByName(self, name: str) -> virNetwork:
        """Find a network by its name."""
        result: virNetwork = self._ask("network.network_lookup_by_name", name)
        return result

    def networkLookupByUUID(self, uuid: bytes) -> virNetwork:
        """Find a network by its uuid."""
        result: virNetwork = self._ask("network.network_lookup_by_uuid", uuid)
        return result

    def numOfNetworks(self) -> int:
        """Count the active networks."""
        result: int = self._ask("network.num_of_networks")
        return result

    def listNetworks(self) -> list[str]:
        """List the names of the active networks."""
        result: list[str] = self._ask("network.list_networks")
        return result

    def numOfDefinedNetworks(self) -> int:
        """Count the inactive networks."""
        result: int = self._ask("network.num_of_defined_networks")
        return result

    def listDefinedNetworks(self) -> list[str]:
        """List the names of the inactive networks."""
        result: list[str] = self._ask("network.list_defined_networks")
        return result

    def networkDefineXML(self, xml: str) -> virNetwork:
        """Define a network from XML, or change a defined one."""
        result: virNetwork = self._ask("network.network_define_xml", xml)
        return result

    def networkDefineXMLFlags(self, xml: str, flags: int = 0) -> virNetwork:
        """Define a network from XML, with checks as the flags say."""
        result: virNetwork = self._ask("network.network_define_xml_flags", xml, flags)
        return result

    def networkCreateXML(self, xmlDesc: str) -> virNetwork:
        """Start a network that has no definition of its own."""
        result: virNetwork = self._ask("network.network_create_xml", xmlDesc)
        return result

    def networkCreateXMLFlags(self, xmlDesc: str, flags: int = 0) -> virNetwork:
        """Start such a network, with checks as the flags say."""
        result: virNetwork = self._ask("network.network_create_xml_flags", xmlDesc, flags)
        return result

    def listAllInterfaces(self, flags: int = 0) -> list[virInterface]:
        """List the interfaces that match the flags."""
        result: list[virInterface] = self._ask("interface.list_all_interfaces", flags)
        return result

    def numOfInterfaces(self) -> int:
        """Count the active interfaces."""
        result: int = self._ask("interface.num_of_interfaces")
        return result

    def listInterfaces(self) -> list[str]:
        """List the names of the active interfaces."""
        result: list[str] = self._ask("interface.list_interfaces")
        return result

    def numOfDefinedInterfaces(self) -> int:
        """Count the inactive interfaces."""
        result: int = self._ask("interface.num_of_defined_interfaces")
        return result

    def listDefinedInterfaces(self) -> list[str]:
        """List the names of the inactive interfaces."""
        result: list[str] = self._ask("interface.list_defined_interfaces")
        return result

    def interfaceLookupByName(self, name: str) -> virInterface:
        """Find an interface by its name."""
        result: virInterface = self._ask("interface.interface_lookup_by_name", name)
        return result

    def interfaceLookupByMACString(self, macstr: str) -> virInterface:
        """Find an interface by its hardware address."""
        result: virInterface = self._ask("interface.interface_lookup_by_mac_string", macstr)
        return result

    def interfaceDefineXML(self, xml: str, flags: int = 0) -> virInterface:
        """Define an interface from XML, or change a defined one."""
        result: virInterface = self._ask("interface.interface_define_xml", xml, flags)
        return result

    def changeBegin(self, flags: int = 0) -> int:
        """Remember the interfaces as they are, to be able to go back."""
        result: int = self._ask("interface.change_begin", flags)
        return result

    def changeCommit(self, flags: int = 0) -> int:
        """Keep what was changed since then."""
        result: int = self._ask("interface.change_commit", flags)
        return result

    def changeRollback(self, flags: int = 0) -> int:
        """Go back to the remembered interfaces."""
        result: int = self._ask("interface.change_rollback", flags)
        return result

    def listAllStoragePools(self, flags: int = 0) -> list[virStoragePool]:
        """List the pools that match the flags."""
        result: list[virStoragePool] = self._ask("storage.pool.list_all_storage_pools", flags)
        return result

    def numOfStoragePools(self) -> int:
        """Count the active pools."""
        result: int = self._ask("storage.pool.num_of_storage_pools")
        return result

    def listStoragePools(self) -> list[str]:
        """List the names of the active pools."""
        result: list[str] = self._ask("storage.pool.list_storage_pools")
        return result

    def numOfDefinedStoragePools(self) -> int:
        """Count the inactive pools."""
        result: int = self._ask("storage.pool.num_of_defined_storage_pools")
        return result

    def listDefinedStoragePools(self) -> list[str]:
        """List the names of the inactive pools."""
        result: list[str] = self._ask("storage.pool.list_defined_storage_pools")
        return result

    def storagePoolLookupByName(self, name: str) -> virStoragePool:
        """Find a pool by its name."""
        result: virStoragePool = self._ask("storage.pool.storage_pool_lookup_by_name", name)
        return result

    def storagePoolLookupByUUID(self, uuid: bytes) -> virStoragePool:
        """Find a pool by its uuid."""
        result: virStoragePool = self._ask("storage.pool.storage_pool_lookup_by_uuid", uuid)
        return result

    def storagePoolLookupByTargetPath(self, path: str) -> virStoragePool:
        """Find the pool that is mounted at a path."""
        result: virStoragePool = self._ask("storage.pool.storage_pool_lookup_by_target_path", path)
        return result

    def findStoragePoolSources(self, type: str, srcSpec: str | None, flags: int = 0) -> str:
        """Describe what pools of a type could be made from, as XML."""
        result: str = self._ask("storage.pool.find_storage_pool_sources", type, srcSpec, flags)
        return result

    def getStoragePoolCapabilities(self, flags: int = 0) -> str:
        """Describe what types of pools are possible, as XML."""
        result: str = self._ask("storage.pool.get_storage_pool_capabilities", flags)
        return result

    def storagePoolCreateXML(self, xmlDesc: str, flags: int = 0) -> virStoragePool:
        """Start a pool that has no definition of its own."""
        result: virStoragePool = self._ask("storage.pool.storage_pool_create_xml", xmlDesc, flags)
        return result

    def storagePoolDefineXML(self, xml: str, flags: int = 0) -> virStoragePool:
        """Define a pool from XML, or change a defined one."""
        result: virStoragePool = self._ask("storage.pool.storage_pool_define_xml", xml, flags)
        return result

    def storageVolLookupByKey(self, key: str) -> virStorageVol:
        """Find a volume by its key."""
        result: virStorageVol = self._ask("storage.volume.storage_vol_lookup_by_key", key)
        return result

    def storageVolLookupByPath(self, path: str) -> virStorageVol:
        """Find a volume by its path."""
        result: virStorageVol = self._ask("storage.volume.storage_vol_lookup_by_path", path)
        return result

    def listAllDevices(self, flags: int = 0) -> list[virNodeDevice]:
        """List the devices that match the flags."""
        result: list[virNodeDevice] = self._ask("nodedev.list_all_devices", flags)
        return result

    def numOfDevices(self, cap: str | None, flags: int = 0) -> int:
        """Count the devices, of one capability or all."""
        result: int = self._ask("nodedev.num_of_devices", cap, flags)
        return result

    def listDevices(self, cap: str | None, flags: int = 0) -> list[str]:
        """List the names of the devices, of one capability or all."""
        result: list[str] = self._ask("nodedev.list_devices", cap, flags)
        return result

    def nodeDeviceLookupByName(self, name: str) -> virNodeDevice:
        """Find a device by its name."""
        result: virNodeDevice = self._ask("nodedev.node_device_lookup_by_name", name)
        return result

    def nodeDeviceLookupSCSIHostByWWN(self, wwnn: str, wwpn: str, flags: int = 0) -> virNodeDevice:
        """Find a SCSI host by its world-wide names."""
        result: virNodeDevice = self._ask("nodedev.node_device_lookup_scsi_host_by_wwn", wwnn, wwpn, flags)
        return result

    def nodeDeviceCreateXML(self, xmlDesc: str, flags: int = 0) -> virNodeDevice:
        """Make a virtual device as XML describes it."""
        result: virNodeDevice = self._ask("nodedev.node_device_create_xml", xmlDesc, flags)
        return result

    def nodeDeviceDefineXML(self, xmlDesc: str, flags: int = 0) -> virNodeDevice:
        """Define a virtual device from XML, or change a defined one."""
        result: virNodeDevice = self._ask("nodedev.node_device_define_xml", xmlDesc, flags)
        return result

    def listAllNWFilters(self, flags: int = 0) -> list[virNWFilter]:
        """List the filters."""
        result: list[virNWFilter] = self._ask("nwfilter.list_all_nwfilters", flags)
        return result

    def numOfNWFilters(self) -> int:
        """Count the filters."""
        result: int = self._ask("nwfilter.num_of_nwfilters")
        return result

    def listNWFilters(self) -> list[str]:
        """List the names of the filters."""
        result: list[str] = self._ask("nwfilter.list_nwfilters")
        return result

    def nwfilterLookupByName(self, name: str) -> virNWFilter:
        """Find a filter by its name."""
        result: virNWFilter = self._ask("nwfilter.nwfilter_lookup_by_name", name)
        return result

    def nwfilterLookupByUUID(self, uuid: bytes) -> virNWFilter:
        """Find a filter by its uuid."""
        result: virNWFilter = self._ask("nwfilter.nwfilter_lookup_by_uuid", uuid)
        return result

    def nwfilterDefineXML(self, xmlDesc: str) -> virNWFilter:
        """Define a filter from XML, or change a defined one."""
        result: virNWFilter = self._ask("nwfilter.nwfilter_define_xml", xmlDesc)
        return result

    def nwfilterDefineXMLFlags(self, xmlDesc: str, flags: int = 0) -> virNWFilter:
        """Define a filter from XML, with checks as the flags say."""
        result: virNWFilter = self._ask("nwfilter.nwfilter_define_xml_flags", xmlDesc, flags)
        return result

    def listAllNWFilterBindings(self, flags: int = 0) -> list[virNWFilterBinding]:
        """List the bindings."""
        result: list[virNWFilterBinding] = self._ask("nwfilter_binding.list_all_nwfilter_bindings", flags)
        return result

    def nwfilterBindingLookupByPortDev(self, portdev: str) -> virNWFilterBinding:
        """Find the binding of a port device."""
        result: virNWFilterBinding = self._ask("nwfilter_binding.nwfilter_binding_lookup_by_port_dev", portdev)
        return result

    def nwfilterBindingCreateXML(self, xml: str, flags: int = 0) -> virNWFilterBinding:
        """Bind a filter to a port device as XML describes it."""
        result: virNWFilterBinding = self._ask("nwfilter_binding.nwfilter_binding_create_xml", xml, flags)
        return result

    def listAllSecrets(self, flags: int = 0) -> list[virSecret]:
        """List the secrets that match the flags."""
        result: list[virSecret] = self._ask("secret.list_all_secrets", flags)
        return result

    def numOfSecrets(self) -> int:
        """Count the secrets."""
        result: int = self._ask("secret.num_of_secrets")
        return result

    def listSecrets(self) -> list[str]:
        """List the uuids of the secrets."""
        result: list[str] = self._ask("secret.list_secrets")
        return result

    def secretLookupByUUID(self, uuid: bytes) -> virSecret:
        """Find a secret by its uuid."""
        result: virSecret = self._ask("secret.secret_lookup_by_uuid", uuid)
        return result

    def secretLookupByUsage(self, usageType: int, usageID: str) -> virSecret:
        """Find a secret by what it is used for."""
        result: virSecret = self._ask("secret.secret_lookup_by_usage", usageType, usageID)
        return result

    def secretDefineXML(self, xml: str, flags: int = 0) -> virSecret:
        """Define a secret from XML, or change a defined one."""
        result: virSecret = self._ask("secret.secret_define_xml", xml, flags)
        return result


class DomainCalls(Wrapped):
    """What `virDomain` has of calls that need no more than their declaration."""

    def undefine(self) -> int:
        """Remove the definition of a domain."""
        result: int = self._ask("domain.define.undefine")
        return result

    def undefineFlags(self, flags: int = 0) -> int:
        """Remove the definition of a domain and what hangs on it."""
        result: int = self._ask("domain.define.undefine_flags", flags)
        return result

    def rename(self, new_name: str | None, flags: int = 0) -> int:
        """Give a domain another name."""
        result: int = self._ask("domain.define.rename", new_name, flags)
        return result

    def isPersistent(self) -> int:
        """Tell whether the domain has a definition that outlives its run."""
        result: int = self._ask("domain.define.is_persistent")
        return result

    def isUpdated(self) -> int:
        """Tell whether the definition differs from what the running domain began with."""
        result: int = self._ask("domain.define.is_updated")
        return result

    def autostart(self) -> int:
        """Tell whether the domain is started with the host."""
        result: int = self._ask("domain.define.autostart")
        return result

    def setAutostart(self, autostart: int) -> int:
        """Set whether the domain is started with the host."""
        result: int = self._ask("domain.define.set_autostart", autostart)
        return result

    def autostartOnce(self) -> int:
        """Tell whether the domain is started at the host's next start only."""
        result: int = self._ask("domain.define.autostart_once")
        return result

    def setAutostartOnce(self, autostart: int) -> int:
        """Set whether the domain is started at the host's next start only."""
        result: int = self._ask("domain.define.set_autostart_once", autostart)
        return result

    def reboot(self, flags: int = 0) -> int:
        """Ask the guest to reboot."""
        result: int = self._ask("domain.lifecycle.reboot", flags)
        return result

    def reset(self, flags: int = 0) -> int:
        """Press the reset button of the guest."""
        result: int = self._ask("domain.lifecycle.reset", flags)
        return result

    def suspend(self) -> int:
        """Pause the guest's processors; it stays in memory."""
        result: int = self._ask("domain.lifecycle.suspend")
        return result

    def resume(self) -> int:
        """Let a paused guest go on."""
        result: int = self._ask("domain.lifecycle.resume")
        return result

    def pMSuspendForDuration(self, target: int, duration: int, flags: int = 0) -> int:
        """Have the guest put itself to sleep, to wake up after some seconds."""
        result: int = self._ask("domain.lifecycle.pm_suspend_for_duration", target, duration, flags)
        return result

    def pMWakeup(self, flags: int = 0) -> int:
        """Wake up a guest that sleeps."""
        result: int = self._ask("domain.lifecycle.pm_wakeup", flags)
        return result

    def setLifecycleAction(self, type: int, action: int, flags: int = 0) -> int:
        """Set what happens when the guest powers off, reboots or crashes."""
        result: int = self._ask("domain.lifecycle.set_lifecycle_action", type, action, flags)
        return result

    def sendProcessSignal(self, pid_value: int, signum: int, flags: int = 0) -> int:
        """Send a signal to a process inside the guest."""
        result: int = self._ask("domain.lifecycle.send_process_signal", pid_value, signum, flags)
        return result

    def XMLDesc(self, flags: int = 0) -> str:
        """Describe the domain as XML."""
        result: str = self._ask("domain.info.xml_desc", flags)
        return result

    def info(self) -> list[int]:
        """Get state, memory, processors and used CPU time."""
        result: list[int] = self._ask("domain.info.info")
        return result

    def state(self, flags: int = 0) -> list[int]:
        """Get the state and the reason for it; each state has its own reasons."""
        result: list[int] = self._ask("domain.info.state", flags)
        return result

    def isActive(self) -> int:
        """Tell whether the guest runs."""
        result: int = self._ask("domain.info.is_active")
        return result

    def OSType(self) -> str:
        """Get the kind of operating system interface, such as hvm."""
        result: str = self._ask("domain.info.os_type")
        return result

    def controlInfo(self, flags: int = 0) -> list[int]:
        """Get whether the hypervisor of this guest answers."""
        result: list[int] = self._ask("domain.info.control_info", flags)
        return result

    def messages(self, flags: int = 0) -> list[str]:
        """List what is remarkable about the guest: deprecated devices, taints."""
        result: list[str] = self._ask("domain.info.messages", flags)
        return result

    def hostname(self, flags: int = 0) -> str:
        """Get the name that the guest calls itself."""
        result: str = self._ask("domain.info.hostname", flags)
        return result

    def setMetadata(self, type: int, metadata: str | None, key: str | None, uri: str | None, flags: int = 0) -> int:
        """Set or remove the title, the description or the element of one namespace."""
        result: int = self._ask("domain.metadata.set_metadata", type, metadata, key, uri, flags)
        return result

    def metadata(self, type: int, uri: str | None, flags: int = 0) -> str:
        """Get the title, the description or the element of one namespace."""
        result: str = self._ask("domain.metadata.metadata", type, uri, flags)
        return result

    def maxMemory(self) -> int:
        """Get the most memory that the guest may use, in KiB."""
        result: int = self._ask("domain.memory.max_memory")
        return result

    def setMaxMemory(self, memory: int) -> int:
        """Set the most memory that the guest may use, in KiB."""
        result: int = self._ask("domain.memory.set_max_memory", memory)
        return result

    def setMemory(self, memory: int) -> int:
        """Set the memory that the running guest uses now, in KiB."""
        result: int = self._ask("domain.memory.set_memory", memory)
        return result

    def setMemoryFlags(self, memory: int, flags: int = 0) -> int:
        """Set the memory of the guest or its limit, now or for the next start."""
        result: int = self._ask("domain.memory.set_memory_flags", memory, flags)
        return result

    def setMemoryStatsPeriod(self, period: int, flags: int = 0) -> int:
        """Set every how many seconds the guest tells about its memory."""
        result: int = self._ask("domain.memory.set_memory_stats_period", period, flags)
        return result

    def memoryPeek(self, start: int, size: int, flags: int = 0) -> bytes:
        """Read a piece of the guest's memory."""
        result: bytes = self._ask("domain.memory.memory_peek", start, size, flags)
        return result

    def maxVcpus(self) -> int:
        """Get the most virtual CPUs that the guest may have."""
        result: int = self._ask("domain.vcpu.max_vcpus")
        return result

    def setVcpus(self, nvcpus: int) -> int:
        """Set the number of virtual CPUs of the running guest."""
        result: int = self._ask("domain.vcpu.set_vcpus", nvcpus)
        return result

    def setVcpusFlags(self, nvcpus: int, flags: int = 0) -> int:
        """Set the number of virtual CPUs or its limit, now or for the next start."""
        result: int = self._ask("domain.vcpu.set_vcpus_flags", nvcpus, flags)
        return result

    def vcpusFlags(self, flags: int = 0) -> int:
        """Get the number of virtual CPUs or its limit."""
        result: int = self._ask("domain.vcpu.vcpus_flags", flags)
        return result

    def guestVcpus(self, flags: int = 0) -> dict[str, Any] | None:
        """Get which CPUs the guest itself has online, as its agent tells."""
        result: dict[str, Any] | None = self._try("domain.vcpu.guest_vcpus", None, flags)
        return result

    def setGuestVcpus(self, cpumap: str, state: int, flags: int = 0) -> int:
        """Have the guest itself take CPUs online or offline."""
        result: int = self._ask("domain.vcpu.set_guest_vcpus", cpumap, state, flags)
        return result

    def setVcpu(self, vcpumap: str, state: int, flags: int = 0) -> int:
        """Plug single virtual CPUs in or out."""
        result: int = self._ask("domain.vcpu.set_vcpu", vcpumap, state, flags)
        return result

    def addIOThread(self, iothread_id: int, flags: int = 0) -> int:
        """Add a thread for disk input and output."""
        result: int = self._ask("domain.vcpu.add_io_thread", iothread_id, flags)
        return result

    def delIOThread(self, iothread_id: int, flags: int = 0) -> int:
        """Remove a thread for disk input and output."""
        result: int = self._ask("domain.vcpu.del_io_thread", iothread_id, flags)
        return result

    def setIOThreadParams(self, iothread_val: int, params: dict[str, Any], flags: int = 0) -> int:
        """Set how such a thread polls and how many workers it has."""
        result: int = self._ask("domain.vcpu.set_io_thread_params", iothread_val, params, flags)
        return result

    def schedulerType(self) -> tuple[str, int]:
        """Get the name of the scheduler and how many parameters it has."""
        result: tuple[str, int] = self._ask("domain.tuning.scheduler_type")
        return result

    def schedulerParameters(self) -> dict[str, Any]:
        """Get the shares and limits of processor time."""
        result: dict[str, Any] = self._ask("domain.tuning.scheduler_parameters")
        return result

    def schedulerParametersFlags(self, flags: int = 0) -> dict[str, Any]:
        """Get the shares and limits of processor time, of now or of the next start."""
        result: dict[str, Any] = self._ask("domain.tuning.scheduler_parameters_flags", flags)
        return result

    def memoryParameters(self, flags: int = 0) -> dict[str, Any]:
        """Get the limits of memory."""
        result: dict[str, Any] = self._ask("domain.tuning.memory_parameters", flags)
        return result

    def blkioParameters(self, flags: int = 0) -> dict[str, Any]:
        """Get the shares and limits of disk traffic of the whole guest."""
        result: dict[str, Any] = self._ask("domain.tuning.blkio_parameters", flags)
        return result

    def blockIoTune(self, disk: str | None, flags: int = 0) -> dict[str, Any]:
        """Get the limits of one disk."""
        result: dict[str, Any] = self._ask("domain.tuning.block_io_tune", disk, flags)
        return result

    def setBlockIoTune(self, disk: str, params: dict[str, Any], flags: int = 0) -> int:
        """Set limits of one disk."""
        result: int = self._ask("domain.tuning.set_block_io_tune", disk, params, flags)
        return result

    def setThrottleGroup(self, group: str, params: dict[str, Any], flags: int = 0) -> int:
        """Make or change a group of limits that disks can share."""
        result: int = self._ask("domain.tuning.set_throttle_group", group, params, flags)
        return result

    def delThrottleGroup(self, group: str | None, flags: int = 0) -> int:
        """Remove a group of limits."""
        result: int = self._ask("domain.tuning.del_throttle_group", group, flags)
        return result

    def numaParameters(self, flags: int = 0) -> dict[str, Any]:
        """Get from which NUMA cells the guest's memory comes."""
        result: dict[str, Any] = self._ask("domain.tuning.numa_parameters", flags)
        return result

    def interfaceParameters(self, device: str, flags: int = 0) -> dict[str, Any]:
        """Get the limits of one network card."""
        result: dict[str, Any] = self._ask("domain.tuning.interface_parameters", device, flags)
        return result

    def perfEvents(self, flags: int = 0) -> dict[str, Any]:
        """Get which performance counters are measured."""
        result: dict[str, Any] = self._ask("domain.tuning.perf_events", flags)
        return result

    def blockStats(self, path: str) -> tuple[int, ...]:
        """Get the traffic of one disk."""
        result: tuple[int, ...] = self._ask("domain.stats.block_stats", path)
        return result

    def blockStatsFlags(self, path: str, flags: int = 0) -> dict[str, Any]:
        """Get all counters of one disk, or of all disks when the path is empty."""
        result: dict[str, Any] = self._ask("domain.stats.block_stats_flags", path, flags)
        return result

    def interfaceStats(self, path: str) -> tuple[int, ...]:
        """Get the traffic of one network card."""
        result: tuple[int, ...] = self._ask("domain.stats.interface_stats", path)
        return result

    def startDirtyRateCalc(self, seconds: int, flags: int = 0) -> int:
        """Begin to measure how fast the guest changes its memory."""
        result: int = self._ask("domain.stats.start_dirty_rate_calc", seconds, flags)
        return result

    def attachDevice(self, xml: str) -> int:
        """Plug a device in."""
        result: int = self._ask("domain.devices.attach_device", xml)
        return result

    def attachDeviceFlags(self, xml: str, flags: int = 0) -> int:
        """Plug a device in, now or at the next start."""
        result: int = self._ask("domain.devices.attach_device_flags", xml, flags)
        return result

    def detachDevice(self, xml: str) -> int:
        """Unplug a device."""
        result: int = self._ask("domain.devices.detach_device", xml)
        return result

    def detachDeviceFlags(self, xml: str, flags: int = 0) -> int:
        """Unplug a device, now or at the next start."""
        result: int = self._ask("domain.devices.detach_device_flags", xml, flags)
        return result

    def detachDeviceAlias(self, alias: str, flags: int = 0) -> int:
        """Unplug the device of an alias."""
        result: int = self._ask("domain.devices.detach_device_alias", alias, flags)
        return result

    def updateDeviceFlags(self, xml: str, flags: int = 0) -> int:
        """Change a device that is plugged in."""
        result: int = self._ask("domain.devices.update_device_flags", xml, flags)
        return result

    def blockInfo(self, path: str, flags: int = 0) -> list[int]:
        """Get size, allocation and extent of a disk."""
        result: list[int] = self._ask("domain.block.block_info", path, flags)
        return result

    def blockPeek(self, disk: str, offset: int, size: int, flags: int = 0) -> bytes:
        """Read a piece of a disk."""
        result: bytes = self._ask("domain.block.block_peek", disk, offset, size, flags)
        return result

    def blockResize(self, disk: str, size: int, flags: int = 0) -> int:
        """Change the size of a disk; the number is in KiB unless a flag says bytes."""
        result: int = self._ask("domain.block.block_resize", disk, size, flags)
        return result

    def diskErrors(self, flags: int = 0) -> dict[str, int]:
        """List the disks that have had errors."""
        result: dict[str, int] = self._ask("domain.block.disk_errors", flags)
        return result

    def blockPull(self, disk: str, bandwidth: int = 0, flags: int = 0) -> int:
        """Copy all backing files of a disk into its top image."""
        result: int = self._ask("domain.block.block_pull", disk, bandwidth, flags)
        return result

    def blockRebase(self, disk: str, base: str | None, bandwidth: int = 0, flags: int = 0) -> int:
        """Copy backing files into the top image down to a base, or the whole disk to a file."""
        result: int = self._ask("domain.block.block_rebase", disk, base, bandwidth, flags)
        return result

    def blockCopy(self, disk: str, destxml: str, params: dict[str, Any] | None = None, flags: int = 0) -> int:
        """Mirror a disk to a place that XML describes."""
        result: int = self._ask("domain.block.block_copy", disk, destxml, params, flags)
        return result

    def blockCommit(self, disk: str, base: str | None, top: str | None, bandwidth: int = 0, flags: int = 0) -> int:
        """Write the changes of upper images down into a lower one."""
        result: int = self._ask("domain.block.block_commit", disk, base, top, bandwidth, flags)
        return result

    def blockJobInfo(self, path: str, flags: int = 0) -> dict[str, int]:
        """Get how far the job on a disk is."""
        result: dict[str, int] = self._ask("domain.block.block_job_info", path, flags)
        return result

    def blockJobAbort(self, disk: str, flags: int = 0) -> int:
        """End the job on a disk, or switch over to its copy."""
        result: int = self._ask("domain.block.block_job_abort", disk, flags)
        return result

    def blockJobSetSpeed(self, disk: str, bandwidth: int, flags: int = 0) -> int:
        """Limit the speed of the job on a disk."""
        result: int = self._ask("domain.block.block_job_set_speed", disk, bandwidth, flags)
        return result

    def setBlockThreshold(self, dev: str, threshold: int, flags: int = 0) -> int:
        """Ask to be told when a disk is written beyond a mark."""
        result: int = self._ask("domain.block.set_block_threshold", dev, threshold, flags)
        return result

    def saveFlags(self, to: str, dxml: str | None = None, flags: int = 0) -> int:
        """Write the guest's memory to a file and stop it, perhaps with another description inside."""
        result: int = self._ask("domain.save.save_flags", to, dxml, flags)
        return result

    def saveParams(self, params: dict[str, Any], flags: int = 0) -> int:
        """Write the guest's memory to a file as the parameters say."""
        result: int = self._ask("domain.save.save_params", params, flags)
        return result

    def hasManagedSaveImage(self, flags: int = 0) -> int:
        """Tell whether the next start will go on from a saved state."""
        result: int = self._ask("domain.save.has_managed_save_image", flags)
        return result

    def managedSaveRemove(self, flags: int = 0) -> int:
        """Forget the saved state, so that the next start boots."""
        result: int = self._ask("domain.save.managed_save_remove", flags)
        return result

    def managedSaveGetXMLDesc(self, flags: int = 0) -> str:
        """Get the description inside the managed saved state."""
        result: str = self._ask("domain.save.managed_save_get_xml_desc", flags)
        return result

    def managedSaveDefineXML(self, dxml: str | None, flags: int = 0) -> int:
        """Change the description inside the managed saved state."""
        result: int = self._ask("domain.save.managed_save_define_xml", dxml, flags)
        return result

    def coreDump(self, to: str, flags: int = 0) -> int:
        """Write the guest's memory to a file for a debugger."""
        result: int = self._ask("domain.save.core_dump", to, flags)
        return result

    def coreDumpWithFormat(self, to: str, dumpformat: int, flags: int = 0) -> int:
        """Write the guest's memory to a file in a chosen format."""
        result: int = self._ask("domain.save.core_dump_with_format", to, dumpformat, flags)
        return result

    def snapshotCreateXML(self, xmlDesc: str, flags: int = 0) -> virDomainSnapshot:
        """Take a snapshot as XML describes it."""
        result: virDomainSnapshot = self._ask("domain.snapshot.snapshot_create_xml", xmlDesc, flags)
        return result

    def snapshotNum(self, flags: int = 0) -> int:
        """Count the snapshots of a domain."""
        result: int = self._ask("domain.snapshot.snapshot_num", flags)
        return result

    def snapshotListNames(self, flags: int = 0) -> list[str]:
        """List the names of the snapshots of a domain."""
        result: list[str] = self._ask("domain.snapshot.snapshot_list_names", flags)
        return result

    def listAllSnapshots(self, flags: int = 0) -> list[virDomainSnapshot]:
        """List the snapshots of a domain that match the flags."""
        result: list[virDomainSnapshot] = self._ask("domain.snapshot.list_all_snapshots", flags)
        return result

    def snapshotLookupByName(self, name: str, flags: int = 0) -> virDomainSnapshot:
        """Find a snapshot by its name."""
        result: virDomainSnapshot = self._ask("domain.snapshot.snapshot_lookup_by_name", name, flags)
        return result

    def hasCurrentSnapshot(self, flags: int = 0) -> int:
        """Tell whether the domain stands on a snapshot."""
        result: int = self._ask("domain.snapshot.has_current_snapshot", flags)
        return result

    def snapshotCurrent(self, flags: int = 0) -> virDomainSnapshot:
        """Get the snapshot that the domain stands on."""
        result: virDomainSnapshot = self._ask("domain.snapshot.snapshot_current", flags)
        return result

    def checkpointCreateXML(self, xmlDesc: str, flags: int = 0) -> virDomainCheckpoint:
        """Make a checkpoint as XML describes it."""
        result: virDomainCheckpoint = self._ask("domain.checkpoint.checkpoint_create_xml", xmlDesc, flags)
        return result

    def listAllCheckpoints(self, flags: int = 0) -> list[virDomainCheckpoint]:
        """List the checkpoints of a domain that match the flags."""
        result: list[virDomainCheckpoint] = self._ask("domain.checkpoint.list_all_checkpoints", flags)
        return result

    def checkpointLookupByName(self, name: str, flags: int = 0) -> virDomainCheckpoint:
        """Find a checkpoint by its name."""
        result: virDomainCheckpoint = self._ask("domain.checkpoint.checkpoint_lookup_by_name", name, flags)
        return result

    def backupBegin(self, backupXML: str, checkpointXML: str | None, flags: int = 0) -> int:
        """Begin a backup as XML describes it, perhaps with a new checkpoint."""
        result: int = self._ask("domain.backup.backup_begin", backupXML, checkpointXML, flags)
        return result

    def backupGetXMLDesc(self, flags: int = 0) -> str:
        """Describe the running backup as XML."""
        result: str = self._ask("domain.backup.backup_get_xml_desc", flags)
        return result

    def migrateSetMaxDowntime(self, downtime: int, flags: int = 0) -> int:
        """Set for how many milliseconds a migration may stop the guest."""
        result: int = self._ask("domain.migration.migrate_set_max_downtime", downtime, flags)
        return result

    def migrateGetMaxDowntime(self, flags: int = 0) -> int | None:
        """Get for how many milliseconds a migration may stop the guest."""
        result: int | None = self._try("domain.migration.migrate_get_max_downtime", None, flags)
        return result

    def migrateSetMaxSpeed(self, bandwidth: int, flags: int = 0) -> int:
        """Set the most MiB a second that a migration may send."""
        result: int = self._ask("domain.migration.migrate_set_max_speed", bandwidth, flags)
        return result

    def migrateGetMaxSpeed(self, flags: int = 0) -> int:
        """Get the most MiB a second that a migration may send."""
        result: int = self._ask("domain.migration.migrate_get_max_speed", flags)
        return result

    def migrateGetCompressionCache(self, flags: int = 0) -> int | None:
        """Get the bytes that a compressing migration keeps to compare pages."""
        result: int | None = self._try("domain.migration.migrate_get_compression_cache", None, flags)
        return result

    def migrateSetCompressionCache(self, cacheSize: int, flags: int = 0) -> int:
        """Set the bytes that a compressing migration keeps to compare pages."""
        result: int = self._ask("domain.migration.migrate_set_compression_cache", cacheSize, flags)
        return result

    def migrateStartPostCopy(self, flags: int = 0) -> int:
        """Let the guest run on its new host before all of its memory is there."""
        result: int = self._ask("domain.migration.migrate_start_post_copy", flags)
        return result

    def fsFreeze(self, mountpoints: list[str] | None = None, flags: int = 0) -> int:
        """Have the guest write out and hold still its file systems, all if none is named."""
        result: int = self._ask("domain.agent.fs_freeze", mountpoints, flags)
        return result

    def fsThaw(self, mountpoints: list[str] | None = None, flags: int = 0) -> int:
        """Let the guest's file systems go on."""
        result: int = self._ask("domain.agent.fs_thaw", mountpoints, flags)
        return result

    def fSTrim(self, mountPoint: str | None, minimum: int, flags: int = 0) -> int:
        """Have the guest give back unused blocks of its file systems."""
        result: int = self._ask("domain.agent.fs_trim", mountPoint, minimum, flags)
        return result

    def fsInfo(self, flags: int = 0) -> list[tuple[str, str, str, list[str]]]:
        """List the file systems that the guest has mounted."""
        result: list[tuple[str, str, str, list[str]]] = self._ask("domain.agent.fs_info", flags)
        return result

    def setUserPassword(self, user: str | None, password: str | None, flags: int = 0) -> int:
        """Set the password of a user of the guest."""
        result: int = self._ask("domain.agent.set_user_password", user, password, flags)
        return result

    def interfaceAddresses(self, source: int, flags: int = 0) -> dict[str, Any]:
        """List the addresses of the guest's network cards, from a source."""
        result: dict[str, Any] = self._ask("domain.agent.interface_addresses", source, flags)
        return result

    def guestInfo(self, types: int = 0, flags: int = 0) -> dict[str, Any]:
        """Get what the agent tells about users, system, time zone, disks and more."""
        result: dict[str, Any] = self._ask("domain.agent.guest_info", types, flags)
        return result

    def agentSetResponseTimeout(self, timeout: int, flags: int = 0) -> int:
        """Set how long calls wait for the agent."""
        result: int = self._ask("domain.agent.agent_set_response_timeout", timeout, flags)
        return result

    def authorizedSSHKeysGet(self, user: str, flags: int = 0) -> list[str]:
        """List the ssh keys that may log in as a user of the guest."""
        result: list[str] = self._ask("domain.agent.authorized_ssh_keys_get", user, flags)
        return result

    def authorizedSSHKeysSet(self, user: str, keys: list[str] | None = None, flags: int = 0) -> int:
        """Set, add or remove the ssh keys that may log in as a user of the guest."""
        result: int = self._ask("domain.agent.authorized_ssh_keys_set", user, keys, flags)
        return result

    def injectNMI(self, flags: int = 0) -> int:
        """Send the guest a non-maskable interrupt."""
        result: int = self._ask("domain.console.inject_nmi", flags)
        return result

    def graphicsReload(self, type: int, flags: int = 0) -> int:
        """Have a graphics server read its certificates again."""
        result: int = self._ask("domain.console.graphics_reload", type, flags)
        return result

    def jobInfo(self) -> list[int]:
        """Get how far the running job is, in fixed figures."""
        result: list[int] = self._ask("domain.jobs.job_info")
        return result

    def jobStats(self, flags: int = 0) -> dict[str, Any]:
        """Get how far the running or the last job is, in all figures there are."""
        result: dict[str, Any] = self._ask("domain.jobs.job_stats", flags)
        return result

    def abortJob(self) -> int:
        """Stop the running job."""
        result: int = self._ask("domain.jobs.abort_job")
        return result

    def abortJobFlags(self, flags: int = 0) -> int:
        """Stop the running job, also in its post-copy phase if asked."""
        result: int = self._ask("domain.jobs.abort_job_flags", flags)
        return result

    def securityLabel(self) -> list[Any]:
        """Get the label of the guest's process."""
        result: list[Any] = self._ask("domain.security.security_label")
        return result

    def securityLabelList(self) -> list[list[Any]]:
        """Get the labels of the guest's process under all models."""
        result: list[list[Any]] = self._ask("domain.security.security_label_list")
        return result

    def launchSecurityInfo(self, flags: int = 0) -> dict[str, Any]:
        """Get the measurement and policy of an encrypted guest."""
        result: dict[str, Any] = self._ask("domain.security.launch_security_info", flags)
        return result

    def setLaunchSecurityState(self, params: dict[str, Any], flags: int = 0) -> int:
        """Put a secret into an encrypted guest before it runs."""
        result: int = self._ask("domain.security.set_launch_security_state", params, flags)
        return result


class DomainSnapshotCalls(Wrapped):
    """What `virDomainSnapshot` has of calls that need no more than their declaration."""

    def getXMLDesc(self, flags: int = 0) -> str:
        """Describe the snapshot as XML."""
        result: str = self._ask("domain.snapshot.get_xml_desc", flags)
        return result

    def numChildren(self, flags: int = 0) -> int:
        """Count the snapshots that were taken after this one."""
        result: int = self._ask("domain.snapshot.num_children", flags)
        return result

    def listChildrenNames(self, flags: int = 0) -> list[str]:
        """List the names of the snapshots that were taken after this one."""
        result: list[str] = self._ask("domain.snapshot.list_children_names", flags)
        return result

    def listAllChildren(self, flags: int = 0) -> list[virDomainSnapshot]:
        """List the snapshots that were taken after this one."""
        result: list[virDomainSnapshot] = self._ask("domain.snapshot.list_all_children", flags)
        return result

    def getParent(self, flags: int = 0) -> virDomainSnapshot:
        """Get the snapshot before this one."""
        result: virDomainSnapshot = self._ask("domain.snapshot.get_parent", flags)
        return result

    def isCurrent(self, flags: int = 0) -> int:
        """Tell whether the domain stands on this snapshot."""
        result: int = self._ask("domain.snapshot.is_current", flags)
        return result

    def hasMetadata(self, flags: int = 0) -> int:
        """Tell whether the snapshot is recorded here, not only in the disk images."""
        result: int = self._ask("domain.snapshot.has_metadata", flags)
        return result

    def delete(self, flags: int = 0) -> int:
        """Delete a snapshot, perhaps with those after it."""
        result: int = self._ask("domain.snapshot.delete", flags)
        return result


class DomainCheckpointCalls(Wrapped):
    """What `virDomainCheckpoint` has of calls that need no more than their declaration."""

    def getXMLDesc(self, flags: int = 0) -> str:
        """Describe the checkpoint as XML."""
        result: str = self._ask("domain.checkpoint.get_xml_desc", flags)
        return result

    def listAllChildren(self, flags: int = 0) -> list[virDomainCheckpoint]:
        """List the checkpoints that were made after this one."""
        result: list[virDomainCheckpoint] = self._ask("domain.checkpoint.list_all_children", flags)
        return result

    def getParent(self, flags: int = 0) -> virDomainCheckpoint:
        """Get the checkpoint before this one."""
        result: virDomainCheckpoint = self._ask("domain.checkpoint.get_parent", flags)
        return result

    def delete(self, flags: int = 0) -> int:
        """Delete a checkpoint, perhaps with those after it."""
        result: int = self._ask("domain.checkpoint.delete", flags)
        return result


class NetworkCalls(Wrapped):
    """What `virNetwork` has of calls that need no more than their declaration."""

    def create(self) -> int:
        """Start a defined network."""
        result: int = self._ask("network.create")
        return result

    def destroy(self) -> int:
        """Stop a network."""
        result: int = self._ask("network.destroy")
        return result

    def undefine(self) -> int:
        """Remove the definition of a network."""
        result: int = self._ask("network.undefine")
        return result

    def update(self, command: int, section: int, parentIndex: int, xml: str, flags: int = 0) -> int:
        """Change one part of a network, now or for the next start."""
        result: int = self._ask("network.update", command, section, parentIndex, xml, flags)
        return result

    def XMLDesc(self, flags: int = 0) -> str:
        """Describe the network as XML."""
        result: str = self._ask("network.xml_desc", flags)
        return result

    def bridgeName(self) -> str:
        """Get the name of the host bridge that the network uses."""
        result: str = self._ask("network.bridge_name")
        return result

    def autostart(self) -> int:
        """Tell whether the network is started with the host."""
        result: int = self._ask("network.autostart")
        return result

    def setAutostart(self, autostart: int) -> int:
        """Set whether the network is started with the host."""
        result: int = self._ask("network.set_autostart", autostart)
        return result

    def isActive(self) -> int:
        """Tell whether the network is up."""
        result: int = self._ask("network.is_active")
        return result

    def isPersistent(self) -> int:
        """Tell whether the network has a definition that outlives its run."""
        result: int = self._ask("network.is_persistent")
        return result

    def DHCPLeases(self, mac: str | None = None, flags: int = 0) -> list[dict[str, Any]]:
        """List the addresses that the network has given out, to one card or all."""
        result: list[dict[str, Any]] = self._ask("network.dhcp_leases", mac, flags)
        return result

    def setMetadata(self, type: int, metadata: str | None, key: str | None, uri: str | None, flags: int = 0) -> int:
        """Set or remove the title, the description or the element of one namespace."""
        result: int = self._ask("network.set_metadata", type, metadata, key, uri, flags)
        return result

    def metadata(self, type: int, uri: str | None, flags: int = 0) -> str:
        """Get the title, the description or the element of one namespace."""
        result: str = self._ask("network.metadata", type, uri, flags)
        return result

    def listAllPorts(self, flags: int = 0) -> list[virNetworkPort]:
        """List the ports of a network."""
        result: list[virNetworkPort] = self._ask("network_port.list_all_ports", flags)
        return result

    def portCreateXML(self, xmldesc: str, flags: int = 0) -> virNetworkPort:
        """Make a port as XML describes it."""
        result: virNetworkPort = self._ask("network_port.port_create_xml", xmldesc, flags)
        return result


class NetworkPortCalls(Wrapped):
    """What `virNetworkPort` has of calls that need no more than their declaration."""

    def parameters(self, flags: int = 0) -> dict[str, Any]:
        """Get the limits of traffic of a port."""
        result: dict[str, Any] = self._ask("network_port.parameters", flags)
        return result

    def XMLDesc(self, flags: int = 0) -> str:
        """Describe the port as XML."""
        result: str = self._ask("network_port.xml_desc", flags)
        return result

    def delete(self, flags: int = 0) -> int:
        """Remove a port."""
        result: int = self._ask("network_port.delete", flags)
        return result


class InterfaceCalls(Wrapped):
    """What `virInterface` has of calls that need no more than their declaration."""

    def XMLDesc(self, flags: int = 0) -> str:
        """Describe the interface as XML."""
        result: str = self._ask("interface.xml_desc", flags)
        return result

    def undefine(self) -> int:
        """Remove the definition of an interface."""
        result: int = self._ask("interface.undefine")
        return result

    def create(self, flags: int = 0) -> int:
        """Bring an interface up."""
        result: int = self._ask("interface.create", flags)
        return result

    def destroy(self, flags: int = 0) -> int:
        """Take an interface down."""
        result: int = self._ask("interface.destroy", flags)
        return result

    def isActive(self) -> int:
        """Tell whether the interface is up."""
        result: int = self._ask("interface.is_active")
        return result


class StoragePoolCalls(Wrapped):
    """What `virStoragePool` has of calls that need no more than their declaration."""

    def create(self, flags: int = 0) -> int:
        """Start a defined pool."""
        result: int = self._ask("storage.pool.create", flags)
        return result

    def build(self, flags: int = 0) -> int:
        """Make the storage that the pool stands on."""
        result: int = self._ask("storage.pool.build", flags)
        return result

    def destroy(self) -> int:
        """Stop a pool; its volumes stay."""
        result: int = self._ask("storage.pool.destroy")
        return result

    def delete(self, flags: int = 0) -> int:
        """Delete the storage that the pool stands on."""
        result: int = self._ask("storage.pool.delete", flags)
        return result

    def undefine(self) -> int:
        """Remove the definition of a pool."""
        result: int = self._ask("storage.pool.undefine")
        return result

    def refresh(self, flags: int = 0) -> int:
        """Look again which volumes there are."""
        result: int = self._ask("storage.pool.refresh", flags)
        return result

    def info(self) -> list[int]:
        """Get state and sizes of the pool."""
        result: list[int] = self._ask("storage.pool.info")
        return result

    def XMLDesc(self, flags: int = 0) -> str:
        """Describe the pool as XML."""
        result: str = self._ask("storage.pool.xml_desc", flags)
        return result

    def autostart(self) -> int:
        """Tell whether the pool is started with the host."""
        result: int = self._ask("storage.pool.autostart")
        return result

    def setAutostart(self, autostart: int) -> int:
        """Set whether the pool is started with the host."""
        result: int = self._ask("storage.pool.set_autostart", autostart)
        return result

    def isActive(self) -> int:
        """Tell whether the pool is started."""
        result: int = self._ask("storage.pool.is_active")
        return result

    def isPersistent(self) -> int:
        """Tell whether the pool has a definition that outlives its run."""
        result: int = self._ask("storage.pool.is_persistent")
        return result

    def numOfVolumes(self) -> int:
        """Count the volumes of the pool."""
        result: int = self._ask("storage.pool.num_of_volumes")
        return result

    def listVolumes(self) -> list[str]:
        """List the names of the volumes of the pool."""
        result: list[str] = self._ask("storage.pool.list_volumes")
        return result

    def listAllVolumes(self, flags: int = 0) -> list[virStorageVol]:
        """List the volumes of the pool."""
        result: list[virStorageVol] = self._ask("storage.pool.list_all_volumes", flags)
        return result

    def storageVolLookupByName(self, name: str) -> virStorageVol:
        """Find a volume of a pool by its name."""
        result: virStorageVol = self._ask("storage.volume.storage_vol_lookup_by_name", name)
        return result

    def createXML(self, xmlDesc: str, flags: int = 0) -> virStorageVol:
        """Make a volume as XML describes it."""
        result: virStorageVol = self._ask("storage.volume.create_xml", xmlDesc, flags)
        return result

    def createXMLFrom(self, xmlDesc: str, clonevol: virStorageVol, flags: int = 0) -> virStorageVol:
        """Make a volume as XML describes it, with the contents of another."""
        result: virStorageVol = self._ask("storage.volume.create_xml_from", xmlDesc, clonevol, flags)
        return result


class StorageVolCalls(Wrapped):
    """What `virStorageVol` has of calls that need no more than their declaration."""

    def storagePoolLookupByVolume(self) -> virStoragePool:
        """Find the pool of a volume."""
        result: virStoragePool = self._ask("storage.pool.storage_pool_lookup_by_volume")
        return result

    def delete(self, flags: int = 0) -> int:
        """Delete a volume."""
        result: int = self._ask("storage.volume.delete", flags)
        return result

    def info(self) -> list[int]:
        """Get type and sizes of the volume."""
        result: list[int] = self._ask("storage.volume.info")
        return result

    def infoFlags(self, flags: int = 0) -> list[int]:
        """Get type and sizes of the volume, of which kind the flags say."""
        result: list[int] = self._ask("storage.volume.info_flags", flags)
        return result

    def XMLDesc(self, flags: int = 0) -> str:
        """Describe the volume as XML."""
        result: str = self._ask("storage.volume.xml_desc", flags)
        return result

    def path(self) -> str:
        """Get the path of the volume on the host."""
        result: str = self._ask("storage.volume.path")
        return result

    def wipe(self, flags: int = 0) -> int:
        """Overwrite the volume so that its contents cannot be read again."""
        result: int = self._ask("storage.volume.wipe", flags)
        return result

    def wipePattern(self, algorithm: int, flags: int = 0) -> int:
        """Overwrite the volume by a chosen procedure."""
        result: int = self._ask("storage.volume.wipe_pattern", algorithm, flags)
        return result

    def resize(self, capacity: int, flags: int = 0) -> int:
        """Change the size of the volume."""
        result: int = self._ask("storage.volume.resize", capacity, flags)
        return result


class NodeDeviceCalls(Wrapped):
    """What `virNodeDevice` has of calls that need no more than their declaration."""

    def XMLDesc(self, flags: int = 0) -> str:
        """Describe the device as XML."""
        result: str = self._ask("nodedev.xml_desc", flags)
        return result

    def parent(self) -> str | None:
        """Get the name of the device that this one hangs on."""
        result: str | None = self._try("nodedev.parent", None)
        return result

    def numOfCaps(self) -> int:
        """Count the capabilities of the device."""
        result: int = self._ask("nodedev.num_of_caps")
        return result

    def listCaps(self) -> list[str]:
        """List the capabilities of the device."""
        result: list[str] = self._ask("nodedev.list_caps")
        return result

    def dettach(self) -> int:
        """Take the device away from its host driver, to give it to a guest."""
        result: int = self._ask("nodedev.dettach")
        return result

    def detachFlags(self, driverName: str | None, flags: int = 0) -> int:
        """Take the device away from its host driver and give it to the named one."""
        result: int = self._ask("nodedev.detach_flags", driverName, flags)
        return result

    def reAttach(self) -> int:
        """Give the device back to its host driver."""
        result: int = self._ask("nodedev.re_attach")
        return result

    def reset(self) -> int:
        """Reset the device."""
        result: int = self._ask("nodedev.reset")
        return result

    def destroy(self) -> int:
        """Remove a virtual device."""
        result: int = self._ask("nodedev.destroy")
        return result

    def undefine(self, flags: int = 0) -> int:
        """Remove the definition of a virtual device."""
        result: int = self._ask("nodedev.undefine", flags)
        return result

    def create(self, flags: int = 0) -> int:
        """Start a defined virtual device."""
        result: int = self._ask("nodedev.create", flags)
        return result

    def autostart(self) -> int:
        """Tell whether the device is started when its parent appears."""
        result: int = self._ask("nodedev.autostart")
        return result

    def setAutostart(self, autostart: int) -> int:
        """Set whether the device is started when its parent appears."""
        result: int = self._ask("nodedev.set_autostart", autostart)
        return result

    def isPersistent(self) -> int:
        """Tell whether the device has a definition that outlives its run."""
        result: int = self._ask("nodedev.is_persistent")
        return result

    def isActive(self) -> int:
        """Tell whether the device is there now."""
        result: int = self._ask("nodedev.is_active")
        return result

    def update(self, xmlDesc: str, flags: int = 0) -> int:
        """Change a virtual device, now or for the next start."""
        result: int = self._ask("nodedev.update", xmlDesc, flags)
        return result


class NWFilterCalls(Wrapped):
    """What `virNWFilter` has of calls that need no more than their declaration."""

    def XMLDesc(self, flags: int = 0) -> str:
        """Describe the filter as XML."""
        result: str = self._ask("nwfilter.xml_desc", flags)
        return result

    def undefine(self) -> int:
        """Remove the definition of a filter."""
        result: int = self._ask("nwfilter.undefine")
        return result


class NWFilterBindingCalls(Wrapped):
    """What `virNWFilterBinding` has of calls that need no more than their declaration."""

    def XMLDesc(self, flags: int = 0) -> str:
        """Describe the binding as XML."""
        result: str = self._ask("nwfilter_binding.xml_desc", flags)
        return result

    def delete(self) -> int:
        """Take the filter off the port device."""
        result: int = self._ask("nwfilter_binding.delete")
        return result


class SecretCalls(Wrapped):
    """What `virSecret` has of calls that need no more than their declaration."""

    def XMLDesc(self, flags: int = 0) -> str:
        """Describe the secret as XML, without its value."""
        result: str = self._ask("secret.xml_desc", flags)
        return result

    def setValue(self, value: bytes, flags: int = 0) -> int:
        """Set the value of a secret."""
        result: int = self._ask("secret.set_value", value, flags)
        return result

    def value(self, flags: int = 0) -> bytes:
        """Get the value of a secret that is not private."""
        result: bytes = self._ask("secret.value", flags)
        return result

    def undefine(self) -> int:
        """Remove a secret and its value."""
        result: int = self._ask("secret.undefine")
        return result


class Dispatchers(Events):
    """The ways by which events reach their callbacks."""

    def _dispatchDomainEventLifecycleCallback(self, dom: Any, event: Any, detail: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, event, detail)

    def _dispatchDomainEventGenericCallback(self, dom: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData)

    def _dispatchDomainEventRTCChangeCallback(self, dom: Any, offset: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, offset)

    def _dispatchDomainEventWatchdogCallback(self, dom: Any, action: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, action)

    def _dispatchDomainEventIOErrorCallback(
        self, dom: Any, srcPath: Any, devAlias: Any, action: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, srcPath, devAlias, action)

    def _dispatchDomainEventIOErrorReasonCallback(
        self, dom: Any, srcPath: Any, devAlias: Any, action: Any, reason: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, srcPath, devAlias, action, reason)

    def _dispatchDomainEventGraphicsCallback(
        self,
        dom: Any,
        phase: Any,
        localAddr: Any,
        remoteAddr: Any,
        authScheme: Any,
        subject: Any,
        cbData: dict[str, Any],
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, phase, localAddr, remoteAddr, authScheme, subject)

    def _dispatchDomainEventBlockJobCallback(
        self, dom: Any, disk: Any, type: Any, status: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, disk, type, status)

    def _dispatchDomainEventDiskChangeCallback(
        self, dom: Any, oldSrcPath: Any, newSrcPath: Any, devAlias: Any, reason: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, oldSrcPath, newSrcPath, devAlias, reason)

    def _dispatchDomainEventTrayChangeCallback(
        self, dom: Any, devAlias: Any, reason: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, devAlias, reason)

    def _dispatchDomainEventPMWakeupCallback(self, dom: Any, reason: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, reason)

    def _dispatchDomainEventPMSuspendCallback(self, dom: Any, reason: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, reason)

    def _dispatchDomainEventBalloonChangeCallback(self, dom: Any, actual: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, actual)

    def _dispatchDomainEventPMSuspendDiskCallback(self, dom: Any, reason: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, reason)

    def _dispatchDomainEventDeviceRemovedCallback(self, dom: Any, devAlias: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, devAlias)

    def _dispatchDomainEventTunableCallback(self, dom: Any, params: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, params)

    def _dispatchDomainEventAgentLifecycleCallback(
        self, dom: Any, state: Any, reason: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, state, reason)

    def _dispatchDomainEventDeviceAddedCallback(self, dom: Any, devAlias: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, devAlias)

    def _dispatchDomainEventMigrationIterationCallback(self, dom: Any, iteration: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, iteration)

    def _dispatchDomainEventJobCompletedCallback(self, dom: Any, params: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, params)

    def _dispatchDomainEventDeviceRemovalFailedCallback(self, dom: Any, devAlias: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, devAlias)

    def _dispatchDomainEventMetadataChangeCallback(
        self, dom: Any, mtype: Any, nsuri: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, mtype, nsuri)

    def _dispatchDomainEventBlockThresholdCallback(
        self, dom: Any, dev: Any, path: Any, threshold: Any, excess: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, dev, path, threshold, excess)

    def _dispatchDomainEventMemoryFailureCallback(
        self, dom: Any, recipient: Any, action: Any, flags: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, recipient, action, flags)

    def _dispatchDomainEventMemoryDeviceSizeChangeCallback(
        self, dom: Any, alias: Any, size: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, alias, size)

    def _dispatchDomainEventNICMACChangeCallback(
        self, dom: Any, alias: Any, oldMAC: Any, newMAC: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, alias, oldMAC, newMAC)

    def _dispatchDomainEventVcpuRemovedCallback(self, dom: Any, vcpuid: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virDomain", dom, cbData, vcpuid)

    def _dispatchDomainEventChannelLifecycleCallback(
        self, dom: Any, state: Any, reason: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virDomain", dom, cbData, state, reason)

    def _dispatchNetworkEventLifecycleCallback(self, net: Any, event: Any, detail: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virNetwork", net, cbData, event, detail)

    def _dispatchNetworkEventMetadataChangeCallback(
        self, dom: Any, mtype: Any, nsuri: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virNetwork", dom, cbData, mtype, nsuri)

    def _dispatchStoragePoolEventLifecycleCallback(
        self, pool: Any, event: Any, detail: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virStoragePool", pool, cbData, event, detail)

    def _dispatchStoragePoolEventGenericCallback(self, pool: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virStoragePool", pool, cbData)

    def _dispatchNodeDeviceEventLifecycleCallback(
        self, dev: Any, event: Any, detail: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virNodeDevice", dev, cbData, event, detail)

    def _dispatchNodeDeviceEventGenericCallback(self, dev: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virNodeDevice", dev, cbData)

    def _dispatchSecretEventLifecycleCallback(
        self, secret: Any, event: Any, detail: Any, cbData: dict[str, Any]
    ) -> int:
        return self._dispatch("virSecret", secret, cbData, event, detail)

    def _dispatchSecretEventGenericCallback(self, secret: Any, cbData: dict[str, Any]) -> int:
        return self._dispatch("virSecret", secret, cbData)
