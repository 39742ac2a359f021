# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a definition to the plan that its controller carries out; what cannot be done is refused here."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from covirt.drivers.lxc.controller.plan import LinkPlan, MountPlan, NodePlan, Plan
from covirt.drivers.lxc.limits import node_of
from covirt.errors import ConfigUnsupported, SystemCallFailed
from covirt.host.capabilities import Capability
from covirt.model.common.ip import InterfaceIp, Route
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.filesystem import (
    DeviceSource,
    DirectorySource,
    Filesystem,
    RamSource,
)
from covirt.model.domain.devices.hostdev_sources import MiscCapability, NetCapability, StorageCapability
from covirt.model.domain.feature_parts import Capabilities, CapabilityPolicy
from covirt.model.domain.idmap import IdRange

LOST = frozenset(
    {Capability.SYS_MODULE, Capability.SYS_TIME, Capability.MKNOD, Capability.AUDIT_CONTROL, Capability.MAC_ADMIN}
)
"""What containers do not have unless their definition says so."""


def make_plan(
    guest: DomainDefinition, *, staging: Path, groups: Sequence[Path], links: list[LinkPlan], nodes: list[NodePlan]
) -> Plan:
    """All that the controller has to know."""
    root, others = _split(guest.devices.filesystems)
    source = root.source if root is not None else DirectorySource(type="mount", path="/")
    os_, idmap = guest.os, guest.idmap
    capabilities = capabilities_of(guest.features.capabilities)
    return Plan(
        name=guest.name,
        hostname=guest.name,
        root=_path(source.path),
        root_kind="block" if isinstance(source, DeviceSource) else "bind",
        root_read_only=root is not None and root.readonly,
        staging=str(staging),
        argv=[os_.init or "/sbin/init", *os_.init_arguments],
        env=_environment(guest),
        directory=os_.init_directory or "/",
        user=os_.init_user,
        group=os_.init_group,
        mounts=[_mount(one) for one in others],
        nodes=nodes,
        users=_ranges(idmap.users) if idmap else [],
        groups=_ranges(idmap.groups) if idmap else [],
        cgroups=[str(path) for path in groups],
        private_network=bool(guest.features.privnet or guest.devices.interfaces or _nets(guest)),
        links=links,
        capabilities=sorted(capabilities),
        no_new_privileges=_policy(guest) is CapabilityPolicy.DENY or os_.init_user is not None,
        consoles=len(guest.devices.consoles),
    )


def check_possible(guest: DomainDefinition) -> None:
    """Refuse what this driver does not do yet."""
    devices = guest.devices
    for one in devices.filesystems:
        if not isinstance(one.source, DirectorySource | DeviceSource | RamSource):
            raise ConfigUnsupported(f"filesystem type {one.type} is not supported for containers")
    if guest.extensions.lxc is not None:
        raise ConfigUnsupported("namespaces shared with other containers are not supported")
    if devices.disks:
        raise ConfigUnsupported("disks of containers are not supported")
    for hostdev in devices.hostdevs:
        if not isinstance(hostdev.source, StorageCapability | MiscCapability | NetCapability):
            raise ConfigUnsupported(f"host devices of type {hostdev.source.type} are not supported for containers")


def host_nodes(guest: DomainDefinition) -> list[NodePlan]:
    """The devices of the host that the definition names."""
    nodes = []
    for hostdev in guest.devices.hostdevs:
        source = hostdev.source
        path = getattr(source, "block", None) or getattr(source, "char", None)
        if path:
            try:
                nodes.append(node_of(path))
            except OSError as error:
                raise SystemCallFailed.from_oserror(error, f"Unable to access {path}") from error
    return nodes


def capabilities_of(said: Capabilities | None) -> frozenset[int]:
    """What a container's processes may have, by policy and exceptions."""
    policy = said.policy if said else CapabilityPolicy.DEFAULT
    states = {Capability[name.upper()]: on for name, on in (said.states if said else {}).items()}
    if policy is CapabilityPolicy.DENY:
        return frozenset(int(one) for one, on in states.items() if on)
    lost = LOST if policy is CapabilityPolicy.DEFAULT else frozenset()
    dropped = {one for one in Capability if not states.get(one, one not in lost)}
    return frozenset(int(one) for one in Capability if one not in dropped)


def link_plan(host: str, name: str | None, ips: list[InterfaceIp], routes: Sequence[Route], *, up: bool) -> LinkPlan:
    """An interface with its addresses; without a prefix an address is one of a whole class, as in libvirt."""
    return LinkPlan(
        host=host,
        guest=name or "",
        up=up,
        addresses=[(ip.address, int(ip.prefix or _usual_prefix(ip)), ip.peer) for ip in ips],
        routes=[
            (route.address or "0.0.0.0", _route_prefix(route), route.gateway or "", route.metric) for route in routes
        ],
    )


def _usual_prefix(ip: InterfaceIp) -> int:
    return 64 if ":" in ip.address else 24


def _route_prefix(route: Route) -> int:
    if route.prefix is not None:
        return route.prefix
    if route.netmask:
        return sum(int(part).bit_count() for part in route.netmask.split("."))
    return 0


def _split(filesystems: list[Filesystem]) -> tuple[Filesystem | None, list[Filesystem]]:
    root = next((one for one in filesystems if one.target == "/"), None)
    return root, [one for one in filesystems if one is not root]


def _mount(one: Filesystem) -> MountPlan:
    target = one.target or "/"
    if isinstance(one.source, RamSource):
        return MountPlan(kind="ram", target=target, size=one.source.usage << 10, read_only=one.readonly)
    kind = "block" if isinstance(one.source, DeviceSource) else "bind"
    return MountPlan(kind=kind, target=target, source=_path(one.source.path), read_only=one.readonly)


def _path(path: str | None) -> str:
    if path is None or not os.path.exists(path):
        raise SystemCallFailed.from_errno(2, f"cannot find the container's file system {path}")
    return path


def _ranges(ranges: list[IdRange]) -> list[tuple[int, int, int]]:
    return [(one.start, one.target, one.count) for one in ranges]


def _nets(guest: DomainDefinition) -> bool:
    return any(isinstance(one.source, NetCapability) for one in guest.devices.hostdevs)


def _policy(guest: DomainDefinition) -> CapabilityPolicy:
    said = guest.features.capabilities
    return said.policy if said else CapabilityPolicy.DEFAULT


def _environment(guest: DomainDefinition) -> dict[str, str]:
    """What init programs look for to know that they are in a container, and which one."""
    ttys = " ".join(f"tty{number + 1}" for number in range(len(guest.devices.consoles)))
    environment = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "TERM": "linux",
        "container": "lxc-libvirt",
        "HOME": "/",
        "container_uuid": str(guest.uuid),
        "LIBVIRT_LXC_UUID": str(guest.uuid),
        "LIBVIRT_LXC_NAME": guest.name,
        **({"container_ttys": ttys} if ttys else {}),
    }
    return environment | {one.name: one.value for one in guest.os.init_environment}
