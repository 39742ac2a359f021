# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices of the host."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.access import when
from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.event import Event, event
from covirt.api.handles import Connect, NodeDevice
from covirt.api.layout import Listed, UpTo
from covirt.api.themes import NODEDEV

call = Calls(NODEDEV)


class NodeDeviceEventID(Number, prefix="VIR_NODE_DEVICE_EVENT_ID_"):
    """The numbers of the kinds of host device events."""

    LIFECYCLE = 0
    UPDATE = 1


class NodeDeviceEventLifecycleType(Number, prefix="VIR_NODE_DEVICE_EVENT_"):
    """What happened in the life of a host device."""

    CREATED = 0
    DELETED = 1
    DEFINED = 2
    UNDEFINED = 3


class ConnectListAllNodeDeviceFlags(Flags, prefix="VIR_CONNECT_LIST_NODE_DEVICES_"):
    """Which devices to list."""

    CAP_SYSTEM = 1
    CAP_PCI_DEV = 1 << 1
    CAP_USB_DEV = 1 << 2
    CAP_USB_INTERFACE = 1 << 3
    CAP_NET = 1 << 4
    CAP_SCSI_HOST = 1 << 5
    CAP_SCSI_TARGET = 1 << 6
    CAP_SCSI = 1 << 7
    CAP_STORAGE = 1 << 8
    CAP_FC_HOST = 1 << 9
    CAP_VPORTS = 1 << 10
    CAP_SCSI_GENERIC = 1 << 11
    CAP_DRM = 1 << 12
    CAP_MDEV_TYPES = 1 << 13
    CAP_MDEV = 1 << 14
    CAP_CCW_DEV = 1 << 15
    CAP_CSS_DEV = 1 << 16
    CAP_VDPA = 1 << 17
    CAP_AP_CARD = 1 << 18
    CAP_AP_QUEUE = 1 << 19
    CAP_AP_MATRIX = 1 << 20
    CAP_VPD = 1 << 21
    CAP_CCWGROUP_DEV = 1 << 22
    CAP_CCWGROUP_MEMBER = 1 << 23
    PERSISTENT = 1 << 28
    TRANSIENT = 1 << 29
    INACTIVE = 1 << 30
    ACTIVE = 1 << 31


class NodeDeviceXMLFlags(Flags, prefix="VIR_NODE_DEVICE_XML_"):
    """What the description of a device holds."""

    INACTIVE = 1


class NodeDeviceCreateXMLFlags(Flags, prefix="VIR_NODE_DEVICE_CREATE_XML_"):
    """How to make a device."""

    VALIDATE = 1


class NodeDeviceDefineXMLFlags(Flags, prefix="VIR_NODE_DEVICE_DEFINE_XML_"):
    """How to define a device."""

    VALIDATE = 1


class NodeDeviceUpdateFlags(Flags, prefix="VIR_NODE_DEVICE_UPDATE_AFFECT_"):
    """When a change of a device takes effect."""

    CURRENT = 0
    LIVE = 1
    CONFIG = 1 << 1


@call(
    285,
    "virConnectListAllNodeDevices",
    acl="connect:search_node_devices",
    filter="node_device:getattr",
    high=True,
    since="0.10.2",
)
def list_all_devices(
    conn: Connect, flags: ConnectListAllNodeDeviceFlags
) -> Annotated[list[NodeDevice], Listed(limits.NODE_DEVICE_LIST)]:
    """List the devices that match the flags."""


@call(
    111,
    "virNodeNumOfDevices",
    acl="connect:search_node_devices",
    filter="node_device:getattr",
    high=True,
    since="0.5.0",
)
def num_of_devices(conn: Connect, cap: str | None, flags: NoFlags) -> int:
    """Count the devices, of one capability or all."""


@call(
    112, "virNodeListDevices", acl="connect:search_node_devices", filter="node_device:getattr", high=True, since="0.5.0"
)
def list_devices(conn: Connect, cap: str | None, flags: NoFlags) -> Annotated[list[str], UpTo(limits.NODE_DEVICE_LIST)]:
    """List the names of the devices, of one capability or all."""


@call(113, "virNodeDeviceLookupByName", acl="node_device:getattr", high=True, since="0.5.0")
def node_device_lookup_by_name(conn: Connect, name: str) -> NodeDevice:
    """Find a device by its name."""


@call(297, "virNodeDeviceLookupSCSIHostByWWN", acl="node_device:getattr", high=True, since="1.0.3")
def node_device_lookup_scsi_host_by_wwn(conn: Connect, wwnn: str, wwpn: str, flags: NoFlags) -> NodeDevice:
    """Find a SCSI host by its world-wide names."""


@call(114, "virNodeDeviceGetXMLDesc", acl="node_device:read", since="0.5.0")
def xml_desc(dev: NodeDevice, flags: NodeDeviceXMLFlags) -> str:
    """Describe the device as XML."""


@call(115, "virNodeDeviceGetParent", acl="node_device:read", high=True, since="0.5.0")
def parent(dev: NodeDevice) -> str | None:
    """Get the name of the device that this one hangs on."""


@call(116, "virNodeDeviceNumOfCaps", acl="node_device:read", high=True, since="0.5.0")
def num_of_caps(dev: NodeDevice) -> int:
    """Count the capabilities of the device."""


@call(117, "virNodeDeviceListCaps", acl="node_device:read", high=True, since="0.5.0")
def list_caps(dev: NodeDevice) -> Annotated[list[str], UpTo(limits.NODE_DEVICE_CAPS_LIST)]:
    """List the capabilities of the device."""


@call(118, "virNodeDeviceDettach", acl="node_device:detach", since="0.6.1")
def dettach(dev: NodeDevice) -> None:
    """Take the device away from its host driver, to give it to a guest."""


@call(301, "virNodeDeviceDetachFlags", acl="node_device:detach", since="1.0.5")
def detach_flags(dev: NodeDevice, driver_name: str | None, flags: NoFlags) -> None:
    """Take the device away from its host driver and give it to the named one."""


@call(119, "virNodeDeviceReAttach", acl="node_device:detach", since="0.6.1")
def re_attach(dev: NodeDevice) -> None:
    """Give the device back to its host driver."""


@call(120, "virNodeDeviceReset", acl="node_device:detach", since="0.6.1")
def reset(dev: NodeDevice) -> None:
    """Reset the device."""


@call(123, "virNodeDeviceCreateXML", acl=("node_device:write", "node_device:start"), since="0.6.3")
def node_device_create_xml(conn: Connect, xml_desc: str, flags: NodeDeviceCreateXMLFlags) -> NodeDevice:
    """Make a virtual device as XML describes it."""


@call(124, "virNodeDeviceDestroy", acl="node_device:stop", high=True, since="0.6.3")
def destroy(dev: NodeDevice) -> None:
    """Remove a virtual device."""


@call(428, "virNodeDeviceDefineXML", acl=("node_device:write", "node_device:save"), since="7.3.0")
def node_device_define_xml(conn: Connect, xml_desc: str, flags: NodeDeviceDefineXMLFlags) -> NodeDevice:
    """Define a virtual device from XML, or change a defined one."""


@call(429, "virNodeDeviceUndefine", acl="node_device:delete", high=True, since="7.3.0")
def undefine(dev: NodeDevice, flags: NoFlags) -> None:
    """Remove the definition of a virtual device."""


@call(430, "virNodeDeviceCreate", acl="node_device:start", high=True, since="7.3.0")
def create(dev: NodeDevice, flags: NoFlags) -> None:
    """Start a defined virtual device."""


@call(433, "virNodeDeviceGetAutostart", acl="node_device:read", high=True, since="7.8.0")
def autostart(dev: NodeDevice) -> bool:
    """Tell whether the device is started when its parent appears."""


@call(434, "virNodeDeviceSetAutostart", acl="node_device:write", high=True, since="7.8.0")
def set_autostart(dev: NodeDevice, autostart: bool) -> None:
    """Set whether the device is started when its parent appears."""


@call(435, "virNodeDeviceIsPersistent", acl="node_device:read", high=True, since="7.8.0")
def is_persistent(dev: NodeDevice) -> bool:
    """Tell whether the device has a definition that outlives its run."""


@call(436, "virNodeDeviceIsActive", acl="node_device:read", high=True, since="7.8.0")
def is_active(dev: NodeDevice) -> bool:
    """Tell whether the device is there now."""


@call(
    447,
    "virNodeDeviceUpdate",
    acl=(
        "node_device:write",
        when("node_device:save", none_set=NodeDeviceUpdateFlags.CONFIG | NodeDeviceUpdateFlags.LIVE),
        when("node_device:save", all_set=NodeDeviceUpdateFlags.CONFIG),
    ),
    high=True,
    since="10.1.0",
)
def update(dev: NodeDevice, xml_desc: str, flags: NodeDeviceUpdateFlags) -> None:
    """Change a virtual device, now or for the next start."""


@event(376, id=0, symbol="VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE", theme=NODEDEV)
class NodeDeviceLifecycle(Event):
    """A device came or went, or its definition did."""

    dev: NodeDevice
    event: NodeDeviceEventLifecycleType
    detail: int


@event(377, id=1, symbol="VIR_NODE_DEVICE_EVENT_ID_UPDATE", theme=NODEDEV)
class NodeDeviceUpdate(Event):
    """A device changed."""

    dev: NodeDevice
