# SPDX-License-Identifier: LGPL-2.1-or-later
"""What completing a definition needs from outside: for what it is done, what the driver can, and fresh identifiers."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from covirt.values import Mac, Uuid
from covirt.xml import Context


class DriverFeature(StrEnum):
    """What a driver understands of documents beyond what all of them do."""

    WIDE_SCSI = "wide-scsi"
    MEMORY_HOTPLUG = "memory-hotplug"
    OFFLINE_VCPUPIN = "offline-vcpupin"
    NAME_SLASH = "name-slash"
    INDIVIDUAL_VCPUS = "individual-vcpus"
    USER_ALIAS = "user-alias"
    NO_BOOT_ORDER = "no-boot-order"
    FIRMWARE_AUTOSELECT = "firmware-autoselect"
    NET_MODEL_STRING = "net-model-string"
    DISK_FD = "disk-fd"
    NO_STUB_CONSOLE = "no-stub-console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completing:
    """The circumstances of completing a definition."""

    context: Context = Context.NONE
    features: frozenset[DriverFeature] = frozenset()
    mac_prefix: bytes = b"\x52\x54\x00"
    interface_prefix: str | None = None
    """How the driver names interfaces on the host itself, beside libvirt's own prefixes."""
    host_arch: str = field(default_factory=platform.machine)
    """What a guest is when its document does not name an architecture."""
    security_model: str | None = None
    """The host's first security model, for labels that name none."""
    namespace: str | None = None
    """The prefix of the driver's own elements; those of other drivers are forgotten."""
    random: Callable[[int], bytes] = field(default=os.urandom)
    """Random bytes for new addresses and identifiers."""

    @property
    def inactive(self) -> bool:
        """Is it a persistent definition?"""
        return bool(self.context & Context.INACTIVE)

    def new_mac(self) -> Mac:
        """A card address that no other card should have."""
        return Mac(self.mac_prefix + b"".join(self.random(1) for _ in range(3)))

    def new_uuid(self) -> Uuid:
        """A new random uuid."""
        raw = bytearray(self.random(16))
        raw[6] = raw[6] & 0x0F | 0x40
        raw[8] = raw[8] & 0x3F | 0x80
        return Uuid(bytes(raw))
