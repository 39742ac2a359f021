# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the candidates for values come from, by the name that a declaration gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from covirt.api.domain.lookup import ConnectListAllDomainsFlags
from covirt.api.interface import ConnectListAllInterfacesFlags
from covirt.api.network import ConnectListAllNetworksFlags
from covirt.api.storage.pool import ConnectListAllStoragePoolsFlags
from covirt.api.storage.volume import StorageVolWipeAlgorithm
from covirt.cli.event_texts import TEXTS
from covirt.cli.parse import Invocation
from covirt.errors import Error
from covirt.keycodes import CODE_SETS

if TYPE_CHECKING:
    from covirt.cli.shell import Shell
    from covirt.client.objects_generated import Domain

Completer = Callable[["Shell", Invocation], Awaitable[list[str]]]


POOL_TYPES = (
    *("dir", "fs", "netfs", "logical", "disk", "iscsi", "iscsi-direct", "scsi", "mpath", "rbd", "sheepdog"),
    *("gluster", "zfs", "vstorage"),
)


NODE_CAPABILITIES = (
    *("system", "pci", "usb_device", "usb", "net", "scsi_host", "scsi_target", "scsi", "storage", "fc_host", "vports"),
    *("scsi_generic", "drm", "mdev_types", "mdev", "ccw", "css", "vdpa", "ap_card", "ap_queue", "ap_matrix", "vpd"),
    *("ccwgroup", "ccwgroup_member"),
)


def fixed(*values: str) -> Completer:
    """Always the same candidates."""

    async def complete(shell: Shell, invocation: Invocation) -> list[str]:
        return list(values)

    return complete


async def domain_names(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of domains that the command can be about."""
    only = invocation.last.only if invocation.last else None
    which = ConnectListAllDomainsFlags[only] if only else ConnectListAllDomainsFlags(0)
    return sorted(domain.name for domain in await shell.conn.list_all_domains(which))


async def help_words(shell: Shell, invocation: Invocation) -> list[str]:
    """Commands and groups."""
    return list(shell.commands.names())


async def domain_consoles(shell: Shell, invocation: Invocation) -> list[str]:
    """Aliases of character devices."""
    return await _aliases(shell, invocation, ("console", "serial", "parallel", "channel"))


async def domain_disks(shell: Shell, invocation: Invocation) -> list[str]:
    """Targets of a domain's disks."""
    domain = await _domain(shell, invocation)
    if domain is None:
        return []
    targets = ElementTree.fromstring(await domain.xml_desc()).iterfind("devices/disk/target")
    return [target.get("dev", "") for target in targets]


async def domain_vcpus(shell: Shell, invocation: Invocation) -> list[str]:
    """Numbers of a domain's processors."""
    domain = await _domain(shell, invocation)
    if domain is None:
        return []
    count = ElementTree.fromstring(await domain.xml_desc()).findtext("vcpu", "0")
    return [str(number) for number in range(int(count))]


async def host_cpus(shell: Shell, invocation: Invocation) -> list[str]:
    """Numbers of the host's processors."""
    return [str(number) for number in range((await shell.conn.get_cpu_map(False, False)).total)]


async def snapshots(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of a domain's snapshots."""
    domain = await _domain(shell, invocation)
    return sorted(one.name for one in await domain.list_all_snapshots()) if domain else []


async def checkpoints(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of a domain's checkpoints."""
    domain = await _domain(shell, invocation)
    return sorted(one.name for one in await domain.list_all_checkpoints()) if domain else []


async def io_threads(shell: Shell, invocation: Invocation) -> list[str]:
    """Numbers of a domain's threads for disks."""
    domain = await _domain(shell, invocation)
    return [str(thread.iothread_id) for thread in await domain.io_thread_info()] if domain else []


async def throttle_groups(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of a domain's throttle groups."""
    domain = await _domain(shell, invocation)
    if domain is None:
        return []
    path = "throttlegroups/throttlegroup/group_name"
    return [group.text or "" for group in ElementTree.fromstring(await domain.xml_desc()).iterfind(path)]


async def pools(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of storage pools that the command can be about."""
    only = invocation.last.only if invocation.last else None
    which = ConnectListAllStoragePoolsFlags[only] if only else ConnectListAllStoragePoolsFlags(0)
    return sorted(pool.name for pool in await shell.conn.list_all_storage_pools(which))


async def networks(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of networks that the command can be about."""
    only = invocation.last.only if invocation.last else None
    which = ConnectListAllNetworksFlags[only] if only else ConnectListAllNetworksFlags(0)
    return sorted(network.name for network in await shell.conn.list_all_networks(which))


async def network_uuids(shell: Shell, invocation: Invocation) -> list[str]:
    """UUIDs of networks."""
    return [str(network.uuid) for network in await shell.conn.list_all_networks(ConnectListAllNetworksFlags(0))]


async def architectures(shell: Shell, invocation: Invocation) -> list[str]:
    """Architectures that the hypervisor has guests for."""
    found = ElementTree.fromstring(await shell.conn.get_capabilities()).iterfind("guest/arch")
    return sorted({arch.get("name", "") for arch in found})


async def domain_events(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of events."""
    return [name for name, _ in TEXTS.values()]


async def _aliases(shell: Shell, invocation: Invocation, kinds: Iterable[str]) -> list[str]:
    domain = await _domain(shell, invocation)
    if domain is None:
        return []
    devices = ElementTree.fromstring(await domain.xml_desc()).find("devices")
    found = [] if devices is None else [alias for kind in kinds for alias in devices.iterfind(f"{kind}/alias")]
    return [alias.get("name", "") for alias in found]


async def _domain(shell: Shell, invocation: Invocation) -> Domain | None:
    try:
        return await shell.conn.lookup_by_name(str(invocation.given.get("domain", "")))
    except Error:
        return None


async def devices(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of the host's devices."""
    return sorted(device.name for device in await shell.conn.list_all_devices())


async def secrets(shell: Shell, invocation: Invocation) -> list[str]:
    """UUIDs of secrets."""
    return sorted(str(secret.uuid) for secret in await shell.conn.list_all_secrets())


async def filters(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of filters."""
    return sorted(one.name for one in await shell.conn.list_all_nwfilters())


async def filter_bindings(shell: Shell, invocation: Invocation) -> list[str]:
    """Interfaces with filters."""
    return sorted(one.port_dev for one in await shell.conn.list_all_nwfilter_bindings())


async def interfaces(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of the host's interfaces that the command can be about."""
    only = invocation.last.only if invocation.last else None
    which = ConnectListAllInterfacesFlags[only] if only else ConnectListAllInterfacesFlags(0)
    return sorted(one.name for one in await shell.conn.list_all_interfaces(which))


async def interface_macs(shell: Shell, invocation: Invocation) -> list[str]:
    """MAC addresses of the host's interfaces."""
    return sorted(one.mac for one in await shell.conn.list_all_interfaces())


async def volumes(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of the volumes of the pool that was named."""
    wanted = invocation.given.get("pool") or invocation.given.get("inputpool")
    if not wanted:
        return []
    pool = await shell.conn.storage_pool_lookup_by_name(str(wanted))
    return sorted(volume.name for volume in await pool.list_all_volumes())


async def volume_keys(shell: Shell, invocation: Invocation) -> list[str]:
    """Keys of all volumes of the pools that are active."""
    found = await shell.conn.list_all_storage_pools(ConnectListAllStoragePoolsFlags.ACTIVE)
    return sorted([volume.key for pool in found for volume in await pool.list_all_volumes()])


COMPLETERS: dict[str, Completer] = {
    "domain-name": domain_names,
    "domain-undefine-storage-disks": domain_disks,
    "domain-event-name": domain_events,
    "domain-vcpu": domain_vcpus,
    "domain-cpulist": host_cpus,
    "snapshot-name": snapshots,
    "checkpoint-name": checkpoints,
    "domain-io-thread-id": io_threads,
    "domain-throttle-groups": throttle_groups,
    "storage-pool-name": pools,
    "pool-type": fixed(*POOL_TYPES),
    "network-name": networks,
    "network-uuid": network_uuids,
    "arch": architectures,
    "domain-shutdown-mode": fixed("acpi", "agent", "initctl", "signal", "paravirt"),
    "domain-console": domain_consoles,
    "domain-virt-type": fixed("qemu", "kvm", "xen", "lxc", "hvf", "test"),
    "help-command": help_words,
    "nodedev-name": devices,
    "domain-disk": domain_disks,
    "keycode-set": fixed(*CODE_SETS),
    "nodedev-cap": fixed(*NODE_CAPABILITIES),
    "secret-uuid": secrets,
    "nwfilter-name": filters,
    "nwfilter-binding": filter_bindings,
    "interface-name": interfaces,
    "interface-mac": interface_macs,
    "storage-vol-name": volumes,
    "storage-vol-key": volume_keys,
    "storage-vol-wipe": fixed(*(one.name.lower() for one in StorageVolWipeAlgorithm)),
}
