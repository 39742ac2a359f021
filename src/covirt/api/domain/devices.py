# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices that come and go while the guest runs."""

from __future__ import annotations

from covirt.api.access import when
from covirt.api.call import Calls, Job
from covirt.api.enums import Flags
from covirt.api.handles import Domain
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainDeviceModifyFlags(Flags, prefix="VIR_DOMAIN_DEVICE_MODIFY_"):
    """When a change of devices takes effect, and how."""

    CURRENT = 0
    LIVE = 1
    CONFIG = 1 << 1
    FORCE = 1 << 2


@call(8, "virDomainAttachDevice", acl="domain:write", job=Job.MODIFY, since="0.1.9")
def attach_device(dom: Domain, xml: str) -> None:
    """Plug a device in."""


@call(
    160,
    "virDomainAttachDeviceFlags",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainDeviceModifyFlags.CONFIG | DomainDeviceModifyFlags.LIVE),
        when("domain:save", all_set=DomainDeviceModifyFlags.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.7.7",
)
def attach_device_flags(dom: Domain, xml: str, flags: DomainDeviceModifyFlags) -> None:
    """Plug a device in, now or at the next start."""


@call(13, "virDomainDetachDevice", acl="domain:write", job=Job.MODIFY, since="0.1.9")
def detach_device(dom: Domain, xml: str) -> None:
    """Unplug a device."""


@call(
    161,
    "virDomainDetachDeviceFlags",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainDeviceModifyFlags.CONFIG | DomainDeviceModifyFlags.LIVE),
        when("domain:save", all_set=DomainDeviceModifyFlags.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.7.7",
)
def detach_device_flags(dom: Domain, xml: str, flags: DomainDeviceModifyFlags) -> None:
    """Unplug a device, now or at the next start."""


@call(
    392,
    "virDomainDetachDeviceAlias",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainDeviceModifyFlags.CONFIG | DomainDeviceModifyFlags.LIVE),
        when("domain:save", all_set=DomainDeviceModifyFlags.CONFIG),
    ),
    job=Job.MODIFY,
    since="4.4.0",
)
def detach_device_alias(dom: Domain, alias: str, flags: DomainDeviceModifyFlags) -> None:
    """Unplug the device of an alias."""


@call(
    174,
    "virDomainUpdateDeviceFlags",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainDeviceModifyFlags.CONFIG | DomainDeviceModifyFlags.LIVE),
        when("domain:save", all_set=DomainDeviceModifyFlags.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.8.0",
)
def update_device_flags(dom: Domain, xml: str, flags: DomainDeviceModifyFlags) -> None:
    """Change a device that is plugged in."""
