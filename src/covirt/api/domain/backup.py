# SPDX-License-Identifier: LGPL-2.1-or-later
"""Backups of running guests."""

from __future__ import annotations

from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags
from covirt.api.handles import Domain
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainBackupBeginFlags(Flags, prefix="VIR_DOMAIN_BACKUP_BEGIN_"):
    """How to begin a backup."""

    REUSE_EXTERNAL = 1


@call(421, "virDomainBackupBegin", acl=("domain:checkpoint", "domain:block_write"), since="6.0.0")
def backup_begin(dom: Domain, backup_xml: str, checkpoint_xml: str | None, flags: DomainBackupBeginFlags) -> None:
    """Begin a backup as XML describes it, perhaps with a new checkpoint."""


@call(422, "virDomainBackupGetXMLDesc", acl="domain:read", high=True, since="6.0.0")
def backup_get_xml_desc(dom: Domain, flags: NoFlags) -> str:
    """Describe the running backup as XML."""
