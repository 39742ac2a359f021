# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a text to a definition that the test driver can keep."""

from __future__ import annotations

from covirt import xml
from covirt.drivers.test.host import ARCHITECTURE
from covirt.errors import InternalError
from covirt.model.domain.complete import Hooks, complete, complete_device
from covirt.model.domain.completing import Completing, DriverFeature
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.video import Video, VideoType
from covirt.model.domain.os import OsType
from covirt.model.domain.validate import check, check_device
from covirt.xml import Context, Element
from covirt.xml.reader import Source

FEATURES = frozenset(
    {
        DriverFeature.MEMORY_HOTPLUG,
        DriverFeature.OFFLINE_VCPUPIN,
        DriverFeature.INDIVIDUAL_VCPUS,
        DriverFeature.USER_ALIAS,
        DriverFeature.FIRMWARE_AUTOSELECT,
        DriverFeature.NET_MODEL_STRING,
    }
)
MOST_INTERFACES = 1024


class Completion(Hooks):
    """What the test driver takes for granted."""

    def device(self, device: Device, guest: DomainDefinition) -> None:
        """A video card without a model has the usual one of its machine."""
        if isinstance(device, Video) and device.model.type is None:
            device.model.type = _video_model(guest)


def _video_model(guest: DomainDefinition) -> VideoType:
    if guest.os.type in (OsType.XEN, OsType.LINUX):
        return VideoType.XEN
    return VideoType.VGA if (guest.os.arch or "").startswith("ppc64") else VideoType.CIRRUS


COMPLETION = Completion()


def completing(context: Context = Context.INACTIVE) -> Completing:
    """How the test driver's documents are completed."""
    return Completing(context=context, features=FEATURES, host_arch=ARCHITECTURE)


def read_definition(text: str, context: Context = Context.INACTIVE, *, validate: bool = False) -> DomainDefinition:
    """A complete and checked definition."""
    return _completed(DomainDefinition.parse(text, context, validate=validate).value, context)


def read_element(element: Element, source: Source) -> DomainDefinition:
    """The same from a part of a document."""
    return _completed(
        xml.parse_element(DomainDefinition, element, context=Context.INACTIVE, source=source), Context.INACTIVE
    )


def _completed(guest: DomainDefinition, context: Context) -> DomainDefinition:
    complete(guest, completing(context), COMPLETION)
    check(guest, FEATURES, context=context)
    return guest


def complete_kept(guest: DomainDefinition) -> None:
    """Complete a definition that was part of another document; it was checked when it was made."""
    complete(guest, completing(), COMPLETION)


def complete_added(device: Device, guest: DomainDefinition) -> None:
    """Complete and check one more device of a guest."""
    complete_device(device, guest, completing(), COMPLETION)
    check_device(device, guest)


def name_interfaces(guest: DomainDefinition) -> None:
    """Give each network card without one a name on the host."""
    taken = {card.target for card in guest.devices.interfaces}
    for card in guest.devices.interfaces:
        if card.target is None:
            card.target = _free_name(taken)
            taken.add(card.target)


def _free_name(taken: set[str | None]) -> str:
    for number in range(MOST_INTERFACES):
        if (name := f"testnet{number}") not in taken:
            return name
    raise InternalError(f"Exceeded max iface limit {MOST_INTERFACES}")
