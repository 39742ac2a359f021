# SPDX-License-Identifier: LGPL-2.1-or-later
"""Definitions: made, changed, removed, and started with the host."""

from __future__ import annotations

from covirt.api.call import Calls, Job
from covirt.api.enums import Flags, NoFlags
from covirt.api.handles import Connect, Domain
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainDefineFlags(Flags, prefix="VIR_DOMAIN_DEFINE_"):
    """How to define a domain."""

    VALIDATE = 1


class DomainUndefineFlags(Flags, prefix="VIR_DOMAIN_UNDEFINE_"):
    """What to do with what hangs on a definition."""

    MANAGED_SAVE = 1
    SNAPSHOTS_METADATA = 1 << 1
    NVRAM = 1 << 2
    KEEP_NVRAM = 1 << 3
    CHECKPOINTS_METADATA = 1 << 4
    TPM = 1 << 5
    KEEP_TPM = 1 << 6


@call(11, "virDomainDefineXML", acl=("domain:write", "domain:save"), high=True, since="0.1.1")
def define_xml(conn: Connect, xml: str) -> Domain:
    """Define a domain from XML, or give a defined one a new configuration."""


@call(350, "virDomainDefineXMLFlags", acl=("domain:write", "domain:save"), high=True, since="1.2.12")
def define_xml_flags(conn: Connect, xml: str, flags: DomainDefineFlags) -> Domain:
    """Define a domain from XML, with checks as the flags say."""


@call(35, "virDomainUndefine", acl="domain:delete", job=Job.MODIFY, high=True, since="0.1.1")
def undefine(dom: Domain) -> None:
    """Remove the definition of a domain."""


@call(231, "virDomainUndefineFlags", acl="domain:delete", job=Job.MODIFY, high=True, since="0.9.4")
def undefine_flags(dom: Domain, flags: DomainUndefineFlags) -> None:
    """Remove the definition of a domain and what hangs on it."""


@call(358, "virDomainRename", acl=("domain:write", "domain:save"), job=Job.MODIFY, since="1.2.19")
def rename(dom: Domain, new_name: str | None, flags: NoFlags) -> int:
    """Give a domain another name."""


@call(151, "virDomainIsPersistent", acl="domain:read", high=True, since="0.7.3")
def is_persistent(dom: Domain) -> bool:
    """Tell whether the domain has a definition that outlives its run."""


@call(202, "virDomainIsUpdated", acl="domain:read", high=True, since="0.8.6")
def is_updated(dom: Domain) -> bool:
    """Tell whether the definition differs from what the running domain began with."""


@call(15, "virDomainGetAutostart", acl="domain:read", high=True, since="0.2.1")
def autostart(dom: Domain) -> bool:
    """Tell whether the domain is started with the host."""


@call(29, "virDomainSetAutostart", acl="domain:write", job=Job.MODIFY, high=True, since="0.2.1")
def set_autostart(dom: Domain, autostart: bool) -> None:
    """Set whether the domain is started with the host."""


@call(449, "virDomainGetAutostartOnce", acl="domain:read", high=True, since="11.2.0")
def autostart_once(dom: Domain) -> bool:
    """Tell whether the domain is started at the host's next start only."""


@call(450, "virDomainSetAutostartOnce", acl="domain:write", job=Job.MODIFY, high=True, since="11.2.0")
def set_autostart_once(dom: Domain, autostart: bool) -> None:
    """Set whether the domain is started at the host's next start only."""


@call(135, "virConnectDomainXMLFromNative", acl="connect:write", since="0.6.4")
def domain_xml_from_native(conn: Connect, native_format: str, native_config: str, flags: NoFlags) -> str:
    """Translate the hypervisor's own form of a configuration into domain XML."""


@call(136, "virConnectDomainXMLToNative", acl="connect:write", since="0.6.4")
def domain_xml_to_native(conn: Connect, native_format: str, domain_xml: str, flags: NoFlags) -> str:
    """Translate domain XML into the hypervisor's own form."""
