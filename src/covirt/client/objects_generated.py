# SPDX-License-Identifier: LGPL-2.1-or-later
# ruff: noqa: B008
"""The objects of the API with all their calls. Made by tools/generate.py from the declarations; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from covirt.api import handles
from covirt.api import interface as _interface
from covirt.api import lxc as _lxc
from covirt.api import network as _network
from covirt.api import network_port as _network_port
from covirt.api import nodedev as _nodedev
from covirt.api import nwfilter as _nwfilter
from covirt.api import nwfilter_binding as _nwfilter_binding
from covirt.api import qemu as _qemu
from covirt.api import secret as _secret
from covirt.api.connect import cpu as _connect_cpu
from covirt.api.connect import host as _connect_host
from covirt.api.connect import open as _connect_open
from covirt.api.connect.cpu import ConnectBaselineCPUFlags, ConnectCompareCPUFlags, CPUCompareResult
from covirt.api.connect.host import (
    ConnectGetDomainCapabilitiesFlags,
    CpuMap,
    NodeAllocPagesFlags,
    NodeInfo,
    NodeStat,
    NodeSuspendTarget,
    SecurityModel,
)
from covirt.api.domain import agent as _domain_agent
from covirt.api.domain import backup as _domain_backup
from covirt.api.domain import block as _domain_block
from covirt.api.domain import checkpoint as _domain_checkpoint
from covirt.api.domain import console as _domain_console
from covirt.api.domain import define as _domain_define
from covirt.api.domain import devices as _domain_devices
from covirt.api.domain import info as _domain_info
from covirt.api.domain import jobs as _domain_jobs
from covirt.api.domain import lifecycle as _domain_lifecycle
from covirt.api.domain import lookup as _domain_lookup
from covirt.api.domain import memory as _domain_memory
from covirt.api.domain import metadata as _domain_metadata
from covirt.api.domain import migration as _domain_migration
from covirt.api.domain import save as _domain_save
from covirt.api.domain import security as _domain_security
from covirt.api.domain import snapshot as _domain_snapshot
from covirt.api.domain import stats as _domain_stats
from covirt.api.domain import tuning as _domain_tuning
from covirt.api.domain import vcpu as _domain_vcpu
from covirt.api.domain.agent import (
    DomainAuthorizedSSHKeysSetFlags,
    DomainGuestInfoTypes,
    DomainInterfaceAddressesSource,
    DomainSetTimeFlags,
    DomainSetUserPasswordFlags,
    FileSystem,
    GuestInterface,
    GuestTime,
)
from covirt.api.domain.backup import DomainBackupBeginFlags
from covirt.api.domain.block import (
    BlockInfo,
    BlockJobInfo,
    DiskError,
    DomainBlockCommitFlags,
    DomainBlockCopyFlags,
    DomainBlockJobAbortFlags,
    DomainBlockJobInfoFlags,
    DomainBlockJobSetSpeedFlags,
    DomainBlockPullFlags,
    DomainBlockRebaseFlags,
    DomainBlockResizeFlags,
)
from covirt.api.domain.checkpoint import (
    DomainCheckpointCreateFlags,
    DomainCheckpointDeleteFlags,
    DomainCheckpointListFlags,
    DomainCheckpointXMLFlags,
)
from covirt.api.domain.console import (
    DomainChannelFlags,
    DomainConsoleFlags,
    DomainGraphicsReloadType,
    DomainOpenGraphicsFlags,
    KeycodeSet,
)
from covirt.api.domain.define import DomainDefineFlags, DomainUndefineFlags
from covirt.api.domain.devices import DomainDeviceModifyFlags
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.info import (
    ControlInfo,
    DomainGetHostnameFlags,
    DomainInfo,
    DomainMessageType,
    DomainXMLFlags,
    StateAndReason,
)
from covirt.api.domain.jobs import DomainAbortJobFlags, DomainGetJobStatsFlags, JobInfo, JobStats
from covirt.api.domain.lifecycle import (
    DomainCreateFlags,
    DomainDestroyFlags,
    DomainFDAssociateFlags,
    DomainLifecycle,
    DomainLifecycleAction,
    DomainProcessSignal,
    DomainRebootFlags,
    DomainShutdownFlags,
)
from covirt.api.domain.lookup import ConnectListAllDomainsFlags
from covirt.api.domain.memory import DomainMemoryFlags, DomainMemoryModFlags, MemoryStat
from covirt.api.domain.metadata import DomainMetadataType
from covirt.api.domain.migration import DomainMigrateMaxSpeedFlags
from covirt.api.domain.save import (
    DomainCoreDumpFlags,
    DomainCoreDumpFormat,
    DomainSaveImageXMLFlags,
    DomainSaveRestoreFlags,
)
from covirt.api.domain.security import SecurityLabel
from covirt.api.domain.snapshot import (
    DomainSnapshotCreateFlags,
    DomainSnapshotDeleteFlags,
    DomainSnapshotListFlags,
    DomainSnapshotRevertFlags,
    DomainSnapshotXMLFlags,
)
from covirt.api.domain.stats import (
    BlockStats,
    ConnectGetAllDomainStatsFlags,
    CpuStats,
    DomainDirtyRateCalcFlags,
    DomainStatsRecord,
    DomainStatsTypes,
    InterfaceStats,
)
from covirt.api.domain.tuning import SchedulerType
from covirt.api.domain.vcpu import DomainVcpuFlags, EmulatorPins, IoThread, VcpuPins, VcpusAndMaps
from covirt.api.enums import NoFlags
from covirt.api.interface import ConnectListAllInterfacesFlags, InterfaceDefineFlags, InterfaceXMLFlags
from covirt.api.network import (
    ConnectListAllNetworksFlags,
    DhcpLease,
    NetworkCreateFlags,
    NetworkDefineFlags,
    NetworkMetadataType,
    NetworkUpdateCommand,
    NetworkUpdateFlags,
    NetworkUpdateSection,
    NetworkXMLFlags,
)
from covirt.api.network_port import NetworkPortCreateFlags
from covirt.api.nodedev import (
    ConnectListAllNodeDeviceFlags,
    NodeDeviceCreateXMLFlags,
    NodeDeviceDefineXMLFlags,
    NodeDeviceUpdateFlags,
    NodeDeviceXMLFlags,
)
from covirt.api.nwfilter import NWFilterDefineFlags
from covirt.api.nwfilter_binding import NWFilterBindingCreateFlags
from covirt.api.params import TypedParams
from covirt.api.qemu import DomainQemuMonitorCommandFlags
from covirt.api.secret import ConnectListAllSecretsFlags, SecretDefineFlags, SecretUsageType
from covirt.api.storage import pool as _storage_pool
from covirt.api.storage import volume as _storage_volume
from covirt.api.storage.pool import (
    ConnectListAllStoragePoolsFlags,
    StoragePoolBuildFlags,
    StoragePoolCreateFlags,
    StoragePoolDefineFlags,
    StoragePoolDeleteFlags,
    StoragePoolInfo,
    StorageXMLFlags,
)
from covirt.api.storage.volume import (
    StorageVolCreateFlags,
    StorageVolDeleteFlags,
    StorageVolDownloadFlags,
    StorageVolInfo,
    StorageVolInfoFlags,
    StorageVolResizeFlags,
    StorageVolUploadFlags,
    StorageVolWipeAlgorithm,
)
from covirt.api.stream import StreamEnd
from covirt.client.objects import ClientObject, ConnectionObject, GivenParams, typed_params
from covirt.values import Uuid


class Connection(ConnectionObject):
    """The connection itself, and the host behind it."""

    __slots__ = ()

    async def get_type(self) -> str:
        """Get the name of the hypervisor driver, such as QEMU."""
        result: str = (await self._perform(_connect_open.get_type, ())).result
        return result

    async def get_version(self) -> int:
        """Get the version of the hypervisor as major * 1,000,000 + minor * 1,000 + release."""
        result: int = (await self._perform(_connect_open.get_version, ())).result
        return result

    async def get_lib_version(self) -> int:
        """Get the version of the library on the other side, in the same form."""
        result: int = (await self._perform(_connect_open.get_lib_version, ())).result
        return result

    async def get_hostname(self) -> str:
        """Get the name of the host."""
        result: str = (await self._perform(_connect_open.get_hostname, ())).result
        return result

    async def get_uri(self) -> str:
        """Get the URI that the connection really uses."""
        result: str = (await self._perform(_connect_open.get_uri, ())).result
        return result

    async def get_max_vcpus(self, type: str | None = None) -> int:
        """Get the most virtual CPUs that a guest of this type may have."""
        result: int = (await self._perform(_connect_host.get_max_vcpus, (type,))).result
        return result

    async def get_info(self) -> NodeInfo:
        """Get model, memory and processors of the host."""
        result: NodeInfo = (await self._perform(_connect_host.get_info, ())).result
        return result

    async def get_capabilities(self) -> str:
        """Describe the host and what guests it can run, as XML."""
        result: str = (await self._perform(_connect_host.get_capabilities, ())).result
        return result

    async def get_sysinfo(self, flags: NoFlags = NoFlags(0)) -> str:
        """Describe the host's firmware tables, as XML."""
        result: str = (await self._perform(_connect_host.get_sysinfo, (flags,))).result
        return result

    async def get_domain_capabilities(
        self,
        emulatorbin: str | None = None,
        arch: str | None = None,
        machine: str | None = None,
        virttype: str | None = None,
        flags: ConnectGetDomainCapabilitiesFlags = ConnectGetDomainCapabilitiesFlags(0),
    ) -> str:
        """Describe what guests of an emulator, architecture and machine can have, as XML."""
        result: str = (
            await self._perform(_connect_host.get_domain_capabilities, (emulatorbin, arch, machine, virttype, flags))
        ).result
        return result

    async def get_cells_free_memory(self, start_cell: int, maxcells: int) -> list[int]:
        """Get the free bytes of a range of NUMA cells."""
        result: list[int] = (await self._perform(_connect_host.get_cells_free_memory, (start_cell, maxcells))).result
        return result

    async def get_free_memory(self) -> int:
        """Get the free bytes of the host."""
        result: int = (await self._perform(_connect_host.get_free_memory, ())).result
        return result

    async def get_cpu_stats(self, cpu_num: int, flags: NoFlags = NoFlags(0)) -> list[NodeStat]:
        """Get how long the host's CPUs did what, in nanoseconds; -1 means all of them together."""
        result: list[NodeStat] = (await self._perform(_connect_host.get_cpu_stats, (cpu_num, flags))).result
        return result

    async def get_memory_stats(self, cell_num: int, flags: NoFlags = NoFlags(0)) -> list[NodeStat]:
        """Get the memory figures of a NUMA cell in KiB; -1 means all of them together."""
        result: list[NodeStat] = (await self._perform(_connect_host.get_memory_stats, (cell_num, flags))).result
        return result

    async def set_memory_parameters(self, params: GivenParams, flags: NoFlags = NoFlags(0)) -> None:
        """Set how the host merges equal memory pages."""
        await self._perform(_connect_host.set_memory_parameters, (typed_params(params, _connect_host), flags))

    async def get_memory_parameters(self, flags: NoFlags = NoFlags(0)) -> TypedParams:
        """Get how the host merges equal memory pages."""
        result: TypedParams = (await self._perform(_connect_host.get_memory_parameters, (flags,))).result
        return result

    async def get_cpu_map(self, need_map: bool, need_online: bool, flags: NoFlags = NoFlags(0)) -> CpuMap:
        """Get which CPUs the host has and which are online."""
        result: CpuMap = (await self._perform(_connect_host.get_cpu_map, (need_map, need_online, flags))).result
        return result

    async def get_free_pages(
        self, pages: Sequence[int], start_cell: int, cell_count: int, flags: NoFlags = NoFlags(0)
    ) -> list[int]:
        """Get the free pages of each size in a range of NUMA cells."""
        result: list[int] = (
            await self._perform(_connect_host.get_free_pages, (list(pages), start_cell, cell_count, flags))
        ).result
        return result

    async def alloc_pages(
        self,
        page_sizes: Sequence[int],
        page_counts: Sequence[int],
        start_cell: int,
        cell_count: int,
        flags: NodeAllocPagesFlags = NodeAllocPagesFlags(0),
    ) -> int:
        """Set aside huge pages in NUMA cells, and tell how many cells could."""
        result: int = (
            await self._perform(
                _connect_host.alloc_pages, (list(page_sizes), list(page_counts), start_cell, cell_count, flags)
            )
        ).result
        return result

    async def get_sev_info(self, flags: NoFlags = NoFlags(0)) -> TypedParams:
        """Get what the host offers for encrypted guests of AMD."""
        result: TypedParams = (await self._perform(_connect_host.get_sev_info, (flags,))).result
        return result

    async def get_security_model(self) -> SecurityModel:
        """Get the security model that confines guests."""
        result: SecurityModel = (await self._perform(_connect_host.get_security_model, ())).result
        return result

    async def suspend_for_duration(self, target: NodeSuspendTarget, duration: int, flags: NoFlags = NoFlags(0)) -> None:
        """Put the host to sleep and have it woken up after some seconds."""
        await self._perform(_connect_host.suspend_for_duration, (target, duration, flags))

    async def compare_cpu(
        self, xml: str, flags: ConnectCompareCPUFlags = ConnectCompareCPUFlags(0)
    ) -> CPUCompareResult:
        """Compare a CPU description with the host's CPU."""
        result: CPUCompareResult = (await self._perform(_connect_cpu.compare_cpu, (xml, flags))).result
        return result

    async def compare_hypervisor_cpu(
        self,
        emulator: str | None,
        arch: str | None,
        machine: str | None,
        virttype: str | None,
        xml_cpu: str,
        flags: ConnectCompareCPUFlags = ConnectCompareCPUFlags(0),
    ) -> CPUCompareResult:
        """Compare a CPU description with what an emulator offers on this host."""
        result: CPUCompareResult = (
            await self._perform(
                _connect_cpu.compare_hypervisor_cpu, (emulator, arch, machine, virttype, xml_cpu, flags)
            )
        ).result
        return result

    async def baseline_cpu(
        self, xml_cpus: Sequence[str], flags: ConnectBaselineCPUFlags = ConnectBaselineCPUFlags(0)
    ) -> str:
        """Compute the best CPU that all the given ones can do."""
        result: str = (await self._perform(_connect_cpu.baseline_cpu, (list(xml_cpus), flags))).result
        return result

    async def baseline_hypervisor_cpu(
        self,
        emulator: str | None,
        arch: str | None,
        machine: str | None,
        virttype: str | None,
        xml_cpus: Sequence[str],
        flags: ConnectBaselineCPUFlags = ConnectBaselineCPUFlags(0),
    ) -> str:
        """Compute the best CPU that all the given ones and the emulator can do."""
        result: str = (
            await self._perform(
                _connect_cpu.baseline_hypervisor_cpu, (emulator, arch, machine, virttype, list(xml_cpus), flags)
            )
        ).result
        return result

    async def get_cpu_model_names(self, arch: str, flags: NoFlags = NoFlags(0)) -> list[str]:
        """List the CPU models that are known for an architecture."""
        result: list[str] = (await self._perform(_connect_cpu.get_cpu_model_names, (arch, flags))).result
        return result

    async def list_all_domains(self, flags: ConnectListAllDomainsFlags = ConnectListAllDomainsFlags(0)) -> list[Domain]:
        """List the domains that match the flags."""
        reply = await self._perform(_domain_lookup.list_all_domains, (flags,))
        return [Domain(self.channel, item) for item in reply.result]

    async def lookup_by_id(self, id: int) -> Domain:
        """Find a running domain by its number."""
        reply = await self._perform(_domain_lookup.lookup_by_id, (id,))
        return Domain(self.channel, reply.result)

    async def lookup_by_name(self, name: str) -> Domain:
        """Find a domain by its name."""
        reply = await self._perform(_domain_lookup.lookup_by_name, (name,))
        return Domain(self.channel, reply.result)

    async def lookup_by_uuid(self, uuid: Uuid) -> Domain:
        """Find a domain by its uuid."""
        reply = await self._perform(_domain_lookup.lookup_by_uuid, (uuid,))
        return Domain(self.channel, reply.result)

    async def list_domains_id(self) -> list[int]:
        """List the numbers of the running domains."""
        result: list[int] = (await self._perform(_domain_lookup.list_domains_id, ())).result
        return result

    async def num_of_domains(self) -> int:
        """Count the running domains."""
        result: int = (await self._perform(_domain_lookup.num_of_domains, ())).result
        return result

    async def list_defined_domains(self) -> list[str]:
        """List the names of the domains that do not run."""
        result: list[str] = (await self._perform(_domain_lookup.list_defined_domains, ())).result
        return result

    async def num_of_defined_domains(self) -> int:
        """Count the domains that do not run."""
        result: int = (await self._perform(_domain_lookup.num_of_defined_domains, ())).result
        return result

    async def define_xml(self, xml: str) -> Domain:
        """Define a domain from XML, or give a defined one a new configuration."""
        reply = await self._perform(_domain_define.define_xml, (xml,))
        return Domain(self.channel, reply.result)

    async def define_xml_flags(self, xml: str, flags: DomainDefineFlags = DomainDefineFlags(0)) -> Domain:
        """Define a domain from XML, with checks as the flags say."""
        reply = await self._perform(_domain_define.define_xml_flags, (xml, flags))
        return Domain(self.channel, reply.result)

    async def domain_xml_from_native(self, native_format: str, native_config: str, flags: NoFlags = NoFlags(0)) -> str:
        """Translate the hypervisor's own form of a configuration into domain XML."""
        result: str = (
            await self._perform(_domain_define.domain_xml_from_native, (native_format, native_config, flags))
        ).result
        return result

    async def domain_xml_to_native(self, native_format: str, domain_xml: str, flags: NoFlags = NoFlags(0)) -> str:
        """Translate domain XML into the hypervisor's own form."""
        result: str = (
            await self._perform(_domain_define.domain_xml_to_native, (native_format, domain_xml, flags))
        ).result
        return result

    async def create_xml(self, xml_desc: str, flags: DomainCreateFlags = DomainCreateFlags(0)) -> Domain:
        """Start a domain that has no definition of its own and is gone when it ends."""
        reply = await self._perform(_domain_lifecycle.create_xml, (xml_desc, flags))
        return Domain(self.channel, reply.result)

    async def create_xml_with_files(
        self, xml_desc: str, flags: DomainCreateFlags = DomainCreateFlags(0), fds: Sequence[int] = ()
    ) -> Domain:
        """Start such a domain whose first program gets open files."""
        reply = await self._perform(_domain_lifecycle.create_xml_with_files, (xml_desc, flags), fds=fds)
        return Domain(self.channel, reply.result)

    async def get_all_domain_stats(
        self,
        doms: Sequence[Domain],
        stats: DomainStatsTypes,
        flags: ConnectGetAllDomainStatsFlags = ConnectGetAllDomainStatsFlags(0),
    ) -> list[DomainStatsRecord]:
        """Get the counters of many domains at once, all domains if none is named."""
        result: list[DomainStatsRecord] = (
            await self._perform(_domain_stats.get_all_domain_stats, ([item.handle for item in doms], stats, flags))
        ).result
        return result

    async def restore(self, from_file: str) -> None:
        """Start a guest from such a file."""
        await self._perform(_domain_save.restore, (from_file,))

    async def restore_flags(
        self, from_file: str, dxml: str | None = None, flags: DomainSaveRestoreFlags = DomainSaveRestoreFlags(0)
    ) -> None:
        """Start a guest from such a file, perhaps with another description."""
        await self._perform(_domain_save.restore_flags, (from_file, dxml, flags))

    async def restore_params(
        self, params: GivenParams, flags: DomainSaveRestoreFlags = DomainSaveRestoreFlags(0)
    ) -> None:
        """Start a guest from such a file as the parameters say."""
        await self._perform(_domain_save.restore_params, (typed_params(params, _domain_save), flags))

    async def save_image_get_xml_desc(
        self, file: str, flags: DomainSaveImageXMLFlags = DomainSaveImageXMLFlags(0)
    ) -> str:
        """Get the description inside such a file."""
        result: str = (await self._perform(_domain_save.save_image_get_xml_desc, (file, flags))).result
        return result

    async def save_image_define_xml(
        self, file: str, dxml: str, flags: DomainSaveRestoreFlags = DomainSaveRestoreFlags(0)
    ) -> None:
        """Change the description inside such a file."""
        await self._perform(_domain_save.save_image_define_xml, (file, dxml, flags))

    async def list_all_networks(
        self, flags: ConnectListAllNetworksFlags = ConnectListAllNetworksFlags(0)
    ) -> list[Network]:
        """List the networks that match the flags."""
        reply = await self._perform(_network.list_all_networks, (flags,))
        return [Network(self.channel, item) for item in reply.result]

    async def network_lookup_by_name(self, name: str) -> Network:
        """Find a network by its name."""
        reply = await self._perform(_network.network_lookup_by_name, (name,))
        return Network(self.channel, reply.result)

    async def network_lookup_by_uuid(self, uuid: Uuid) -> Network:
        """Find a network by its uuid."""
        reply = await self._perform(_network.network_lookup_by_uuid, (uuid,))
        return Network(self.channel, reply.result)

    async def num_of_networks(self) -> int:
        """Count the active networks."""
        result: int = (await self._perform(_network.num_of_networks, ())).result
        return result

    async def list_networks(self) -> list[str]:
        """List the names of the active networks."""
        result: list[str] = (await self._perform(_network.list_networks, ())).result
        return result

    async def num_of_defined_networks(self) -> int:
        """Count the inactive networks."""
        result: int = (await self._perform(_network.num_of_defined_networks, ())).result
        return result

    async def list_defined_networks(self) -> list[str]:
        """List the names of the inactive networks."""
        result: list[str] = (await self._perform(_network.list_defined_networks, ())).result
        return result

    async def network_define_xml(self, xml: str) -> Network:
        """Define a network from XML, or change a defined one."""
        reply = await self._perform(_network.network_define_xml, (xml,))
        return Network(self.channel, reply.result)

    async def network_define_xml_flags(self, xml: str, flags: NetworkDefineFlags = NetworkDefineFlags(0)) -> Network:
        """Define a network from XML, with checks as the flags say."""
        reply = await self._perform(_network.network_define_xml_flags, (xml, flags))
        return Network(self.channel, reply.result)

    async def network_create_xml(self, xml: str) -> Network:
        """Start a network that has no definition of its own."""
        reply = await self._perform(_network.network_create_xml, (xml,))
        return Network(self.channel, reply.result)

    async def network_create_xml_flags(self, xml: str, flags: NetworkCreateFlags = NetworkCreateFlags(0)) -> Network:
        """Start such a network, with checks as the flags say."""
        reply = await self._perform(_network.network_create_xml_flags, (xml, flags))
        return Network(self.channel, reply.result)

    async def list_all_interfaces(
        self, flags: ConnectListAllInterfacesFlags = ConnectListAllInterfacesFlags(0)
    ) -> list[Interface]:
        """List the interfaces that match the flags."""
        reply = await self._perform(_interface.list_all_interfaces, (flags,))
        return [Interface(self.channel, item) for item in reply.result]

    async def num_of_interfaces(self) -> int:
        """Count the active interfaces."""
        result: int = (await self._perform(_interface.num_of_interfaces, ())).result
        return result

    async def list_interfaces(self) -> list[str]:
        """List the names of the active interfaces."""
        result: list[str] = (await self._perform(_interface.list_interfaces, ())).result
        return result

    async def num_of_defined_interfaces(self) -> int:
        """Count the inactive interfaces."""
        result: int = (await self._perform(_interface.num_of_defined_interfaces, ())).result
        return result

    async def list_defined_interfaces(self) -> list[str]:
        """List the names of the inactive interfaces."""
        result: list[str] = (await self._perform(_interface.list_defined_interfaces, ())).result
        return result

    async def interface_lookup_by_name(self, name: str) -> Interface:
        """Find an interface by its name."""
        reply = await self._perform(_interface.interface_lookup_by_name, (name,))
        return Interface(self.channel, reply.result)

    async def interface_lookup_by_mac_string(self, mac: str) -> Interface:
        """Find an interface by its hardware address."""
        reply = await self._perform(_interface.interface_lookup_by_mac_string, (mac,))
        return Interface(self.channel, reply.result)

    async def interface_define_xml(self, xml: str, flags: InterfaceDefineFlags = InterfaceDefineFlags(0)) -> Interface:
        """Define an interface from XML, or change a defined one."""
        reply = await self._perform(_interface.interface_define_xml, (xml, flags))
        return Interface(self.channel, reply.result)

    async def change_begin(self, flags: NoFlags = NoFlags(0)) -> None:
        """Remember the interfaces as they are, to be able to go back."""
        await self._perform(_interface.change_begin, (flags,))

    async def change_commit(self, flags: NoFlags = NoFlags(0)) -> None:
        """Keep what was changed since then."""
        await self._perform(_interface.change_commit, (flags,))

    async def change_rollback(self, flags: NoFlags = NoFlags(0)) -> None:
        """Go back to the remembered interfaces."""
        await self._perform(_interface.change_rollback, (flags,))

    async def list_all_storage_pools(
        self, flags: ConnectListAllStoragePoolsFlags = ConnectListAllStoragePoolsFlags(0)
    ) -> list[StoragePool]:
        """List the pools that match the flags."""
        reply = await self._perform(_storage_pool.list_all_storage_pools, (flags,))
        return [StoragePool(self.channel, item) for item in reply.result]

    async def num_of_storage_pools(self) -> int:
        """Count the active pools."""
        result: int = (await self._perform(_storage_pool.num_of_storage_pools, ())).result
        return result

    async def list_storage_pools(self) -> list[str]:
        """List the names of the active pools."""
        result: list[str] = (await self._perform(_storage_pool.list_storage_pools, ())).result
        return result

    async def num_of_defined_storage_pools(self) -> int:
        """Count the inactive pools."""
        result: int = (await self._perform(_storage_pool.num_of_defined_storage_pools, ())).result
        return result

    async def list_defined_storage_pools(self) -> list[str]:
        """List the names of the inactive pools."""
        result: list[str] = (await self._perform(_storage_pool.list_defined_storage_pools, ())).result
        return result

    async def storage_pool_lookup_by_name(self, name: str) -> StoragePool:
        """Find a pool by its name."""
        reply = await self._perform(_storage_pool.storage_pool_lookup_by_name, (name,))
        return StoragePool(self.channel, reply.result)

    async def storage_pool_lookup_by_uuid(self, uuid: Uuid) -> StoragePool:
        """Find a pool by its uuid."""
        reply = await self._perform(_storage_pool.storage_pool_lookup_by_uuid, (uuid,))
        return StoragePool(self.channel, reply.result)

    async def storage_pool_lookup_by_target_path(self, path: str) -> StoragePool:
        """Find the pool that is mounted at a path."""
        reply = await self._perform(_storage_pool.storage_pool_lookup_by_target_path, (path,))
        return StoragePool(self.channel, reply.result)

    async def find_storage_pool_sources(
        self, type: str, src_spec: str | None = None, flags: NoFlags = NoFlags(0)
    ) -> str:
        """Describe what pools of a type could be made from, as XML."""
        result: str = (await self._perform(_storage_pool.find_storage_pool_sources, (type, src_spec, flags))).result
        return result

    async def get_storage_pool_capabilities(self, flags: NoFlags = NoFlags(0)) -> str:
        """Describe what types of pools are possible, as XML."""
        result: str = (await self._perform(_storage_pool.get_storage_pool_capabilities, (flags,))).result
        return result

    async def storage_pool_create_xml(
        self, xml: str, flags: StoragePoolCreateFlags = StoragePoolCreateFlags(0)
    ) -> StoragePool:
        """Start a pool that has no definition of its own."""
        reply = await self._perform(_storage_pool.storage_pool_create_xml, (xml, flags))
        return StoragePool(self.channel, reply.result)

    async def storage_pool_define_xml(
        self, xml: str, flags: StoragePoolDefineFlags = StoragePoolDefineFlags(0)
    ) -> StoragePool:
        """Define a pool from XML, or change a defined one."""
        reply = await self._perform(_storage_pool.storage_pool_define_xml, (xml, flags))
        return StoragePool(self.channel, reply.result)

    async def storage_vol_lookup_by_key(self, key: str) -> StorageVol:
        """Find a volume by its key."""
        reply = await self._perform(_storage_volume.storage_vol_lookup_by_key, (key,))
        return StorageVol(self.channel, reply.result)

    async def storage_vol_lookup_by_path(self, path: str) -> StorageVol:
        """Find a volume by its path."""
        reply = await self._perform(_storage_volume.storage_vol_lookup_by_path, (path,))
        return StorageVol(self.channel, reply.result)

    async def list_all_devices(
        self, flags: ConnectListAllNodeDeviceFlags = ConnectListAllNodeDeviceFlags(0)
    ) -> list[NodeDevice]:
        """List the devices that match the flags."""
        reply = await self._perform(_nodedev.list_all_devices, (flags,))
        return [NodeDevice(self.channel, item) for item in reply.result]

    async def num_of_devices(self, cap: str | None = None, flags: NoFlags = NoFlags(0)) -> int:
        """Count the devices, of one capability or all."""
        result: int = (await self._perform(_nodedev.num_of_devices, (cap, flags))).result
        return result

    async def list_devices(self, cap: str | None = None, flags: NoFlags = NoFlags(0)) -> list[str]:
        """List the names of the devices, of one capability or all."""
        result: list[str] = (await self._perform(_nodedev.list_devices, (cap, flags))).result
        return result

    async def node_device_lookup_by_name(self, name: str) -> NodeDevice:
        """Find a device by its name."""
        reply = await self._perform(_nodedev.node_device_lookup_by_name, (name,))
        return NodeDevice(self.channel, reply.result)

    async def node_device_lookup_scsi_host_by_wwn(
        self, wwnn: str, wwpn: str, flags: NoFlags = NoFlags(0)
    ) -> NodeDevice:
        """Find a SCSI host by its world-wide names."""
        reply = await self._perform(_nodedev.node_device_lookup_scsi_host_by_wwn, (wwnn, wwpn, flags))
        return NodeDevice(self.channel, reply.result)

    async def node_device_create_xml(
        self, xml_desc: str, flags: NodeDeviceCreateXMLFlags = NodeDeviceCreateXMLFlags(0)
    ) -> NodeDevice:
        """Make a virtual device as XML describes it."""
        reply = await self._perform(_nodedev.node_device_create_xml, (xml_desc, flags))
        return NodeDevice(self.channel, reply.result)

    async def node_device_define_xml(
        self, xml_desc: str, flags: NodeDeviceDefineXMLFlags = NodeDeviceDefineXMLFlags(0)
    ) -> NodeDevice:
        """Define a virtual device from XML, or change a defined one."""
        reply = await self._perform(_nodedev.node_device_define_xml, (xml_desc, flags))
        return NodeDevice(self.channel, reply.result)

    async def list_all_nwfilters(self, flags: NoFlags = NoFlags(0)) -> list[NWFilter]:
        """List the filters."""
        reply = await self._perform(_nwfilter.list_all_nwfilters, (flags,))
        return [NWFilter(self.channel, item) for item in reply.result]

    async def num_of_nwfilters(self) -> int:
        """Count the filters."""
        result: int = (await self._perform(_nwfilter.num_of_nwfilters, ())).result
        return result

    async def list_nwfilters(self) -> list[str]:
        """List the names of the filters."""
        result: list[str] = (await self._perform(_nwfilter.list_nwfilters, ())).result
        return result

    async def nwfilter_lookup_by_name(self, name: str) -> NWFilter:
        """Find a filter by its name."""
        reply = await self._perform(_nwfilter.nwfilter_lookup_by_name, (name,))
        return NWFilter(self.channel, reply.result)

    async def nwfilter_lookup_by_uuid(self, uuid: Uuid) -> NWFilter:
        """Find a filter by its uuid."""
        reply = await self._perform(_nwfilter.nwfilter_lookup_by_uuid, (uuid,))
        return NWFilter(self.channel, reply.result)

    async def nwfilter_define_xml(self, xml: str) -> NWFilter:
        """Define a filter from XML, or change a defined one."""
        reply = await self._perform(_nwfilter.nwfilter_define_xml, (xml,))
        return NWFilter(self.channel, reply.result)

    async def nwfilter_define_xml_flags(
        self, xml: str, flags: NWFilterDefineFlags = NWFilterDefineFlags(0)
    ) -> NWFilter:
        """Define a filter from XML, with checks as the flags say."""
        reply = await self._perform(_nwfilter.nwfilter_define_xml_flags, (xml, flags))
        return NWFilter(self.channel, reply.result)

    async def list_all_nwfilter_bindings(self, flags: NoFlags = NoFlags(0)) -> list[NWFilterBinding]:
        """List the bindings."""
        reply = await self._perform(_nwfilter_binding.list_all_nwfilter_bindings, (flags,))
        return [NWFilterBinding(self.channel, item) for item in reply.result]

    async def nwfilter_binding_lookup_by_port_dev(self, name: str) -> NWFilterBinding:
        """Find the binding of a port device."""
        reply = await self._perform(_nwfilter_binding.nwfilter_binding_lookup_by_port_dev, (name,))
        return NWFilterBinding(self.channel, reply.result)

    async def nwfilter_binding_create_xml(
        self, xml: str, flags: NWFilterBindingCreateFlags = NWFilterBindingCreateFlags(0)
    ) -> NWFilterBinding:
        """Bind a filter to a port device as XML describes it."""
        reply = await self._perform(_nwfilter_binding.nwfilter_binding_create_xml, (xml, flags))
        return NWFilterBinding(self.channel, reply.result)

    async def list_all_secrets(self, flags: ConnectListAllSecretsFlags = ConnectListAllSecretsFlags(0)) -> list[Secret]:
        """List the secrets that match the flags."""
        reply = await self._perform(_secret.list_all_secrets, (flags,))
        return [Secret(self.channel, item) for item in reply.result]

    async def num_of_secrets(self) -> int:
        """Count the secrets."""
        result: int = (await self._perform(_secret.num_of_secrets, ())).result
        return result

    async def list_secrets(self) -> list[str]:
        """List the uuids of the secrets."""
        result: list[str] = (await self._perform(_secret.list_secrets, ())).result
        return result

    async def secret_lookup_by_uuid(self, uuid: Uuid) -> Secret:
        """Find a secret by its uuid."""
        reply = await self._perform(_secret.secret_lookup_by_uuid, (uuid,))
        return Secret(self.channel, reply.result)

    async def secret_lookup_by_usage(self, usage_type: SecretUsageType, usage_id: str) -> Secret:
        """Find a secret by what it is used for."""
        reply = await self._perform(_secret.secret_lookup_by_usage, (usage_type, usage_id))
        return Secret(self.channel, reply.result)

    async def secret_define_xml(self, xml: str, flags: SecretDefineFlags = SecretDefineFlags(0)) -> Secret:
        """Define a secret from XML, or change a defined one."""
        reply = await self._perform(_secret.secret_define_xml, (xml, flags))
        return Secret(self.channel, reply.result)

    async def qemu_attach(self, pid_value: int, flags: NoFlags = NoFlags(0)) -> Domain:
        """Take over a QEMU that someone else started."""
        reply = await self._perform(_qemu.qemu_attach, (pid_value, flags))
        return Domain(self.channel, reply.result)


class Domain(ClientObject[handles.Domain]):
    """A guest; `id` is -1 while it does not run."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name."""
        return self.handle.name

    @property
    def uuid(self) -> Uuid:
        """The uuid."""
        return self.handle.uuid

    @property
    def id(self) -> int:
        """The number while it runs, else -1."""
        return self.handle.id

    async def undefine(self) -> None:
        """Remove the definition of a domain."""
        await self._perform(_domain_define.undefine, ())

    async def undefine_flags(self, flags: DomainUndefineFlags = DomainUndefineFlags(0)) -> None:
        """Remove the definition of a domain and what hangs on it."""
        await self._perform(_domain_define.undefine_flags, (flags,))

    async def rename(self, new_name: str | None = None, flags: NoFlags = NoFlags(0)) -> int:
        """Give a domain another name."""
        result: int = (await self._perform(_domain_define.rename, (new_name, flags))).result
        return result

    async def is_persistent(self) -> bool:
        """Tell whether the domain has a definition that outlives its run."""
        result: bool = (await self._perform(_domain_define.is_persistent, ())).result
        return result

    async def is_updated(self) -> bool:
        """Tell whether the definition differs from what the running domain began with."""
        result: bool = (await self._perform(_domain_define.is_updated, ())).result
        return result

    async def autostart(self) -> bool:
        """Tell whether the domain is started with the host."""
        result: bool = (await self._perform(_domain_define.autostart, ())).result
        return result

    async def set_autostart(self, autostart: bool) -> None:
        """Set whether the domain is started with the host."""
        await self._perform(_domain_define.set_autostart, (autostart,))

    async def autostart_once(self) -> bool:
        """Tell whether the domain is started at the host's next start only."""
        result: bool = (await self._perform(_domain_define.autostart_once, ())).result
        return result

    async def set_autostart_once(self, autostart: bool) -> None:
        """Set whether the domain is started at the host's next start only."""
        await self._perform(_domain_define.set_autostart_once, (autostart,))

    async def create(self) -> None:
        """Start a defined domain."""
        await self._perform(_domain_lifecycle.create, ())

    async def create_with_flags(self, flags: DomainCreateFlags = DomainCreateFlags(0)) -> Domain:
        """Start a defined domain, perhaps paused or tied to this connection."""
        reply = await self._perform(_domain_lifecycle.create_with_flags, (flags,))
        return Domain(self.channel, reply.result)

    async def create_with_files(
        self, flags: DomainCreateFlags = DomainCreateFlags(0), fds: Sequence[int] = ()
    ) -> Domain:
        """Start a defined domain whose first program gets open files."""
        reply = await self._perform(_domain_lifecycle.create_with_files, (flags,), fds=fds)
        return Domain(self.channel, reply.result)

    async def shutdown(self) -> None:
        """Ask the guest to shut down."""
        await self._perform(_domain_lifecycle.shutdown, ())

    async def shutdown_flags(self, flags: DomainShutdownFlags = DomainShutdownFlags(0)) -> None:
        """Ask the guest to shut down by the ways that the flags allow."""
        await self._perform(_domain_lifecycle.shutdown_flags, (flags,))

    async def reboot(self, flags: DomainRebootFlags = DomainRebootFlags(0)) -> None:
        """Ask the guest to reboot."""
        await self._perform(_domain_lifecycle.reboot, (flags,))

    async def reset(self, flags: NoFlags = NoFlags(0)) -> None:
        """Press the reset button of the guest."""
        await self._perform(_domain_lifecycle.reset, (flags,))

    async def destroy(self) -> None:
        """Stop a guest at once, as if its power were cut."""
        await self._perform(_domain_lifecycle.destroy, ())

    async def destroy_flags(self, flags: DomainDestroyFlags = DomainDestroyFlags(0)) -> None:
        """Stop a guest at once, or give it a chance to write out its data first."""
        await self._perform(_domain_lifecycle.destroy_flags, (flags,))

    async def suspend(self) -> None:
        """Pause the guest's processors; it stays in memory."""
        await self._perform(_domain_lifecycle.suspend, ())

    async def resume(self) -> None:
        """Let a paused guest go on."""
        await self._perform(_domain_lifecycle.resume, ())

    async def pm_suspend_for_duration(
        self, target: NodeSuspendTarget, duration: int, flags: NoFlags = NoFlags(0)
    ) -> None:
        """Have the guest put itself to sleep, to wake up after some seconds."""
        await self._perform(_domain_lifecycle.pm_suspend_for_duration, (target, duration, flags))

    async def pm_wakeup(self, flags: NoFlags = NoFlags(0)) -> None:
        """Wake up a guest that sleeps."""
        await self._perform(_domain_lifecycle.pm_wakeup, (flags,))

    async def set_lifecycle_action(
        self,
        type: DomainLifecycle,
        action: DomainLifecycleAction,
        flags: DomainModificationImpact = DomainModificationImpact(0),
    ) -> None:
        """Set what happens when the guest powers off, reboots or crashes."""
        await self._perform(_domain_lifecycle.set_lifecycle_action, (type, action, flags))

    async def send_process_signal(
        self, pid_value: int, signum: DomainProcessSignal, flags: NoFlags = NoFlags(0)
    ) -> None:
        """Send a signal to a process inside the guest."""
        await self._perform(_domain_lifecycle.send_process_signal, (pid_value, signum, flags))

    async def fd_associate(
        self, name: str, flags: DomainFDAssociateFlags = DomainFDAssociateFlags(0), fds: Sequence[int] = ()
    ) -> None:
        """Give open files a name that the domain's XML can use as a disk source."""
        await self._perform(_domain_lifecycle.fd_associate, (name, flags), fds=fds)

    async def xml_desc(self, flags: DomainXMLFlags = DomainXMLFlags(0)) -> str:
        """Describe the domain as XML."""
        result: str = (await self._perform(_domain_info.xml_desc, (flags,))).result
        return result

    async def info(self) -> DomainInfo:
        """Get state, memory, processors and used CPU time."""
        result: DomainInfo = (await self._perform(_domain_info.info, ())).result
        return result

    async def state(self, flags: NoFlags = NoFlags(0)) -> StateAndReason:
        """Get the state and the reason for it; each state has its own reasons."""
        result: StateAndReason = (await self._perform(_domain_info.state, (flags,))).result
        return result

    async def is_active(self) -> bool:
        """Tell whether the guest runs."""
        result: bool = (await self._perform(_domain_info.is_active, ())).result
        return result

    async def os_type(self) -> str:
        """Get the kind of operating system interface, such as hvm."""
        result: str = (await self._perform(_domain_info.os_type, ())).result
        return result

    async def control_info(self, flags: NoFlags = NoFlags(0)) -> ControlInfo:
        """Get whether the hypervisor of this guest answers."""
        result: ControlInfo = (await self._perform(_domain_info.control_info, (flags,))).result
        return result

    async def messages(self, flags: DomainMessageType = DomainMessageType(0)) -> list[str]:
        """List what is remarkable about the guest: deprecated devices, taints."""
        result: list[str] = (await self._perform(_domain_info.messages, (flags,))).result
        return result

    async def hostname(self, flags: DomainGetHostnameFlags = DomainGetHostnameFlags(0)) -> str:
        """Get the name that the guest calls itself."""
        result: str = (await self._perform(_domain_info.hostname, (flags,))).result
        return result

    async def set_metadata(
        self,
        type: DomainMetadataType,
        metadata: str | None = None,
        key: str | None = None,
        uri: str | None = None,
        flags: DomainModificationImpact = DomainModificationImpact(0),
    ) -> None:
        """Set or remove the title, the description or the element of one namespace."""
        await self._perform(_domain_metadata.set_metadata, (type, metadata, key, uri, flags))

    async def metadata(
        self,
        type: DomainMetadataType,
        uri: str | None = None,
        flags: DomainModificationImpact = DomainModificationImpact(0),
    ) -> str:
        """Get the title, the description or the element of one namespace."""
        result: str = (await self._perform(_domain_metadata.metadata, (type, uri, flags))).result
        return result

    async def max_memory(self) -> int:
        """Get the most memory that the guest may use, in KiB."""
        result: int = (await self._perform(_domain_memory.max_memory, ())).result
        return result

    async def set_max_memory(self, memory: int) -> None:
        """Set the most memory that the guest may use, in KiB."""
        await self._perform(_domain_memory.set_max_memory, (memory,))

    async def set_memory(self, memory: int) -> None:
        """Set the memory that the running guest uses now, in KiB."""
        await self._perform(_domain_memory.set_memory, (memory,))

    async def set_memory_flags(self, memory: int, flags: DomainMemoryModFlags = DomainMemoryModFlags(0)) -> None:
        """Set the memory of the guest or its limit, now or for the next start."""
        await self._perform(_domain_memory.set_memory_flags, (memory, flags))

    async def memory_stats(self, flags: NoFlags = NoFlags(0)) -> list[MemoryStat]:
        """Get what the guest tells about its memory."""
        result: list[MemoryStat] = (await self._perform(_domain_memory.memory_stats, (flags,))).result
        return result

    async def set_memory_stats_period(self, period: int, flags: DomainMemoryModFlags = DomainMemoryModFlags(0)) -> None:
        """Set every how many seconds the guest tells about its memory."""
        await self._perform(_domain_memory.set_memory_stats_period, (period, flags))

    async def memory_peek(self, offset: int, size: int, flags: DomainMemoryFlags = DomainMemoryFlags(0)) -> bytes:
        """Read a piece of the guest's memory."""
        result: bytes = (await self._perform(_domain_memory.memory_peek, (offset, size, flags))).result
        return result

    async def max_vcpus(self) -> int:
        """Get the most virtual CPUs that the guest may have."""
        result: int = (await self._perform(_domain_vcpu.max_vcpus, ())).result
        return result

    async def vcpus(self, maxinfo: int, maplen: int) -> VcpusAndMaps:
        """Get what each virtual CPU does and where it may run."""
        result: VcpusAndMaps = (await self._perform(_domain_vcpu.vcpus, (maxinfo, maplen))).result
        return result

    async def set_vcpus(self, nvcpus: int) -> None:
        """Set the number of virtual CPUs of the running guest."""
        await self._perform(_domain_vcpu.set_vcpus, (nvcpus,))

    async def set_vcpus_flags(self, nvcpus: int, flags: DomainVcpuFlags = DomainVcpuFlags(0)) -> None:
        """Set the number of virtual CPUs or its limit, now or for the next start."""
        await self._perform(_domain_vcpu.set_vcpus_flags, (nvcpus, flags))

    async def vcpus_flags(self, flags: DomainVcpuFlags = DomainVcpuFlags(0)) -> int:
        """Get the number of virtual CPUs or its limit."""
        result: int = (await self._perform(_domain_vcpu.vcpus_flags, (flags,))).result
        return result

    async def pin_vcpu(self, vcpu: int, cpumap: bytes) -> None:
        """Set on which host CPUs a virtual CPU may run."""
        await self._perform(_domain_vcpu.pin_vcpu, (vcpu, cpumap))

    async def pin_vcpu_flags(
        self, vcpu: int, cpumap: bytes, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Set on which host CPUs a virtual CPU may run, now or for the next start."""
        await self._perform(_domain_vcpu.pin_vcpu_flags, (vcpu, cpumap, flags))

    async def vcpu_pin_info(
        self, ncpumaps: int, maplen: int, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> VcpuPins:
        """Get on which host CPUs each virtual CPU may run."""
        result: VcpuPins = (await self._perform(_domain_vcpu.vcpu_pin_info, (ncpumaps, maplen, flags))).result
        return result

    async def pin_emulator(self, cpumap: bytes, flags: DomainModificationImpact = DomainModificationImpact(0)) -> None:
        """Set on which host CPUs the emulator's own threads may run."""
        await self._perform(_domain_vcpu.pin_emulator, (cpumap, flags))

    async def emulator_pin_info(
        self, maplen: int, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> EmulatorPins:
        """Get on which host CPUs the emulator's own threads may run."""
        result: EmulatorPins = (await self._perform(_domain_vcpu.emulator_pin_info, (maplen, flags))).result
        return result

    async def guest_vcpus(self, flags: NoFlags = NoFlags(0)) -> TypedParams:
        """Get which CPUs the guest itself has online, as its agent tells."""
        result: TypedParams = (await self._perform(_domain_vcpu.guest_vcpus, (flags,))).result
        return result

    async def set_guest_vcpus(self, cpumap: str, state: int, flags: NoFlags = NoFlags(0)) -> None:
        """Have the guest itself take CPUs online or offline."""
        await self._perform(_domain_vcpu.set_guest_vcpus, (cpumap, state, flags))

    async def set_vcpu(
        self, cpumap: str, state: int, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Plug single virtual CPUs in or out."""
        await self._perform(_domain_vcpu.set_vcpu, (cpumap, state, flags))

    async def io_thread_info(self, flags: DomainModificationImpact = DomainModificationImpact(0)) -> list[IoThread]:
        """List the threads for disk input and output, and where they may run."""
        result: list[IoThread] = (await self._perform(_domain_vcpu.io_thread_info, (flags,))).result
        return result

    async def pin_io_thread(
        self, iothreads_id: int, cpumap: bytes, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Set on which host CPUs such a thread may run."""
        await self._perform(_domain_vcpu.pin_io_thread, (iothreads_id, cpumap, flags))

    async def add_io_thread(
        self, iothread_id: int, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Add a thread for disk input and output."""
        await self._perform(_domain_vcpu.add_io_thread, (iothread_id, flags))

    async def del_io_thread(
        self, iothread_id: int, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Remove a thread for disk input and output."""
        await self._perform(_domain_vcpu.del_io_thread, (iothread_id, flags))

    async def set_io_thread_params(
        self, iothread_id: int, params: GivenParams, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Set how such a thread polls and how many workers it has."""
        await self._perform(_domain_vcpu.set_io_thread_params, (iothread_id, typed_params(params, _domain_vcpu), flags))

    async def scheduler_type(self) -> SchedulerType:
        """Get the name of the scheduler and how many parameters it has."""
        result: SchedulerType = (await self._perform(_domain_tuning.scheduler_type, ())).result
        return result

    async def scheduler_parameters(self) -> TypedParams:
        """Get the shares and limits of processor time."""
        result: TypedParams = (await self._perform(_domain_tuning.scheduler_parameters, ())).result
        return result

    async def scheduler_parameters_flags(
        self, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> TypedParams:
        """Get the shares and limits of processor time, of now or of the next start."""
        result: TypedParams = (await self._perform(_domain_tuning.scheduler_parameters_flags, (flags,))).result
        return result

    async def set_scheduler_parameters(self, params: GivenParams) -> None:
        """Set shares and limits of processor time."""
        await self._perform(_domain_tuning.set_scheduler_parameters, (typed_params(params, _domain_tuning),))

    async def set_scheduler_parameters_flags(
        self, params: GivenParams, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Set shares and limits of processor time, now or for the next start."""
        await self._perform(
            _domain_tuning.set_scheduler_parameters_flags, (typed_params(params, _domain_tuning), flags)
        )

    async def memory_parameters(self, flags: DomainModificationImpact = DomainModificationImpact(0)) -> TypedParams:
        """Get the limits of memory."""
        result: TypedParams = (await self._perform(_domain_tuning.memory_parameters, (flags,))).result
        return result

    async def set_memory_parameters(
        self, params: GivenParams, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Set limits of memory in KiB."""
        await self._perform(_domain_tuning.set_memory_parameters, (typed_params(params, _domain_tuning), flags))

    async def blkio_parameters(self, flags: DomainModificationImpact = DomainModificationImpact(0)) -> TypedParams:
        """Get the shares and limits of disk traffic of the whole guest."""
        result: TypedParams = (await self._perform(_domain_tuning.blkio_parameters, (flags,))).result
        return result

    async def set_blkio_parameters(
        self, params: GivenParams, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Set shares and limits of disk traffic of the whole guest."""
        await self._perform(_domain_tuning.set_blkio_parameters, (typed_params(params, _domain_tuning), flags))

    async def block_io_tune(
        self, disk: str | None = None, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> TypedParams:
        """Get the limits of one disk."""
        result: TypedParams = (await self._perform(_domain_tuning.block_io_tune, (disk, flags))).result
        return result

    async def set_block_io_tune(
        self, disk: str, params: GivenParams, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Set limits of one disk."""
        await self._perform(_domain_tuning.set_block_io_tune, (disk, typed_params(params, _domain_tuning), flags))

    async def set_throttle_group(
        self, group: str, params: GivenParams, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Make or change a group of limits that disks can share."""
        await self._perform(_domain_tuning.set_throttle_group, (group, typed_params(params, _domain_tuning), flags))

    async def del_throttle_group(
        self, group: str | None = None, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Remove a group of limits."""
        await self._perform(_domain_tuning.del_throttle_group, (group, flags))

    async def numa_parameters(self, flags: DomainModificationImpact = DomainModificationImpact(0)) -> TypedParams:
        """Get from which NUMA cells the guest's memory comes."""
        result: TypedParams = (await self._perform(_domain_tuning.numa_parameters, (flags,))).result
        return result

    async def set_numa_parameters(
        self, params: GivenParams, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Set from which NUMA cells the guest's memory comes."""
        await self._perform(_domain_tuning.set_numa_parameters, (typed_params(params, _domain_tuning), flags))

    async def interface_parameters(
        self, device: str, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> TypedParams:
        """Get the limits of one network card."""
        result: TypedParams = (await self._perform(_domain_tuning.interface_parameters, (device, flags))).result
        return result

    async def set_interface_parameters(
        self, device: str, params: GivenParams, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Set limits of one network card."""
        await self._perform(
            _domain_tuning.set_interface_parameters, (device, typed_params(params, _domain_tuning), flags)
        )

    async def perf_events(self, flags: DomainModificationImpact = DomainModificationImpact(0)) -> TypedParams:
        """Get which performance counters are measured."""
        result: TypedParams = (await self._perform(_domain_tuning.perf_events, (flags,))).result
        return result

    async def set_perf_events(
        self, params: GivenParams, flags: DomainModificationImpact = DomainModificationImpact(0)
    ) -> None:
        """Set which performance counters are measured."""
        await self._perform(_domain_tuning.set_perf_events, (typed_params(params, _domain_tuning), flags))

    async def block_stats(self, path: str) -> BlockStats:
        """Get the traffic of one disk."""
        result: BlockStats = (await self._perform(_domain_stats.block_stats, (path,))).result
        return result

    async def block_stats_flags(self, path: str, flags: NoFlags = NoFlags(0)) -> TypedParams:
        """Get all counters of one disk, or of all disks when the path is empty."""
        result: TypedParams = (await self._perform(_domain_stats.block_stats_flags, (path, flags))).result
        return result

    async def interface_stats(self, device: str) -> InterfaceStats:
        """Get the traffic of one network card."""
        result: InterfaceStats = (await self._perform(_domain_stats.interface_stats, (device,))).result
        return result

    async def get_cpu_stats(self, nparams: int, start_cpu: int, ncpus: int, flags: NoFlags = NoFlags(0)) -> CpuStats:
        """Get how long the guest used each host CPU, or all of them when the first is -1."""
        result: CpuStats = (await self._perform(_domain_stats.get_cpu_stats, (nparams, start_cpu, ncpus, flags))).result
        return result

    async def start_dirty_rate_calc(
        self, seconds: int, flags: DomainDirtyRateCalcFlags = DomainDirtyRateCalcFlags(0)
    ) -> None:
        """Begin to measure how fast the guest changes its memory."""
        await self._perform(_domain_stats.start_dirty_rate_calc, (seconds, flags))

    async def attach_device(self, xml: str) -> None:
        """Plug a device in."""
        await self._perform(_domain_devices.attach_device, (xml,))

    async def attach_device_flags(self, xml: str, flags: DomainDeviceModifyFlags = DomainDeviceModifyFlags(0)) -> None:
        """Plug a device in, now or at the next start."""
        await self._perform(_domain_devices.attach_device_flags, (xml, flags))

    async def detach_device(self, xml: str) -> None:
        """Unplug a device."""
        await self._perform(_domain_devices.detach_device, (xml,))

    async def detach_device_flags(self, xml: str, flags: DomainDeviceModifyFlags = DomainDeviceModifyFlags(0)) -> None:
        """Unplug a device, now or at the next start."""
        await self._perform(_domain_devices.detach_device_flags, (xml, flags))

    async def detach_device_alias(
        self, alias: str, flags: DomainDeviceModifyFlags = DomainDeviceModifyFlags(0)
    ) -> None:
        """Unplug the device of an alias."""
        await self._perform(_domain_devices.detach_device_alias, (alias, flags))

    async def update_device_flags(self, xml: str, flags: DomainDeviceModifyFlags = DomainDeviceModifyFlags(0)) -> None:
        """Change a device that is plugged in."""
        await self._perform(_domain_devices.update_device_flags, (xml, flags))

    async def block_info(self, path: str, flags: NoFlags = NoFlags(0)) -> BlockInfo:
        """Get size, allocation and extent of a disk."""
        result: BlockInfo = (await self._perform(_domain_block.block_info, (path, flags))).result
        return result

    async def block_peek(self, path: str, offset: int, size: int, flags: NoFlags = NoFlags(0)) -> bytes:
        """Read a piece of a disk."""
        result: bytes = (await self._perform(_domain_block.block_peek, (path, offset, size, flags))).result
        return result

    async def block_resize(
        self, disk: str, size: int, flags: DomainBlockResizeFlags = DomainBlockResizeFlags(0)
    ) -> None:
        """Change the size of a disk; the number is in KiB unless a flag says bytes."""
        await self._perform(_domain_block.block_resize, (disk, size, flags))

    async def disk_errors(self, flags: NoFlags = NoFlags(0)) -> list[DiskError]:
        """List the disks that have had errors."""
        result: list[DiskError] = (await self._perform(_domain_block.disk_errors, (flags,))).result
        return result

    async def block_pull(
        self, path: str, bandwidth: int, flags: DomainBlockPullFlags = DomainBlockPullFlags(0)
    ) -> None:
        """Copy all backing files of a disk into its top image."""
        await self._perform(_domain_block.block_pull, (path, bandwidth, flags))

    async def block_rebase(
        self, path: str, base: str | None, bandwidth: int, flags: DomainBlockRebaseFlags = DomainBlockRebaseFlags(0)
    ) -> None:
        """Copy backing files into the top image down to a base, or the whole disk to a file."""
        await self._perform(_domain_block.block_rebase, (path, base, bandwidth, flags))

    async def block_copy(
        self, path: str, destxml: str, params: GivenParams, flags: DomainBlockCopyFlags = DomainBlockCopyFlags(0)
    ) -> None:
        """Mirror a disk to a place that XML describes."""
        await self._perform(_domain_block.block_copy, (path, destxml, typed_params(params, _domain_block), flags))

    async def block_commit(
        self,
        disk: str,
        base: str | None,
        top: str | None,
        bandwidth: int,
        flags: DomainBlockCommitFlags = DomainBlockCommitFlags(0),
    ) -> None:
        """Write the changes of upper images down into a lower one."""
        await self._perform(_domain_block.block_commit, (disk, base, top, bandwidth, flags))

    async def block_job_info(
        self, path: str, flags: DomainBlockJobInfoFlags = DomainBlockJobInfoFlags(0)
    ) -> BlockJobInfo:
        """Get how far the job on a disk is."""
        result: BlockJobInfo = (await self._perform(_domain_block.block_job_info, (path, flags))).result
        return result

    async def block_job_abort(self, path: str, flags: DomainBlockJobAbortFlags = DomainBlockJobAbortFlags(0)) -> None:
        """End the job on a disk, or switch over to its copy."""
        await self._perform(_domain_block.block_job_abort, (path, flags))

    async def block_job_set_speed(
        self, path: str, bandwidth: int, flags: DomainBlockJobSetSpeedFlags = DomainBlockJobSetSpeedFlags(0)
    ) -> None:
        """Limit the speed of the job on a disk."""
        await self._perform(_domain_block.block_job_set_speed, (path, bandwidth, flags))

    async def set_block_threshold(self, dev: str, threshold: int, flags: NoFlags = NoFlags(0)) -> None:
        """Ask to be told when a disk is written beyond a mark."""
        await self._perform(_domain_block.set_block_threshold, (dev, threshold, flags))

    async def save(self, to: str) -> None:
        """Write the guest's memory to a file and stop it."""
        await self._perform(_domain_save.save, (to,))

    async def save_flags(
        self, to: str, dxml: str | None = None, flags: DomainSaveRestoreFlags = DomainSaveRestoreFlags(0)
    ) -> None:
        """Write the guest's memory to a file and stop it, perhaps with another description inside."""
        await self._perform(_domain_save.save_flags, (to, dxml, flags))

    async def save_params(self, params: GivenParams, flags: DomainSaveRestoreFlags = DomainSaveRestoreFlags(0)) -> None:
        """Write the guest's memory to a file as the parameters say."""
        await self._perform(_domain_save.save_params, (typed_params(params, _domain_save), flags))

    async def managed_save(self, flags: DomainSaveRestoreFlags = DomainSaveRestoreFlags(0)) -> None:
        """Save the guest where its next start finds it, and stop it."""
        await self._perform(_domain_save.managed_save, (flags,))

    async def has_managed_save_image(self, flags: NoFlags = NoFlags(0)) -> bool:
        """Tell whether the next start will go on from a saved state."""
        result: bool = (await self._perform(_domain_save.has_managed_save_image, (flags,))).result
        return result

    async def managed_save_remove(self, flags: NoFlags = NoFlags(0)) -> None:
        """Forget the saved state, so that the next start boots."""
        await self._perform(_domain_save.managed_save_remove, (flags,))

    async def managed_save_get_xml_desc(self, flags: DomainSaveImageXMLFlags = DomainSaveImageXMLFlags(0)) -> str:
        """Get the description inside the managed saved state."""
        result: str = (await self._perform(_domain_save.managed_save_get_xml_desc, (flags,))).result
        return result

    async def managed_save_define_xml(
        self, dxml: str | None = None, flags: DomainSaveRestoreFlags = DomainSaveRestoreFlags(0)
    ) -> None:
        """Change the description inside the managed saved state."""
        await self._perform(_domain_save.managed_save_define_xml, (dxml, flags))

    async def core_dump(self, to: str, flags: DomainCoreDumpFlags = DomainCoreDumpFlags(0)) -> None:
        """Write the guest's memory to a file for a debugger."""
        await self._perform(_domain_save.core_dump, (to, flags))

    async def core_dump_with_format(
        self, to: str, dumpformat: DomainCoreDumpFormat, flags: DomainCoreDumpFlags = DomainCoreDumpFlags(0)
    ) -> None:
        """Write the guest's memory to a file in a chosen format."""
        await self._perform(_domain_save.core_dump_with_format, (to, dumpformat, flags))

    async def snapshot_create_xml(
        self, xml_desc: str, flags: DomainSnapshotCreateFlags = DomainSnapshotCreateFlags(0)
    ) -> DomainSnapshot:
        """Take a snapshot as XML describes it."""
        reply = await self._perform(_domain_snapshot.snapshot_create_xml, (xml_desc, flags))
        return DomainSnapshot(self.channel, reply.result)

    async def snapshot_num(self, flags: DomainSnapshotListFlags = DomainSnapshotListFlags(0)) -> int:
        """Count the snapshots of a domain."""
        result: int = (await self._perform(_domain_snapshot.snapshot_num, (flags,))).result
        return result

    async def snapshot_list_names(self, flags: DomainSnapshotListFlags = DomainSnapshotListFlags(0)) -> list[str]:
        """List the names of the snapshots of a domain."""
        result: list[str] = (await self._perform(_domain_snapshot.snapshot_list_names, (flags,))).result
        return result

    async def list_all_snapshots(
        self, flags: DomainSnapshotListFlags = DomainSnapshotListFlags(0)
    ) -> list[DomainSnapshot]:
        """List the snapshots of a domain that match the flags."""
        reply = await self._perform(_domain_snapshot.list_all_snapshots, (flags,))
        return [DomainSnapshot(self.channel, item) for item in reply.result]

    async def snapshot_lookup_by_name(self, name: str, flags: NoFlags = NoFlags(0)) -> DomainSnapshot:
        """Find a snapshot by its name."""
        reply = await self._perform(_domain_snapshot.snapshot_lookup_by_name, (name, flags))
        return DomainSnapshot(self.channel, reply.result)

    async def has_current_snapshot(self, flags: NoFlags = NoFlags(0)) -> bool:
        """Tell whether the domain stands on a snapshot."""
        result: bool = (await self._perform(_domain_snapshot.has_current_snapshot, (flags,))).result
        return result

    async def snapshot_current(self, flags: NoFlags = NoFlags(0)) -> DomainSnapshot:
        """Get the snapshot that the domain stands on."""
        reply = await self._perform(_domain_snapshot.snapshot_current, (flags,))
        return DomainSnapshot(self.channel, reply.result)

    async def checkpoint_create_xml(
        self, xml_desc: str, flags: DomainCheckpointCreateFlags = DomainCheckpointCreateFlags(0)
    ) -> DomainCheckpoint:
        """Make a checkpoint as XML describes it."""
        reply = await self._perform(_domain_checkpoint.checkpoint_create_xml, (xml_desc, flags))
        return DomainCheckpoint(self.channel, reply.result)

    async def list_all_checkpoints(
        self, flags: DomainCheckpointListFlags = DomainCheckpointListFlags(0)
    ) -> list[DomainCheckpoint]:
        """List the checkpoints of a domain that match the flags."""
        reply = await self._perform(_domain_checkpoint.list_all_checkpoints, (flags,))
        return [DomainCheckpoint(self.channel, item) for item in reply.result]

    async def checkpoint_lookup_by_name(self, name: str, flags: NoFlags = NoFlags(0)) -> DomainCheckpoint:
        """Find a checkpoint by its name."""
        reply = await self._perform(_domain_checkpoint.checkpoint_lookup_by_name, (name, flags))
        return DomainCheckpoint(self.channel, reply.result)

    async def backup_begin(
        self,
        backup_xml: str,
        checkpoint_xml: str | None = None,
        flags: DomainBackupBeginFlags = DomainBackupBeginFlags(0),
    ) -> None:
        """Begin a backup as XML describes it, perhaps with a new checkpoint."""
        await self._perform(_domain_backup.backup_begin, (backup_xml, checkpoint_xml, flags))

    async def backup_get_xml_desc(self, flags: NoFlags = NoFlags(0)) -> str:
        """Describe the running backup as XML."""
        result: str = (await self._perform(_domain_backup.backup_get_xml_desc, (flags,))).result
        return result

    async def migrate_set_max_downtime(self, downtime: int, flags: NoFlags = NoFlags(0)) -> None:
        """Set for how many milliseconds a migration may stop the guest."""
        await self._perform(_domain_migration.migrate_set_max_downtime, (downtime, flags))

    async def migrate_get_max_downtime(self, flags: NoFlags = NoFlags(0)) -> int:
        """Get for how many milliseconds a migration may stop the guest."""
        result: int = (await self._perform(_domain_migration.migrate_get_max_downtime, (flags,))).result
        return result

    async def migrate_set_max_speed(
        self, bandwidth: int, flags: DomainMigrateMaxSpeedFlags = DomainMigrateMaxSpeedFlags(0)
    ) -> None:
        """Set the most MiB a second that a migration may send."""
        await self._perform(_domain_migration.migrate_set_max_speed, (bandwidth, flags))

    async def migrate_get_max_speed(self, flags: DomainMigrateMaxSpeedFlags = DomainMigrateMaxSpeedFlags(0)) -> int:
        """Get the most MiB a second that a migration may send."""
        result: int = (await self._perform(_domain_migration.migrate_get_max_speed, (flags,))).result
        return result

    async def migrate_get_compression_cache(self, flags: NoFlags = NoFlags(0)) -> int:
        """Get the bytes that a compressing migration keeps to compare pages."""
        result: int = (await self._perform(_domain_migration.migrate_get_compression_cache, (flags,))).result
        return result

    async def migrate_set_compression_cache(self, cache_size: int, flags: NoFlags = NoFlags(0)) -> None:
        """Set the bytes that a compressing migration keeps to compare pages."""
        await self._perform(_domain_migration.migrate_set_compression_cache, (cache_size, flags))

    async def migrate_start_post_copy(self, flags: NoFlags = NoFlags(0)) -> None:
        """Let the guest run on its new host before all of its memory is there."""
        await self._perform(_domain_migration.migrate_start_post_copy, (flags,))

    async def fs_freeze(self, mountpoints: Sequence[str], flags: NoFlags = NoFlags(0)) -> int:
        """Have the guest write out and hold still its file systems, all if none is named."""
        result: int = (await self._perform(_domain_agent.fs_freeze, (list(mountpoints), flags))).result
        return result

    async def fs_thaw(self, mountpoints: Sequence[str], flags: NoFlags = NoFlags(0)) -> int:
        """Let the guest's file systems go on."""
        result: int = (await self._perform(_domain_agent.fs_thaw, (list(mountpoints), flags))).result
        return result

    async def fs_trim(self, mount_point: str | None, minimum: int, flags: NoFlags = NoFlags(0)) -> None:
        """Have the guest give back unused blocks of its file systems."""
        await self._perform(_domain_agent.fs_trim, (mount_point, minimum, flags))

    async def fs_info(self, flags: NoFlags = NoFlags(0)) -> list[FileSystem]:
        """List the file systems that the guest has mounted."""
        result: list[FileSystem] = (await self._perform(_domain_agent.fs_info, (flags,))).result
        return result

    async def get_time(self, flags: NoFlags = NoFlags(0)) -> GuestTime:
        """Get the guest's clock."""
        result: GuestTime = (await self._perform(_domain_agent.get_time, (flags,))).result
        return result

    async def set_time(self, seconds: int, nseconds: int, flags: DomainSetTimeFlags = DomainSetTimeFlags(0)) -> None:
        """Set the guest's clock."""
        await self._perform(_domain_agent.set_time, (seconds, nseconds, flags))

    async def set_user_password(
        self,
        user: str | None = None,
        password: str | None = None,
        flags: DomainSetUserPasswordFlags = DomainSetUserPasswordFlags(0),
    ) -> None:
        """Set the password of a user of the guest."""
        await self._perform(_domain_agent.set_user_password, (user, password, flags))

    async def interface_addresses(
        self, source: DomainInterfaceAddressesSource, flags: NoFlags = NoFlags(0)
    ) -> list[GuestInterface]:
        """List the addresses of the guest's network cards, from a source."""
        result: list[GuestInterface] = (await self._perform(_domain_agent.interface_addresses, (source, flags))).result
        return result

    async def guest_info(self, types: DomainGuestInfoTypes, flags: NoFlags = NoFlags(0)) -> TypedParams:
        """Get what the agent tells about users, system, time zone, disks and more."""
        result: TypedParams = (await self._perform(_domain_agent.guest_info, (types, flags))).result
        return result

    async def agent_set_response_timeout(self, timeout: int, flags: NoFlags = NoFlags(0)) -> int:
        """Set how long calls wait for the agent."""
        result: int = (await self._perform(_domain_agent.agent_set_response_timeout, (timeout, flags))).result
        return result

    async def authorized_ssh_keys_get(self, user: str, flags: NoFlags = NoFlags(0)) -> list[str]:
        """List the ssh keys that may log in as a user of the guest."""
        result: list[str] = (await self._perform(_domain_agent.authorized_ssh_keys_get, (user, flags))).result
        return result

    async def authorized_ssh_keys_set(
        self,
        user: str,
        keys: Sequence[str],
        flags: DomainAuthorizedSSHKeysSetFlags = DomainAuthorizedSSHKeysSetFlags(0),
    ) -> None:
        """Set, add or remove the ssh keys that may log in as a user of the guest."""
        await self._perform(_domain_agent.authorized_ssh_keys_set, (user, list(keys), flags))

    async def open_console(
        self, dev_name: str | None = None, flags: DomainConsoleFlags = DomainConsoleFlags(0)
    ) -> StreamEnd:
        """Connect a stream to a console or serial port, the first if none is named."""
        _, stream = await self._stream(_domain_console.open_console, (dev_name, flags))
        return stream

    async def open_channel(
        self, name: str | None = None, flags: DomainChannelFlags = DomainChannelFlags(0)
    ) -> StreamEnd:
        """Connect a stream to a channel, the first if none is named."""
        _, stream = await self._stream(_domain_console.open_channel, (name, flags))
        return stream

    async def screenshot(self, screen: int, flags: NoFlags = NoFlags(0)) -> tuple[str | None, StreamEnd]:
        """Take a picture of a screen; the stream brings it, the result tells its type."""
        result, stream = await self._stream(_domain_console.screenshot, (screen, flags))
        return result, stream

    async def send_key(
        self, codeset: KeycodeSet, holdtime: int, keycodes: Sequence[int], flags: NoFlags = NoFlags(0)
    ) -> None:
        """Press keys together for some milliseconds."""
        await self._perform(_domain_console.send_key, (codeset, holdtime, list(keycodes), flags))

    async def inject_nmi(self, flags: NoFlags = NoFlags(0)) -> None:
        """Send the guest a non-maskable interrupt."""
        await self._perform(_domain_console.inject_nmi, (flags,))

    async def open_graphics(
        self, idx: int, flags: DomainOpenGraphicsFlags = DomainOpenGraphicsFlags(0), fds: Sequence[int] = ()
    ) -> None:
        """Hand an open socket to the guest's graphics server."""
        await self._perform(_domain_console.open_graphics, (idx, flags), fds=fds)

    async def open_graphics_fd(
        self, idx: int, flags: DomainOpenGraphicsFlags = DomainOpenGraphicsFlags(0)
    ) -> list[int]:
        """Get an open socket of the guest's graphics server."""
        reply = await self._perform(_domain_console.open_graphics_fd, (idx, flags))
        return list(reply.fds)

    async def graphics_reload(self, type: DomainGraphicsReloadType, flags: NoFlags = NoFlags(0)) -> None:
        """Have a graphics server read its certificates again."""
        await self._perform(_domain_console.graphics_reload, (type, flags))

    async def job_info(self) -> JobInfo:
        """Get how far the running job is, in fixed figures."""
        result: JobInfo = (await self._perform(_domain_jobs.job_info, ())).result
        return result

    async def job_stats(self, flags: DomainGetJobStatsFlags = DomainGetJobStatsFlags(0)) -> JobStats:
        """Get how far the running or the last job is, in all figures there are."""
        result: JobStats = (await self._perform(_domain_jobs.job_stats, (flags,))).result
        return result

    async def abort_job(self) -> None:
        """Stop the running job."""
        await self._perform(_domain_jobs.abort_job, ())

    async def abort_job_flags(self, flags: DomainAbortJobFlags = DomainAbortJobFlags(0)) -> None:
        """Stop the running job, also in its post-copy phase if asked."""
        await self._perform(_domain_jobs.abort_job_flags, (flags,))

    async def security_label(self) -> SecurityLabel:
        """Get the label of the guest's process."""
        result: SecurityLabel = (await self._perform(_domain_security.security_label, ())).result
        return result

    async def security_label_list(self) -> list[SecurityLabel]:
        """Get the labels of the guest's process under all models."""
        result: list[SecurityLabel] = (await self._perform(_domain_security.security_label_list, ())).result
        return result

    async def launch_security_info(self, flags: NoFlags = NoFlags(0)) -> TypedParams:
        """Get the measurement and policy of an encrypted guest."""
        result: TypedParams = (await self._perform(_domain_security.launch_security_info, (flags,))).result
        return result

    async def set_launch_security_state(self, params: GivenParams, flags: NoFlags = NoFlags(0)) -> None:
        """Put a secret into an encrypted guest before it runs."""
        await self._perform(_domain_security.set_launch_security_state, (typed_params(params, _domain_security), flags))

    async def qemu_monitor_command(
        self, cmd: str, flags: DomainQemuMonitorCommandFlags = DomainQemuMonitorCommandFlags(0)
    ) -> str:
        """Give the monitor a command and get its answer."""
        result: str = (await self._perform(_qemu.qemu_monitor_command, (cmd, flags))).result
        return result

    async def qemu_monitor_command_with_files(
        self, cmd: str, flags: DomainQemuMonitorCommandFlags = DomainQemuMonitorCommandFlags(0), fds: Sequence[int] = ()
    ) -> tuple[str, list[int]]:
        """Give the monitor a command with open files and get its answer."""
        reply = await self._perform(_qemu.qemu_monitor_command_with_files, (cmd, flags), fds=fds)
        return reply.result, list(reply.fds)

    async def qemu_agent_command(self, cmd: str, timeout: int, flags: NoFlags = NoFlags(0)) -> str | None:
        """Give the guest's agent a command and get its answer."""
        result: str | None = (await self._perform(_qemu.qemu_agent_command, (cmd, timeout, flags))).result
        return result

    async def lxc_open_namespace(self, flags: NoFlags = NoFlags(0)) -> list[int]:
        """Get the container's namespaces as open files."""
        reply = await self._perform(_lxc.lxc_open_namespace, (flags,))
        return list(reply.fds)


class DomainSnapshot(ClientObject[handles.DomainSnapshot]):
    """A kept state of a domain."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name."""
        return self.handle.name

    @property
    def dom(self) -> Domain:
        """The domain."""
        return Domain(self.channel, self.handle.dom)

    async def get_xml_desc(self, flags: DomainSnapshotXMLFlags = DomainSnapshotXMLFlags(0)) -> str:
        """Describe the snapshot as XML."""
        result: str = (await self._perform(_domain_snapshot.get_xml_desc, (flags,))).result
        return result

    async def num_children(self, flags: DomainSnapshotListFlags = DomainSnapshotListFlags(0)) -> int:
        """Count the snapshots that were taken after this one."""
        result: int = (await self._perform(_domain_snapshot.num_children, (flags,))).result
        return result

    async def list_children_names(self, flags: DomainSnapshotListFlags = DomainSnapshotListFlags(0)) -> list[str]:
        """List the names of the snapshots that were taken after this one."""
        result: list[str] = (await self._perform(_domain_snapshot.list_children_names, (flags,))).result
        return result

    async def list_all_children(
        self, flags: DomainSnapshotListFlags = DomainSnapshotListFlags(0)
    ) -> list[DomainSnapshot]:
        """List the snapshots that were taken after this one."""
        reply = await self._perform(_domain_snapshot.list_all_children, (flags,))
        return [DomainSnapshot(self.channel, item) for item in reply.result]

    async def get_parent(self, flags: NoFlags = NoFlags(0)) -> DomainSnapshot:
        """Get the snapshot before this one."""
        reply = await self._perform(_domain_snapshot.get_parent, (flags,))
        return DomainSnapshot(self.channel, reply.result)

    async def is_current(self, flags: NoFlags = NoFlags(0)) -> bool:
        """Tell whether the domain stands on this snapshot."""
        result: bool = (await self._perform(_domain_snapshot.is_current, (flags,))).result
        return result

    async def has_metadata(self, flags: NoFlags = NoFlags(0)) -> bool:
        """Tell whether the snapshot is recorded here, not only in the disk images."""
        result: bool = (await self._perform(_domain_snapshot.has_metadata, (flags,))).result
        return result

    async def revert_to_snapshot(self, flags: DomainSnapshotRevertFlags = DomainSnapshotRevertFlags(0)) -> None:
        """Take the domain back to a snapshot."""
        await self._perform(_domain_snapshot.revert_to_snapshot, (flags,))

    async def delete(self, flags: DomainSnapshotDeleteFlags = DomainSnapshotDeleteFlags(0)) -> None:
        """Delete a snapshot, perhaps with those after it."""
        await self._perform(_domain_snapshot.delete, (flags,))


class DomainCheckpoint(ClientObject[handles.DomainCheckpoint]):
    """A point in time from which a domain's disks remember what was written."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name."""
        return self.handle.name

    @property
    def dom(self) -> Domain:
        """The domain."""
        return Domain(self.channel, self.handle.dom)

    async def get_xml_desc(self, flags: DomainCheckpointXMLFlags = DomainCheckpointXMLFlags(0)) -> str:
        """Describe the checkpoint as XML."""
        result: str = (await self._perform(_domain_checkpoint.get_xml_desc, (flags,))).result
        return result

    async def list_all_children(
        self, flags: DomainCheckpointListFlags = DomainCheckpointListFlags(0)
    ) -> list[DomainCheckpoint]:
        """List the checkpoints that were made after this one."""
        reply = await self._perform(_domain_checkpoint.list_all_children, (flags,))
        return [DomainCheckpoint(self.channel, item) for item in reply.result]

    async def get_parent(self, flags: NoFlags = NoFlags(0)) -> DomainCheckpoint:
        """Get the checkpoint before this one."""
        reply = await self._perform(_domain_checkpoint.get_parent, (flags,))
        return DomainCheckpoint(self.channel, reply.result)

    async def delete(self, flags: DomainCheckpointDeleteFlags = DomainCheckpointDeleteFlags(0)) -> None:
        """Delete a checkpoint, perhaps with those after it."""
        await self._perform(_domain_checkpoint.delete, (flags,))


class Network(ClientObject[handles.Network]):
    """A virtual network."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name."""
        return self.handle.name

    @property
    def uuid(self) -> Uuid:
        """The uuid."""
        return self.handle.uuid

    async def create(self) -> None:
        """Start a defined network."""
        await self._perform(_network.create, ())

    async def destroy(self) -> None:
        """Stop a network."""
        await self._perform(_network.destroy, ())

    async def undefine(self) -> None:
        """Remove the definition of a network."""
        await self._perform(_network.undefine, ())

    async def update(
        self,
        command: NetworkUpdateCommand,
        section: NetworkUpdateSection,
        parent_index: int,
        xml: str,
        flags: NetworkUpdateFlags = NetworkUpdateFlags(0),
    ) -> None:
        """Change one part of a network, now or for the next start."""
        await self._perform(_network.update, (command, section, parent_index, xml, flags))

    async def xml_desc(self, flags: NetworkXMLFlags = NetworkXMLFlags(0)) -> str:
        """Describe the network as XML."""
        result: str = (await self._perform(_network.xml_desc, (flags,))).result
        return result

    async def bridge_name(self) -> str:
        """Get the name of the host bridge that the network uses."""
        result: str = (await self._perform(_network.bridge_name, ())).result
        return result

    async def autostart(self) -> bool:
        """Tell whether the network is started with the host."""
        result: bool = (await self._perform(_network.autostart, ())).result
        return result

    async def set_autostart(self, autostart: bool) -> None:
        """Set whether the network is started with the host."""
        await self._perform(_network.set_autostart, (autostart,))

    async def is_active(self) -> bool:
        """Tell whether the network is up."""
        result: bool = (await self._perform(_network.is_active, ())).result
        return result

    async def is_persistent(self) -> bool:
        """Tell whether the network has a definition that outlives its run."""
        result: bool = (await self._perform(_network.is_persistent, ())).result
        return result

    async def dhcp_leases(self, mac: str | None = None, flags: NoFlags = NoFlags(0)) -> list[DhcpLease]:
        """List the addresses that the network has given out, to one card or all."""
        result: list[DhcpLease] = (await self._perform(_network.dhcp_leases, (mac, flags))).result
        return result

    async def set_metadata(
        self,
        type: NetworkMetadataType,
        metadata: str | None = None,
        key: str | None = None,
        uri: str | None = None,
        flags: NetworkUpdateFlags = NetworkUpdateFlags(0),
    ) -> None:
        """Set or remove the title, the description or the element of one namespace."""
        await self._perform(_network.set_metadata, (type, metadata, key, uri, flags))

    async def metadata(
        self, type: NetworkMetadataType, uri: str | None = None, flags: NetworkUpdateFlags = NetworkUpdateFlags(0)
    ) -> str:
        """Get the title, the description or the element of one namespace."""
        result: str = (await self._perform(_network.metadata, (type, uri, flags))).result
        return result

    async def list_all_ports(self, flags: NoFlags = NoFlags(0)) -> list[NetworkPort]:
        """List the ports of a network."""
        reply = await self._perform(_network_port.list_all_ports, (flags,))
        return [NetworkPort(self.channel, item) for item in reply.result]

    async def port_lookup_by_uuid(self, uuid: Uuid) -> NetworkPort:
        """Find a port of a network by its uuid."""
        reply = await self._perform(_network_port.port_lookup_by_uuid, (uuid,))
        return NetworkPort(self.channel, reply.result)

    async def port_create_xml(self, xml: str, flags: NetworkPortCreateFlags = NetworkPortCreateFlags(0)) -> NetworkPort:
        """Make a port as XML describes it."""
        reply = await self._perform(_network_port.port_create_xml, (xml, flags))
        return NetworkPort(self.channel, reply.result)


class NetworkPort(ClientObject[handles.NetworkPort]):
    """A port by which a guest's card is plugged into a network."""

    __slots__ = ()

    @property
    def network(self) -> Network:
        """The network."""
        return Network(self.channel, self.handle.network)

    @property
    def uuid(self) -> Uuid:
        """The uuid."""
        return self.handle.uuid

    async def parameters(self, flags: NoFlags = NoFlags(0)) -> TypedParams:
        """Get the limits of traffic of a port."""
        result: TypedParams = (await self._perform(_network_port.parameters, (flags,))).result
        return result

    async def set_parameters(self, params: GivenParams, flags: NoFlags = NoFlags(0)) -> None:
        """Set limits of traffic of a port."""
        await self._perform(_network_port.set_parameters, (typed_params(params, _network_port), flags))

    async def xml_desc(self, flags: NoFlags = NoFlags(0)) -> str:
        """Describe the port as XML."""
        result: str = (await self._perform(_network_port.xml_desc, (flags,))).result
        return result

    async def delete(self, flags: NoFlags = NoFlags(0)) -> None:
        """Remove a port."""
        await self._perform(_network_port.delete, (flags,))


class Interface(ClientObject[handles.Interface]):
    """A network interface of the host."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name."""
        return self.handle.name

    @property
    def mac(self) -> str:
        """The mac."""
        return self.handle.mac

    async def xml_desc(self, flags: InterfaceXMLFlags = InterfaceXMLFlags(0)) -> str:
        """Describe the interface as XML."""
        result: str = (await self._perform(_interface.xml_desc, (flags,))).result
        return result

    async def undefine(self) -> None:
        """Remove the definition of an interface."""
        await self._perform(_interface.undefine, ())

    async def create(self, flags: NoFlags = NoFlags(0)) -> None:
        """Bring an interface up."""
        await self._perform(_interface.create, (flags,))

    async def destroy(self, flags: NoFlags = NoFlags(0)) -> None:
        """Take an interface down."""
        await self._perform(_interface.destroy, (flags,))

    async def is_active(self) -> bool:
        """Tell whether the interface is up."""
        result: bool = (await self._perform(_interface.is_active, ())).result
        return result


class StoragePool(ClientObject[handles.StoragePool]):
    """A place where volumes are kept."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name."""
        return self.handle.name

    @property
    def uuid(self) -> Uuid:
        """The uuid."""
        return self.handle.uuid

    async def create(self, flags: StoragePoolCreateFlags = StoragePoolCreateFlags(0)) -> None:
        """Start a defined pool."""
        await self._perform(_storage_pool.create, (flags,))

    async def build(self, flags: StoragePoolBuildFlags = StoragePoolBuildFlags(0)) -> None:
        """Make the storage that the pool stands on."""
        await self._perform(_storage_pool.build, (flags,))

    async def destroy(self) -> None:
        """Stop a pool; its volumes stay."""
        await self._perform(_storage_pool.destroy, ())

    async def delete(self, flags: StoragePoolDeleteFlags = StoragePoolDeleteFlags(0)) -> None:
        """Delete the storage that the pool stands on."""
        await self._perform(_storage_pool.delete, (flags,))

    async def undefine(self) -> None:
        """Remove the definition of a pool."""
        await self._perform(_storage_pool.undefine, ())

    async def refresh(self, flags: NoFlags = NoFlags(0)) -> None:
        """Look again which volumes there are."""
        await self._perform(_storage_pool.refresh, (flags,))

    async def info(self) -> StoragePoolInfo:
        """Get state and sizes of the pool."""
        result: StoragePoolInfo = (await self._perform(_storage_pool.info, ())).result
        return result

    async def xml_desc(self, flags: StorageXMLFlags = StorageXMLFlags(0)) -> str:
        """Describe the pool as XML."""
        result: str = (await self._perform(_storage_pool.xml_desc, (flags,))).result
        return result

    async def autostart(self) -> bool:
        """Tell whether the pool is started with the host."""
        result: bool = (await self._perform(_storage_pool.autostart, ())).result
        return result

    async def set_autostart(self, autostart: bool) -> None:
        """Set whether the pool is started with the host."""
        await self._perform(_storage_pool.set_autostart, (autostart,))

    async def is_active(self) -> bool:
        """Tell whether the pool is started."""
        result: bool = (await self._perform(_storage_pool.is_active, ())).result
        return result

    async def is_persistent(self) -> bool:
        """Tell whether the pool has a definition that outlives its run."""
        result: bool = (await self._perform(_storage_pool.is_persistent, ())).result
        return result

    async def num_of_volumes(self) -> int:
        """Count the volumes of the pool."""
        result: int = (await self._perform(_storage_pool.num_of_volumes, ())).result
        return result

    async def list_volumes(self) -> list[str]:
        """List the names of the volumes of the pool."""
        result: list[str] = (await self._perform(_storage_pool.list_volumes, ())).result
        return result

    async def list_all_volumes(self, flags: NoFlags = NoFlags(0)) -> list[StorageVol]:
        """List the volumes of the pool."""
        reply = await self._perform(_storage_pool.list_all_volumes, (flags,))
        return [StorageVol(self.channel, item) for item in reply.result]

    async def storage_vol_lookup_by_name(self, name: str) -> StorageVol:
        """Find a volume of a pool by its name."""
        reply = await self._perform(_storage_volume.storage_vol_lookup_by_name, (name,))
        return StorageVol(self.channel, reply.result)

    async def create_xml(self, xml: str, flags: StorageVolCreateFlags = StorageVolCreateFlags(0)) -> StorageVol:
        """Make a volume as XML describes it."""
        reply = await self._perform(_storage_volume.create_xml, (xml, flags))
        return StorageVol(self.channel, reply.result)

    async def create_xml_from(
        self, xml: str, clonevol: StorageVol, flags: StorageVolCreateFlags = StorageVolCreateFlags(0)
    ) -> StorageVol:
        """Make a volume as XML describes it, with the contents of another."""
        reply = await self._perform(_storage_volume.create_xml_from, (xml, clonevol.handle, flags))
        return StorageVol(self.channel, reply.result)


class StorageVol(ClientObject[handles.StorageVol]):
    """A volume; `key` is unique on the host and beyond."""

    __slots__ = ()

    @property
    def pool(self) -> str:
        """The pool."""
        return self.handle.pool

    @property
    def name(self) -> str:
        """The name."""
        return self.handle.name

    @property
    def key(self) -> str:
        """The key."""
        return self.handle.key

    async def storage_pool_lookup_by_volume(self) -> StoragePool:
        """Find the pool of a volume."""
        reply = await self._perform(_storage_pool.storage_pool_lookup_by_volume, ())
        return StoragePool(self.channel, reply.result)

    async def delete(self, flags: StorageVolDeleteFlags = StorageVolDeleteFlags(0)) -> None:
        """Delete a volume."""
        await self._perform(_storage_volume.delete, (flags,))

    async def info(self) -> StorageVolInfo:
        """Get type and sizes of the volume."""
        result: StorageVolInfo = (await self._perform(_storage_volume.info, ())).result
        return result

    async def info_flags(self, flags: StorageVolInfoFlags = StorageVolInfoFlags(0)) -> StorageVolInfo:
        """Get type and sizes of the volume, of which kind the flags say."""
        result: StorageVolInfo = (await self._perform(_storage_volume.info_flags, (flags,))).result
        return result

    async def xml_desc(self, flags: NoFlags = NoFlags(0)) -> str:
        """Describe the volume as XML."""
        result: str = (await self._perform(_storage_volume.xml_desc, (flags,))).result
        return result

    async def path(self) -> str:
        """Get the path of the volume on the host."""
        result: str = (await self._perform(_storage_volume.path, ())).result
        return result

    async def wipe(self, flags: NoFlags = NoFlags(0)) -> None:
        """Overwrite the volume so that its contents cannot be read again."""
        await self._perform(_storage_volume.wipe, (flags,))

    async def wipe_pattern(self, algorithm: StorageVolWipeAlgorithm, flags: NoFlags = NoFlags(0)) -> None:
        """Overwrite the volume by a chosen procedure."""
        await self._perform(_storage_volume.wipe_pattern, (algorithm, flags))

    async def resize(self, capacity: int, flags: StorageVolResizeFlags = StorageVolResizeFlags(0)) -> None:
        """Change the size of the volume."""
        await self._perform(_storage_volume.resize, (capacity, flags))

    async def upload(
        self, offset: int, length: int, flags: StorageVolUploadFlags = StorageVolUploadFlags(0)
    ) -> StreamEnd:
        """Write the bytes of a stream into the volume."""
        _, stream = await self._stream(_storage_volume.upload, (offset, length, flags))
        return stream

    async def download(
        self, offset: int, length: int, flags: StorageVolDownloadFlags = StorageVolDownloadFlags(0)
    ) -> StreamEnd:
        """Read the volume into a stream."""
        _, stream = await self._stream(_storage_volume.download, (offset, length, flags))
        return stream


class NodeDevice(ClientObject[handles.NodeDevice]):
    """A device of the host."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name."""
        return self.handle.name

    async def xml_desc(self, flags: NodeDeviceXMLFlags = NodeDeviceXMLFlags(0)) -> str:
        """Describe the device as XML."""
        result: str = (await self._perform(_nodedev.xml_desc, (flags,))).result
        return result

    async def parent(self) -> str | None:
        """Get the name of the device that this one hangs on."""
        result: str | None = (await self._perform(_nodedev.parent, ())).result
        return result

    async def num_of_caps(self) -> int:
        """Count the capabilities of the device."""
        result: int = (await self._perform(_nodedev.num_of_caps, ())).result
        return result

    async def list_caps(self) -> list[str]:
        """List the capabilities of the device."""
        result: list[str] = (await self._perform(_nodedev.list_caps, ())).result
        return result

    async def dettach(self) -> None:
        """Take the device away from its host driver, to give it to a guest."""
        await self._perform(_nodedev.dettach, ())

    async def detach_flags(self, driver_name: str | None = None, flags: NoFlags = NoFlags(0)) -> None:
        """Take the device away from its host driver and give it to the named one."""
        await self._perform(_nodedev.detach_flags, (driver_name, flags))

    async def re_attach(self) -> None:
        """Give the device back to its host driver."""
        await self._perform(_nodedev.re_attach, ())

    async def reset(self) -> None:
        """Reset the device."""
        await self._perform(_nodedev.reset, ())

    async def destroy(self) -> None:
        """Remove a virtual device."""
        await self._perform(_nodedev.destroy, ())

    async def undefine(self, flags: NoFlags = NoFlags(0)) -> None:
        """Remove the definition of a virtual device."""
        await self._perform(_nodedev.undefine, (flags,))

    async def create(self, flags: NoFlags = NoFlags(0)) -> None:
        """Start a defined virtual device."""
        await self._perform(_nodedev.create, (flags,))

    async def autostart(self) -> bool:
        """Tell whether the device is started when its parent appears."""
        result: bool = (await self._perform(_nodedev.autostart, ())).result
        return result

    async def set_autostart(self, autostart: bool) -> None:
        """Set whether the device is started when its parent appears."""
        await self._perform(_nodedev.set_autostart, (autostart,))

    async def is_persistent(self) -> bool:
        """Tell whether the device has a definition that outlives its run."""
        result: bool = (await self._perform(_nodedev.is_persistent, ())).result
        return result

    async def is_active(self) -> bool:
        """Tell whether the device is there now."""
        result: bool = (await self._perform(_nodedev.is_active, ())).result
        return result

    async def update(self, xml_desc: str, flags: NodeDeviceUpdateFlags = NodeDeviceUpdateFlags(0)) -> None:
        """Change a virtual device, now or for the next start."""
        await self._perform(_nodedev.update, (xml_desc, flags))


class NWFilter(ClientObject[handles.NWFilter]):
    """A set of firewall rules for guests."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name."""
        return self.handle.name

    @property
    def uuid(self) -> Uuid:
        """The uuid."""
        return self.handle.uuid

    async def xml_desc(self, flags: NoFlags = NoFlags(0)) -> str:
        """Describe the filter as XML."""
        result: str = (await self._perform(_nwfilter.xml_desc, (flags,))).result
        return result

    async def undefine(self) -> None:
        """Remove the definition of a filter."""
        await self._perform(_nwfilter.undefine, ())


class NWFilterBinding(ClientObject[handles.NWFilterBinding]):
    """The use of a filter on one port device."""

    __slots__ = ()

    @property
    def port_dev(self) -> str:
        """The port dev."""
        return self.handle.port_dev

    @property
    def filter_name(self) -> str:
        """The filter name."""
        return self.handle.filter_name

    async def xml_desc(self, flags: NoFlags = NoFlags(0)) -> str:
        """Describe the binding as XML."""
        result: str = (await self._perform(_nwfilter_binding.xml_desc, (flags,))).result
        return result

    async def delete(self) -> None:
        """Take the filter off the port device."""
        await self._perform(_nwfilter_binding.delete, ())


class Secret(ClientObject[handles.Secret]):
    """A password or key that is kept for others."""

    __slots__ = ()

    @property
    def uuid(self) -> Uuid:
        """The uuid."""
        return self.handle.uuid

    @property
    def usage_type(self) -> int:
        """The usage type."""
        return self.handle.usage_type

    @property
    def usage_id(self) -> str:
        """The usage id."""
        return self.handle.usage_id

    async def xml_desc(self, flags: NoFlags = NoFlags(0)) -> str:
        """Describe the secret as XML, without its value."""
        result: str = (await self._perform(_secret.xml_desc, (flags,))).result
        return result

    async def set_value(self, value: bytes, flags: NoFlags = NoFlags(0)) -> None:
        """Set the value of a secret."""
        await self._perform(_secret.set_value, (value, flags))

    async def value(self, flags: NoFlags = NoFlags(0)) -> bytes:
        """Get the value of a secret that is not private."""
        result: bytes = (await self._perform(_secret.value, (flags,))).result
        return result

    async def undefine(self) -> None:
        """Remove a secret and its value."""
        await self._perform(_secret.undefine, ())
