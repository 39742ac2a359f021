# SPDX-License-Identifier: LGPL-2.1-or-later
"""What of a device only some drivers understand."""

from __future__ import annotations

from covirt.errors import ConfigUnsupported
from covirt.model.common.storage_source import FileLocation
from covirt.model.domain.completing import Completing, DriverFeature
from covirt.model.domain.devices.common import Device, info_of
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.interface_parts import MODELS
from covirt.model.domain.devices.memory import Memory


def check_driver_features(device: Device, completing: Completing) -> None:
    """Refuse what the driver does not understand; forget aliases that it would not keep."""
    features = completing.features
    if isinstance(device, Memory) and DriverFeature.MEMORY_HOTPLUG not in features:
        raise ConfigUnsupported("memory devices are not supported by this driver")
    if isinstance(device, Interface) and DriverFeature.NET_MODEL_STRING not in features:
        unknown = device.model is not None and device.model not in MODELS
        if unknown:
            raise ConfigUnsupported(f"driver does not support net model '{device.model}'")
    if isinstance(device, Disk) and DriverFeature.DISK_FD not in features:
        location = device.source.location
        if isinstance(location, FileLocation) and location.fdgroup is not None:
            raise ConfigUnsupported(f"driver does not support FD passing for disk '{device.target}'")
    info = info_of(device)
    if info is not None and completing.inactive and DriverFeature.USER_ALIAS not in features:
        info.alias = None
