# SPDX-License-Identifier: LGPL-2.1-or-later
"""Numbers for controllers whose document gives none."""

from __future__ import annotations

from covirt.model.domain.devices import Devices
from covirt.model.domain.devices.controller import Controller, ControllerType


def number_controllers(devices: Devices) -> None:
    """Give each controller the lowest free number of its type; USB 2 companions get the number of their group."""
    companions = False
    for place, controller in enumerate(devices.controllers):
        if controller.index is not None:
            continue
        index = None
        if place and controller.usb2_companion:
            companions = True
            index = _index_of_group(devices, place)
        controller.index = devices.unused_index(controller.type) if index is None else index
    if companions:
        controllers, devices.controllers = devices.controllers, []
        for controller in controllers:
            devices.insert_controller(controller)


def _index_of_group(devices: Devices, place: int) -> int | None:
    """The number of the USB 2 group before a controller, unless the group has such a controller already."""
    usb: list[Controller] = [one for one in devices.controllers if one.type is ControllerType.USB]
    before = [one for one in devices.controllers[:place] if one.type is ControllerType.USB]
    if not before or not before[-1].usb2_companion:
        return None
    index, model = before[-1].index, devices.controllers[place].model
    return None if any(one.index == index and one.model == model for one in usb) else index
