# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a connection is opened: which URI is meant, and what carries the calls there."""

from __future__ import annotations

import os
from collections.abc import Mapping

from covirt.client.embedded import open_embedded
from covirt.client.objects_generated import Connection
from covirt.drivers import for_scheme
from covirt.drivers.driver import Surroundings
from covirt.errors import NoConnect
from covirt.uri import Uri

EMBEDDED = "/embed"


async def open_connection(
    uri: str | None = None, *, read_only: bool = False, surroundings: Surroundings | None = None
) -> Connection:
    """Connect to a hypervisor; `covirt.open` is the same.

    Drivers that need no daemon, and all drivers with the path `/embed`, are served inside this process.
    """
    wanted = uri or default_uri(os.environ)
    parsed = Uri.parse(wanted)
    if not served_here(parsed):
        raise NoConnect(wanted, hint=f"only drivers inside this process are served: {parsed.driver}:///embed?root=DIR")
    return Connection(await open_embedded(parsed, read_only=read_only, surroundings=surroundings))


def default_uri(env: Mapping[str, str]) -> str:
    """The URI when none is given."""
    return env.get("LIBVIRT_DEFAULT_URI") or ("qemu:///system" if os.geteuid() == 0 else "qemu:///session")


def served_here(uri: Uri) -> bool:
    """Do drivers inside this process serve the URI?"""
    if uri.transport or uri.host:
        return False
    entry = for_scheme(uri.driver)
    return entry is not None and (entry.in_process or uri.path == EMBEDDED)
