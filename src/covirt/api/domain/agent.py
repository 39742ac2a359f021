# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the agent inside the guest can do."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.access import when_value
from covirt.api.call import Calls, exclusive
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Domain
from covirt.api.layout import Counted, Long, Max, UInt, ULong, Width
from covirt.api.params import TypedParams
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class IPAddrType(Number, prefix="VIR_IP_ADDR_TYPE_"):
    """The version of an address."""

    IPV4 = 0
    IPV6 = 1


class DomainAgentResponseTimeoutValues(Number, prefix="VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_"):
    """Values that stand in the place of seconds to wait."""

    BLOCK = -2
    DEFAULT = -1
    NOWAIT = 0


class DomainSetTimeFlags(Flags, prefix="VIR_DOMAIN_TIME_"):
    """How to set the clock."""

    SYNC = 1


class DomainSetUserPasswordFlags(Flags, prefix="VIR_DOMAIN_PASSWORD_"):
    """What the password is."""

    ENCRYPTED = 1


class DomainInterfaceAddressesSource(Number, prefix="VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_"):
    """Whom to ask for addresses."""

    LEASE = 0
    AGENT = 1
    ARP = 2


class DomainGuestInfoTypes(Flags, prefix="VIR_DOMAIN_GUEST_INFO_"):
    """What to ask the agent about."""

    USERS = 1
    OS = 1 << 1
    TIMEZONE = 1 << 2
    HOSTNAME = 1 << 3
    FILESYSTEM = 1 << 4
    DISKS = 1 << 5
    INTERFACES = 1 << 6
    LOAD = 1 << 7


class DomainAuthorizedSSHKeysSetFlags(Flags, prefix="VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_"):
    """Whether keys are set, added or removed."""

    APPEND = 1
    REMOVE = 1 << 1


class FileSystem(NamedTuple):
    """A file system that the guest has mounted."""

    mountpoint: str
    name: str
    fstype: str
    dev_aliases: Annotated[list[str], Max(limits.DOMAIN_FSINFO_DISKS)]


class GuestTime(NamedTuple):
    """Seconds and nanoseconds since 1970."""

    seconds: Long
    nseconds: UInt


class IpAddress(NamedTuple):
    """An address and the bits of its network."""

    type: IPAddrType
    addr: str
    prefix: UInt


class GuestInterface(NamedTuple):
    """A network card as the guest names it, with its addresses."""

    name: str
    hwaddr: str | None
    addrs: Annotated[list[IpAddress], Max(limits.DOMAIN_IP_ADDR)]


@call(335, "virDomainFSFreeze", acl="domain:fs_freeze", since="1.2.5")
def fs_freeze(
    dom: Domain, mountpoints: Annotated[list[str], Max(limits.DOMAIN_FSFREEZE_MOUNTPOINTS)], flags: NoFlags
) -> int:
    """Have the guest write out and hold still its file systems, all if none is named."""


@call(336, "virDomainFSThaw", acl="domain:fs_freeze", since="1.2.5")
def fs_thaw(
    dom: Domain, mountpoints: Annotated[list[str], Max(limits.DOMAIN_FSFREEZE_MOUNTPOINTS)], flags: NoFlags
) -> int:
    """Let the guest's file systems go on."""


@call(294, "virDomainFSTrim", acl="domain:fs_trim", since="1.0.1")
def fs_trim(dom: Domain, mount_point: str | None, minimum: ULong, flags: NoFlags) -> None:
    """Have the guest give back unused blocks of its file systems."""


@call(349, "virDomainGetFSInfo", acl="domain:fs_freeze", since="1.2.11")
def fs_info(dom: Domain, flags: NoFlags) -> Annotated[list[FileSystem], Counted(limits.DOMAIN_FSINFO, Width.UINT)]:
    """List the file systems that the guest has mounted."""


@call(337, "virDomainGetTime", acl="domain:write", since="1.2.5")
def get_time(dom: Domain, flags: NoFlags) -> GuestTime:
    """Get the guest's clock."""


@call(338, "virDomainSetTime", acl="domain:set_time", since="1.2.5")
def set_time(dom: Domain, seconds: Long, nseconds: UInt, flags: DomainSetTimeFlags) -> None:
    """Set the guest's clock."""


@call(357, "virDomainSetUserPassword", acl="domain:set_password", since="1.2.16")
def set_user_password(dom: Domain, user: str | None, password: str | None, flags: DomainSetUserPasswordFlags) -> None:
    """Set the password of a user of the guest."""


@call(
    353,
    "virDomainInterfaceAddresses",
    acl=("domain:read", when_value("domain:write", "source", DomainInterfaceAddressesSource.AGENT)),
    since="1.2.14",
)
def interface_addresses(
    dom: Domain, source: Annotated[DomainInterfaceAddressesSource, Width.UINT], flags: NoFlags
) -> Annotated[list[GuestInterface], Max(limits.DOMAIN_INTERFACE)]:
    """List the addresses of the guest's network cards, from a source."""


@call(418, "virDomainGetGuestInfo", acl="domain:write", read_only=True, since="5.7.0")
def guest_info(
    dom: Domain, types: DomainGuestInfoTypes, flags: NoFlags
) -> Annotated[TypedParams, Max(limits.DOMAIN_GUEST_INFO_PARAMS)]:
    """Get what the agent tells about users, system, time zone, disks and more."""


@call(420, "virDomainAgentSetResponseTimeout", acl="domain:write", since="5.10.0")
def agent_set_response_timeout(dom: Domain, timeout: int, flags: NoFlags) -> int:
    """Set how long calls wait for the agent."""


@call(424, "virDomainAuthorizedSSHKeysGet", acl="domain:write", since="6.10.0")
def authorized_ssh_keys_get(
    dom: Domain, user: str, flags: NoFlags
) -> Annotated[list[str], Max(limits.DOMAIN_AUTHORIZED_SSH_KEYS)]:
    """List the ssh keys that may log in as a user of the guest."""


@call(
    425,
    "virDomainAuthorizedSSHKeysSet",
    acl="domain:write",
    rules=(exclusive(DomainAuthorizedSSHKeysSetFlags.APPEND, DomainAuthorizedSSHKeysSetFlags.REMOVE),),
    since="6.10.0",
)
def authorized_ssh_keys_set(
    dom: Domain,
    user: str,
    keys: Annotated[list[str], Max(limits.DOMAIN_AUTHORIZED_SSH_KEYS)],
    flags: DomainAuthorizedSSHKeysSetFlags,
) -> None:
    """Set, add or remove the ssh keys that may log in as a user of the guest."""
