# SPDX-License-Identifier: LGPL-2.1-or-later
"""What only containers have: their namespaces."""

from __future__ import annotations

from covirt.api.call import Calls
from covirt.api.enums import NoFlags
from covirt.api.handles import Domain
from covirt.api.themes import LXC

call = Calls(LXC)


@call(1, "virDomainLxcOpenNamespace", acl="domain:open_namespace", fds_out=True, since="1.0.2")
def lxc_open_namespace(dom: Domain, flags: NoFlags) -> None:
    """Get the container's namespaces as open files."""
