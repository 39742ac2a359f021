# SPDX-License-Identifier: LGPL-2.1-or-later
"""What containers can be on this host."""

from __future__ import annotations

from covirt.drivers.common.host_capabilities import host_caches, host_topology, memory_bandwidth
from covirt.drivers.lxc.reading import Circumstances
from covirt.host import Host
from covirt.host.resctrl import read_resctrl
from covirt.model.capabilities.document import Capabilities, format_capabilities
from covirt.model.capabilities.guest import GuestArch, GuestCapabilities, GuestDomain
from covirt.model.capabilities.host import HostCapabilities, PageSize, SecurityModel
from covirt.model.common.cpu import HostCpu

_NARROW = frozenset({"i686", "ppc", "s390", "mips", "sparc"})
NO_SECURITY = SecurityModel(model="none", doi="0")


def describe(host: Host, circumstances: Circumstances) -> str:
    """The host and the kinds of containers that it runs; reads many small files."""
    resctrl = read_resctrl()
    node = host.node
    described = HostCapabilities(
        uuid=host.identity.uuid(),
        cpu=HostCpu(arch=node.arch),
        page_sizes=[PageSize(size=size) for size in node.memory.page_sizes()],
        topology=host_topology(node),
        caches=host_caches(node, resctrl),
        bandwidth=memory_bandwidth(node, resctrl),
        security=[NO_SECURITY],
    )
    guests = [_guest(arch, circumstances.emulator) for arch in circumstances.architectures]
    return format_capabilities(Capabilities(host=described, guests=guests))


def _guest(arch: str, emulator: str) -> GuestCapabilities:
    size = 32 if arch in _NARROW else 64
    return GuestCapabilities(
        os_type="exe", arch=GuestArch(name=arch, word_size=size, emulator=emulator, domains=[GuestDomain(type="lxc")])
    )
