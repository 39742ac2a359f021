# SPDX-License-Identifier: LGPL-2.1-or-later
"""What defaults depend on beside the document: the emulator, the settings, the host, and why the document is read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.domain_caps import HostSupport
from covirt.drivers.qemu.settings import QemuSettings
from covirt.runtime.roots import QemuRoots
from covirt.xml import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """The surroundings of one completion."""

    caps: EmulatorCapabilities
    settings: QemuSettings
    roots: QemuRoots
    host_arch: str
    context: Context = Context.NONE
    abi_update: bool = False
    """The guest is defined anew, so that its hardware may still change."""
    host: HostSupport | None = None
    """What programs beside QEMU can do; None when nothing is known."""
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    """The daemon's environment, in which the administrator can choose where sound goes."""
