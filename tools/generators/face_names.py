# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the historical Python interface spells calls: the rule, and every place where it is not followed.

The rule: a name in camel case in which acronyms stand in capitals, the parameters of the declaration, `flags=0` last.
`SIGNATURES` has the calls whose parameters differ, `BY_HAND` those that `libvirt-face` writes out itself because
their meaning, not only their spelling, differs.
"""

from __future__ import annotations

from covirt.api.catalogue import AnyCall, all_calls
from covirt.api.themes import Program

ACRONYMS = {word.lower(): word for word in ("XML", "UUID", "CPU", "CPUs", "URI", "NMI", "MAC", "FD", "SSH")}

NAMES = {
    "connect.host.get_sev_info": "getSEVInfo",
    "domain.agent.fs_trim": "fSTrim",
    "domain.info.os_type": "OSType",
    "domain.info.xml_desc": "XMLDesc",
    "domain.lifecycle.fd_associate": "FDAssociate",
    "domain.lifecycle.pm_suspend_for_duration": "pMSuspendForDuration",
    "domain.lifecycle.pm_wakeup": "pMWakeup",
    "domain.lookup.lookup_by_id": "lookupByID",
    "domain.vcpu.add_io_thread": "addIOThread",
    "domain.vcpu.del_io_thread": "delIOThread",
    "domain.vcpu.pin_io_thread": "pinIOThread",
    "domain.vcpu.set_io_thread_params": "setIOThreadParams",
    "interface.xml_desc": "XMLDesc",
    "network.dhcp_leases": "DHCPLeases",
    "network.xml_desc": "XMLDesc",
    "network_port.xml_desc": "XMLDesc",
    "nodedev.node_device_lookup_scsi_host_by_wwn": "nodeDeviceLookupSCSIHostByWWN",
    "nodedev.xml_desc": "XMLDesc",
    "nwfilter.list_all_nwfilters": "listAllNWFilters",
    "nwfilter.list_nwfilters": "listNWFilters",
    "nwfilter.num_of_nwfilters": "numOfNWFilters",
    "nwfilter.xml_desc": "XMLDesc",
    "nwfilter_binding.list_all_nwfilter_bindings": "listAllNWFilterBindings",
    "nwfilter_binding.xml_desc": "XMLDesc",
    "secret.xml_desc": "XMLDesc",
    "storage.pool.xml_desc": "XMLDesc",
    "storage.volume.xml_desc": "XMLDesc",
}
"""Names that the rule does not give."""

SIGNATURES = {
    "connect.cpu.baseline_cpu": "xmlCPUs, flags=0",
    "connect.cpu.baseline_hypervisor_cpu": "emulator, arch, machine, virttype, xmlCPUs, flags=0",
    "connect.cpu.compare_cpu": "xmlDesc, flags=0",
    "connect.cpu.compare_hypervisor_cpu": "emulator, arch, machine, virttype, xmlCPU, flags=0",
    "connect.host.get_cells_free_memory": "startCell, maxCells",
    "connect.host.get_cpu_stats": "cpuNum, flags=0",
    "connect.host.get_domain_capabilities": "emulatorbin=None, arch=None, machine=None, virttype=None, flags=0",
    "connect.host.get_memory_stats": "cellNum, flags=0",
    "domain.agent.fs_freeze": "mountpoints=None, flags=0",
    "domain.agent.fs_thaw": "mountpoints=None, flags=0",
    "domain.agent.fs_trim": "mountPoint, minimum, flags=0",
    "domain.agent.guest_info": "types=0, flags=0",
    "domain.agent.authorized_ssh_keys_set": "user, keys=None, flags=0",
    "domain.backup.backup_begin": "backupXML, checkpointXML, flags=0",
    "domain.block.block_commit": "disk, base, top, bandwidth=0, flags=0",
    "domain.block.block_copy": "disk, destxml, params=None, flags=0",
    "domain.block.block_job_abort": "disk, flags=0",
    "domain.block.block_job_set_speed": "disk, bandwidth, flags=0",
    "domain.block.block_peek": "disk, offset, size, flags=0",
    "domain.block.block_pull": "disk, bandwidth=0, flags=0",
    "domain.block.block_rebase": "disk, base, bandwidth=0, flags=0",
    "domain.checkpoint.checkpoint_create_xml": "xmlDesc, flags=0",
    "domain.define.domain_xml_from_native": "nativeFormat, nativeConfig, flags=0",
    "domain.define.domain_xml_to_native": "nativeFormat, domainXml, flags=0",
    "domain.lifecycle.create_xml": "xmlDesc, flags=0",
    "domain.memory.memory_peek": "start, size, flags=0",
    "domain.migration.migrate_set_compression_cache": "cacheSize, flags=0",
    "domain.save.restore": "frm",
    "domain.save.restore_flags": "frm, dxml=None, flags=0",
    "domain.save.save_flags": "to, dxml=None, flags=0",
    "domain.snapshot.snapshot_create_xml": "xmlDesc, flags=0",
    "domain.stats.interface_stats": "path",
    "domain.vcpu.set_io_thread_params": "iothread_val, params, flags=0",
    "domain.vcpu.set_vcpu": "vcpumap, state, flags=0",
    "interface.interface_lookup_by_mac_string": "macstr",
    "network.dhcp_leases": "mac=None, flags=0",
    "network.network_create_xml": "xmlDesc",
    "network.network_create_xml_flags": "xmlDesc, flags=0",
    "network.update": "command, section, parentIndex, xml, flags=0",
    "network_port.port_create_xml": "xmldesc, flags=0",
    "nodedev.detach_flags": "driverName, flags=0",
    "nodedev.node_device_create_xml": "xmlDesc, flags=0",
    "nodedev.node_device_define_xml": "xmlDesc, flags=0",
    "nodedev.update": "xmlDesc, flags=0",
    "nwfilter.nwfilter_define_xml": "xmlDesc",
    "nwfilter.nwfilter_define_xml_flags": "xmlDesc, flags=0",
    "nwfilter_binding.nwfilter_binding_lookup_by_port_dev": "portdev",
    "secret.secret_lookup_by_usage": "usageType, usageID",
    "storage.pool.find_storage_pool_sources": "type, srcSpec, flags=0",
    "storage.pool.storage_pool_create_xml": "xmlDesc, flags=0",
    "storage.volume.create_xml": "xmlDesc, flags=0",
    "storage.volume.create_xml_from": "xmlDesc, clonevol, flags=0",
}
"""Parameters that are not called as in the declaration, or have defaults of their own; the order is the same."""

BY_HAND = {
    "connect.events.domain_event_deregister": "a callback is given, not a number",
    "connect.events.domain_event_deregister_any": "callbacks are kept here",
    "connect.events.domain_event_register": "callbacks are kept here",
    "connect.events.domain_event_register_any": "callbacks are kept here",
    "connect.events.network_event_deregister_any": "callbacks are kept here",
    "connect.events.network_event_register_any": "callbacks are kept here",
    "connect.events.node_device_event_deregister_any": "callbacks are kept here",
    "connect.events.node_device_event_register_any": "callbacks are kept here",
    "connect.events.secret_event_deregister_any": "callbacks are kept here",
    "connect.events.secret_event_register_any": "callbacks are kept here",
    "connect.events.storage_pool_event_deregister_any": "callbacks are kept here",
    "connect.events.storage_pool_event_register_any": "callbacks are kept here",
    "connect.host.alloc_pages": "sizes and counts are one dictionary",
    "connect.host.get_cpu_map": "the size of the map is asked for",
    "connect.host.get_free_pages": "a dictionary by cell and size",
    "connect.host.set_memory_parameters": "types come from the present parameters",
    "connect.open.close": "counts who still uses the connection",
    "connect.open.get_uri": "only this side knows the way there",
    "connect.open.is_secure": "the way there counts, too",
    "connect.open.open": "a function of the module",
    "connect.open.register_close_callback": "callbacks are kept here",
    "connect.open.unregister_close_callback": "callbacks are kept here",
    "domain.agent.get_time": "a dictionary",
    "domain.agent.set_time": "seconds and nanoseconds are one dictionary",
    "domain.console.open_channel": "a stream is given",
    "domain.console.open_console": "a stream is given",
    "domain.console.open_graphics": "a descriptor is given",
    "domain.console.open_graphics_fd": "a descriptor is returned",
    "domain.console.screenshot": "a stream is given",
    "domain.console.send_key": "the number of keys is given, too",
    "domain.lifecycle.create": "the number of the guest changes",
    "domain.lifecycle.create_with_files": "descriptors are given",
    "domain.lifecycle.create_with_flags": "the number of the guest changes",
    "domain.lifecycle.create_xml_with_files": "descriptors are given",
    "domain.lifecycle.destroy": "the number of the guest changes",
    "domain.lifecycle.destroy_flags": "the number of the guest changes",
    "domain.lifecycle.fd_associate": "descriptors are given",
    "domain.lifecycle.shutdown": "the number of the guest may change",
    "domain.lifecycle.shutdown_flags": "the number of the guest may change",
    "domain.lookup.list_domains_id": "the size of the list is not asked for",
    "domain.memory.memory_stats": "there are no flags",
    "domain.save.managed_save": "the number of the guest changes",
    "domain.save.save": "the number of the guest changes",
    "domain.snapshot.revert_to_snapshot": "a method of the domain",
    "domain.stats.get_all_domain_stats": "also a method with a list of domains",
    "domain.stats.get_cpu_stats": "one call becomes several",
    "domain.tuning.set_blkio_parameters": "types come from the present parameters",
    "domain.tuning.set_interface_parameters": "types come from the present parameters",
    "domain.tuning.set_memory_parameters": "types come from the present parameters",
    "domain.tuning.set_numa_parameters": "types come from the present parameters",
    "domain.tuning.set_perf_events": "types come from the present parameters",
    "domain.tuning.set_scheduler_parameters": "types come from the present parameters",
    "domain.tuning.set_scheduler_parameters_flags": "types come from the present parameters",
    "domain.vcpu.emulator_pin_info": "the host's number of processors is the size of the map",
    "domain.vcpu.io_thread_info": "the host's number of processors is the size of the maps",
    "domain.vcpu.pin_emulator": "the map is a tuple",
    "domain.vcpu.pin_io_thread": "the map is a tuple",
    "domain.vcpu.pin_vcpu": "the map is a tuple",
    "domain.vcpu.pin_vcpu_flags": "the map is a tuple",
    "domain.vcpu.vcpu_pin_info": "the host's number of processors is the size of the maps",
    "domain.vcpu.vcpus": "the host's number of processors is the size of the maps",
    "network_port.port_lookup_by_uuid": "also a method with the text of a UUID",
    "network_port.set_parameters": "types come from the present parameters",
    "storage.volume.download": "a stream is given",
    "storage.volume.upload": "a stream is given",
}
"""Calls that have a method written by hand, and why."""

INSTEAD = {
    "connect.host.get_free_memory": "0",
    "domain.migration.migrate_get_compression_cache": "None",
    "domain.migration.migrate_get_max_downtime": "None",
    "domain.vcpu.guest_vcpus": "None",
    "nodedev.parent": "None",
}
"""Calls that give a value instead of an exception when they fail."""

ABSENT = {
    "connect.open.supports_feature": "only for the library itself",
}
"""Calls of the C interface that Python programs never had."""


def wrapped_calls() -> list[AnyCall]:
    """The calls that have a generated method."""
    return [
        call
        for call in all_calls(Program.REMOTE)
        if call.api and not call.traits.internal and call.qualified not in BY_HAND | ABSENT
    ]


def method_name(call: AnyCall) -> str:
    """The name of the method."""
    first, *rest = call.name.split("_")
    return NAMES.get(call.qualified) or first + "".join(ACRONYMS.get(word, word.capitalize()) for word in rest)


def parameters(call: AnyCall) -> list[tuple[str, str | None]]:
    """Names and defaults after `self`."""
    stated = SIGNATURES.get(call.qualified)
    if stated is None:
        return [(one.name, "0" if one.name == "flags" else None) for one in call.parameters]
    split = [item.partition("=") for item in stated.split(", ")]
    return [(name, default if equals else None) for name, equals, default in split]


RESULTS = {
    "BlockInfo": "list[int]",
    "BlockJobInfo": "dict[str, int]",
    "BlockStats": "tuple[int, ...]",
    "ControlInfo": "list[int]",
    "DomainInfo": "list[int]",
    "InterfaceStats": "tuple[int, ...]",
    "JobInfo": "list[int]",
    "JobStats": "dict[str, Any]",
    "NodeInfo": "list[Any]",
    "SchedulerType": "tuple[str, int]",
    "SecurityLabel": "list[Any]",
    "SecurityModel": "list[str]",
    "StateAndReason": "list[int]",
    "StoragePoolInfo": "list[int]",
    "StorageVolInfo": "list[int]",
    "list[DhcpLease]": "list[dict[str, Any]]",
    "list[DiskError]": "dict[str, int]",
    "list[FileSystem]": "list[tuple[str, str, str, list[str]]]",
    "list[GuestInterface]": "dict[str, Any]",
    "list[NodeStat]": "dict[str, int]",
    "list[SecurityLabel]": "list[list[Any]]",
}
"""What Python programs get for results that have several parts; `libvirt._shapes` makes it."""

DISPATCHERS = (
    "DomainEventLifecycle(dom, event, detail)",
    "DomainEventGeneric(dom)",
    "DomainEventRTCChange(dom, offset)",
    "DomainEventWatchdog(dom, action)",
    "DomainEventIOError(dom, srcPath, devAlias, action)",
    "DomainEventIOErrorReason(dom, srcPath, devAlias, action, reason)",
    "DomainEventGraphics(dom, phase, localAddr, remoteAddr, authScheme, subject)",
    "DomainEventBlockJob(dom, disk, type, status)",
    "DomainEventDiskChange(dom, oldSrcPath, newSrcPath, devAlias, reason)",
    "DomainEventTrayChange(dom, devAlias, reason)",
    "DomainEventPMWakeup(dom, reason)",
    "DomainEventPMSuspend(dom, reason)",
    "DomainEventBalloonChange(dom, actual)",
    "DomainEventPMSuspendDisk(dom, reason)",
    "DomainEventDeviceRemoved(dom, devAlias)",
    "DomainEventTunable(dom, params)",
    "DomainEventAgentLifecycle(dom, state, reason)",
    "DomainEventDeviceAdded(dom, devAlias)",
    "DomainEventMigrationIteration(dom, iteration)",
    "DomainEventJobCompleted(dom, params)",
    "DomainEventDeviceRemovalFailed(dom, devAlias)",
    "DomainEventMetadataChange(dom, mtype, nsuri)",
    "DomainEventBlockThreshold(dom, dev, path, threshold, excess)",
    "DomainEventMemoryFailure(dom, recipient, action, flags)",
    "DomainEventMemoryDeviceSizeChange(dom, alias, size)",
    "DomainEventNICMACChange(dom, alias, oldMAC, newMAC)",
    "DomainEventVcpuRemoved(dom, vcpuid)",
    "DomainEventChannelLifecycle(dom, state, reason)",
    "NetworkEventLifecycle(net, event, detail)",
    "NetworkEventMetadataChange(dom, mtype, nsuri)",
    "StoragePoolEventLifecycle(pool, event, detail)",
    "StoragePoolEventGeneric(pool)",
    "NodeDeviceEventLifecycle(dev, event, detail)",
    "NodeDeviceEventGeneric(dev)",
    "SecretEventLifecycle(secret, event, detail)",
    "SecretEventGeneric(secret)",
)
"""The methods by which events reach callbacks; their names follow the events' only more or less."""
