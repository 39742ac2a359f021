# SPDX-License-Identifier: LGPL-2.1-or-later
"""What only containers have: their namespaces and control group."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from libvirt import virDomain


def lxcOpenNamespace(domain: virDomain, flags: int) -> list[int]:
    """Get descriptors of a container's namespaces."""
    from libvirt._asking import reply

    return list(reply(domain, "lxc.lxc_open_namespace", (flags,)).fds)


def lxcEnterCGroup(domain: virDomain, flags: int) -> int:
    """Put this process into a container's control group."""
    from libvirt_lxc._cgroup import enter

    return enter(domain, flags)
