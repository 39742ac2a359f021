# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a connection is opened: which URI is meant, and what carries the calls there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from covirt.client.config import load_settings, wanted_uri
from covirt.client.embedded import open_embedded, served_here
from covirt.client.objects_generated import Connection
from covirt.uri import Uri

if TYPE_CHECKING:
    from covirt.client.connection import Options


async def open_connection(
    uri: str | None = None, *, read_only: bool = False, options: Options | None = None
) -> Connection:
    """Connect to a hypervisor; `covirt.open` is the same.

    Drivers that need no daemon, and all drivers with the path `/embed`, are served inside this process; all others by
    a daemon, here or on another host. Without a URI the configuration's is meant, or what the local daemon chooses.
    """
    from covirt.client.connection import Options, open_remote

    settings = load_settings()
    wanted = wanted_uri(uri, os.environ, settings)
    parsed = Uri.parse(wanted or default_uri(os.environ))
    if served_here(parsed):
        return Connection(await open_embedded(parsed, read_only=read_only))
    options = options or Options(mode=settings.remote_mode)
    return Connection(await open_remote(parsed, replace(options, read_only=read_only or options.read_only)))


def default_uri(env: Mapping[str, str]) -> str:
    """The URI when none is given."""
    return env.get("LIBVIRT_DEFAULT_URI") or ("qemu:///system" if os.geteuid() == 0 else "qemu:///session")
