# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a connection is opened: which URI is meant, and what carries the calls there."""

from __future__ import annotations

import os
from collections.abc import Mapping

from covirt.client.embedded import open_embedded, served_here
from covirt.client.objects_generated import Connection
from covirt.errors import NoConnect
from covirt.uri import Uri


async def open_connection(uri: str | None = None, *, read_only: bool = False) -> Connection:
    """Connect to a hypervisor; `covirt.open` is the same.

    Drivers that need no daemon, and all drivers with the path `/embed`, are served inside this process.
    """
    wanted = uri or default_uri(os.environ)
    parsed = Uri.parse(wanted)
    if not served_here(parsed):
        raise NoConnect(wanted, hint=f"only drivers inside this process are served: {parsed.driver}:///embed?root=DIR")
    return Connection(await open_embedded(parsed, read_only=read_only))


def default_uri(env: Mapping[str, str]) -> str:
    """The URI when none is given."""
    return env.get("LIBVIRT_DEFAULT_URI") or ("qemu:///system" if os.geteuid() == 0 else "qemu:///session")
