# SPDX-License-Identifier: LGPL-2.1-or-later
"""Migration: its speed, pause and memory while it runs."""

from __future__ import annotations

from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags
from covirt.api.handles import Domain
from covirt.api.layout import ULong
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainMigrateMaxSpeedFlags(Flags, prefix="VIR_DOMAIN_MIGRATE_MAX_SPEED_"):
    """Which speed of a migration is meant."""

    POSTCOPY = 1


@call(166, "virDomainMigrateSetMaxDowntime", acl="domain:migrate", since="0.8.0")
def migrate_set_max_downtime(dom: Domain, downtime: ULong, flags: NoFlags) -> None:
    """Set for how many milliseconds a migration may stop the guest."""


@call(387, "virDomainMigrateGetMaxDowntime", acl="domain:migrate", read_only=True, since="3.7.0")
def migrate_get_max_downtime(dom: Domain, flags: NoFlags) -> ULong:
    """Get for how many milliseconds a migration may stop the guest."""


@call(207, "virDomainMigrateSetMaxSpeed", acl="domain:migrate", since="0.9.0")
def migrate_set_max_speed(dom: Domain, bandwidth: ULong, flags: DomainMigrateMaxSpeedFlags) -> None:
    """Set the most MiB a second that a migration may send."""


@call(242, "virDomainMigrateGetMaxSpeed", acl="domain:migrate", since="0.9.5")
def migrate_get_max_speed(dom: Domain, flags: DomainMigrateMaxSpeedFlags) -> ULong:
    """Get the most MiB a second that a migration may send."""


@call(299, "virDomainMigrateGetCompressionCache", acl="domain:migrate", read_only=True, since="1.0.3")
def migrate_get_compression_cache(dom: Domain, flags: NoFlags) -> ULong:
    """Get the bytes that a compressing migration keeps to compare pages."""


@call(300, "virDomainMigrateSetCompressionCache", acl="domain:migrate", since="1.0.3")
def migrate_set_compression_cache(dom: Domain, cache_size: ULong, flags: NoFlags) -> None:
    """Set the bytes that a compressing migration keeps to compare pages."""


@call(364, "virDomainMigrateStartPostCopy", acl="domain:migrate", since="1.3.3")
def migrate_start_post_copy(dom: Domain, flags: NoFlags) -> None:
    """Let the guest run on its new host before all of its memory is there."""
