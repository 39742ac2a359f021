# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a text to a definition that can be kept: completed as containers are, and checked."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field

from covirt.errors import ConfigUnsupported
from covirt.model.domain.complete import Hooks, complete
from covirt.model.domain.completing import Completing
from covirt.model.domain.definition import DomainDefinition, VirtType
from covirt.model.domain.devices.char import Console, ConsoleTarget
from covirt.model.domain.devices.common import Device
from covirt.model.domain.os import OsType
from covirt.model.domain.validate import check
from covirt.xml import Context

CONTROLLER = "/usr/libexec/libvirt_lxc"
"""What documents name as the emulator: tools expect libvirt's controller there, whatever the real one is."""

NARROW = {"x86_64": "i686", "ppc64": "ppc", "s390x": "s390", "mips64": "mips", "sparc64": "sparc"}
"""The narrow architecture whose programs a wide host runs, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What completing needs to know of the host."""

    arch: str = field(default_factory=platform.machine)
    emulator: str = CONTROLLER
    security_model: str | None = None

    @property
    def architectures(self) -> tuple[str, ...]:
        """What containers can be."""
        return (self.arch, *(narrow for wide, narrow in NARROW.items() if wide == self.arch))


class Completion(Hooks):
    """What containers take for granted."""

    def __init__(self, host: Circumstances) -> None:
        """For containers of this host."""
        self._host = host

    def guest(self, guest: DomainDefinition) -> None:
        """Only containers of this host's architectures, all with the same controller."""
        possible = self._host.architectures
        if guest.type is not VirtType.LXC or guest.os.type is not OsType.EXE or guest.os.arch not in possible:
            raise ConfigUnsupported(
                f"could not find capabilities for ostype={guest.os.type} arch={guest.os.arch} domaintype={guest.type} "
            )
        guest.devices.emulator = guest.devices.emulator or self._host.emulator

    def device(self, device: Device, guest: DomainDefinition) -> None:
        """A console of no kind is a container's."""
        if isinstance(device, Console) and device.target is None:
            device.target = ConsoleTarget.LXC


def read_definition(
    text: str, host: Circumstances, context: Context = Context.INACTIVE, *, validate: bool = False
) -> DomainDefinition:
    """A complete and checked definition."""
    guest = DomainDefinition.parse(text, context, validate=validate).value
    complete_definition(guest, host, context)
    check(guest, frozenset(), context=context)
    return guest


def complete_definition(guest: DomainDefinition, host: Circumstances, context: Context = Context.INACTIVE) -> None:
    """Complete a definition in place."""
    completing = Completing(context=context, host_arch=host.arch, namespace="lxc", security_model=host.security_model)
    complete(guest, completing, Completion(host))


def complete_native(guest: DomainDefinition, host: Circumstances) -> None:
    """Complete what stands for another tool's configuration; an architecture that it leaves open stays open."""
    arch = guest.os.arch
    complete_definition(guest, host, Context.ABI_UPDATE)
    guest.os.arch = arch
