# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a guest is and how it does."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.access import when
from covirt.api.call import Calls
from covirt.api.domain.states import DomainControlErrorReason, DomainControlState, DomainState
from covirt.api.enums import Flags, NoFlags
from covirt.api.handles import Domain
from covirt.api.layout import Max, ULong, UShort, Width
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainXMLFlags(Flags, prefix="VIR_DOMAIN_XML_"):
    """What the description of a domain holds."""

    SECURE = 1
    INACTIVE = 1 << 1
    UPDATE_CPU = 1 << 2
    MIGRATABLE = 1 << 3


class DomainMessageType(Flags, prefix="VIR_DOMAIN_MESSAGE_"):
    """Which messages to list."""

    DEPRECATION = 1
    TAINTING = 1 << 1
    IOERRORS = 1 << 2


class DomainGetHostnameFlags(Flags, prefix="VIR_DOMAIN_GET_HOSTNAME_"):
    """Whom to ask for the name of a guest."""

    LEASE = 1
    AGENT = 1 << 1


class DomainInfo(NamedTuple):
    """State, memory in KiB, processors and CPU time in nanoseconds."""

    state: Annotated[DomainState, Width.UCHAR]
    max_mem: ULong
    memory: ULong
    nr_virt_cpu: UShort
    cpu_time: ULong


class StateAndReason(NamedTuple):
    """A state and the number of its reason."""

    state: DomainState
    reason: int


class ControlInfo(NamedTuple):
    """Whether the hypervisor answers, why not, and since how many milliseconds."""

    state: Annotated[DomainControlState, Width.UINT]
    details: Annotated[DomainControlErrorReason, Width.UINT]
    state_time: ULong


@call(
    14,
    "virDomainGetXMLDesc",
    acl=(
        "domain:read",
        when("domain:read_secure", all_set=DomainXMLFlags.SECURE),
        when("domain:read_secure", all_set=DomainXMLFlags.MIGRATABLE),
    ),
    since="0.0.3",
)
def xml_desc(dom: Domain, flags: DomainXMLFlags) -> str:
    """Describe the domain as XML."""


@call(16, "virDomainGetInfo", acl="domain:read", since="0.0.3")
def info(dom: Domain) -> DomainInfo:
    """Get state, memory, processors and used CPU time."""


@call(212, "virDomainGetState", acl="domain:read", high=True, since="0.9.2")
def state(dom: Domain, flags: NoFlags) -> StateAndReason:
    """Get the state and the reason for it; each state has its own reasons."""


@call(150, "virDomainIsActive", acl="domain:read", high=True, since="0.7.3")
def is_active(dom: Domain) -> bool:
    """Tell whether the guest runs."""


@call(19, "virDomainGetOSType", acl="domain:read", high=True, since="0.0.3")
def os_type(dom: Domain) -> str:
    """Get the kind of operating system interface, such as hvm."""


@call(229, "virDomainGetControlInfo", acl="domain:read", high=True, since="0.9.3")
def control_info(dom: Domain, flags: NoFlags) -> ControlInfo:
    """Get whether the hypervisor of this guest answers."""


@call(426, "virDomainGetMessages", acl="domain:read", since="7.1.0")
def messages(dom: Domain, flags: DomainMessageType) -> Annotated[list[str], Max(limits.DOMAIN_MESSAGES)]:
    """List what is remarkable about the guest: deprecated devices, taints."""


@call(277, "virDomainGetHostname", acl="domain:write", since="0.10.0")
def hostname(dom: Domain, flags: DomainGetHostnameFlags) -> str:
    """Get the name that the guest calls itself."""
