# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the methods of migration reach the client that does the work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from covirt.api.domain import migration_steps
from covirt.api.domain.migration_steps import DomainMigrateFlags
from covirt.client import migrate
from libvirt._arguments import typed_params
from libvirt._asking import guarded
from libvirt._shapes import wrap

if TYPE_CHECKING:
    from libvirt import virConnect, virDomain
    from libvirt._base import Wrapped


def lead(about: Wrapped, dconn: virConnect, params: Mapping[str, Any], flags: int, function: str) -> virDomain:
    """Move a guest to another connection's host."""
    typed = typed_params(params, migration_steps)
    target = dconn._o.link.channel
    given = DomainMigrateFlags(flags)
    arrived = guarded(
        about,
        function,
        lambda link, handle: link.background.run(
            migrate.lead(link.channel, target, handle, typed, given, function=function)
        ),
    )
    domain: virDomain = wrap(arrived, dconn)
    return domain


def send(about: Wrapped, uri: str | None, params: Mapping[str, Any], flags: int, function: str) -> int:
    """Have the guest's own daemon move it."""
    typed = typed_params(params, migration_steps)
    given = DomainMigrateFlags(flags)
    guarded(
        about,
        function,
        lambda link, handle: link.background.run(migrate.send(link.channel, handle, uri, typed, given)),
    )
    return 0
