# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<device>`: a device of the host."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from covirt.errors import ConfigUnsupported, InternalError, NoName, XmlError
from covirt.model.nodedev.mainframe import (
    ApCardCapability,
    ApMatrixCapability,
    ApQueueCapability,
    CcwCapability,
    CcwGroupCapability,
    CssCapability,
)
from covirt.model.nodedev.mdev import MdevCapability
from covirt.model.nodedev.net import NetCapability, VdpaCapability
from covirt.model.nodedev.pci import PciCapability
from covirt.model.nodedev.scsi import (
    ScsiCapability,
    ScsiGenericCapability,
    ScsiHostCapability,
    ScsiTargetCapability,
)
from covirt.model.nodedev.storage import StorageCapability
from covirt.model.nodedev.system import SystemCapability
from covirt.model.nodedev.usb import UsbDeviceCapability, UsbInterfaceCapability
from covirt.xml import At, Choice, Context, Reading


class DrmKind(StrEnum):
    """What a graphics node is for."""

    PRIMARY = "primary"
    CONTROL = "control"
    RENDER = "render"


@dataclass(slots=True, kw_only=True)
class DrmCapability:
    """A node of a graphics card."""

    OPEN: ClassVar[bool] = True

    type: Literal["drm"] = "drm"
    kind: Annotated[DrmKind, At("type", invalid="unknown drm type '{value}'", error=ConfigUnsupported)]


Capability = (
    SystemCapability
    | PciCapability
    | UsbDeviceCapability
    | UsbInterfaceCapability
    | NetCapability
    | ScsiHostCapability
    | ScsiTargetCapability
    | ScsiCapability
    | StorageCapability
    | ScsiGenericCapability
    | DrmCapability
    | MdevCapability
    | CcwCapability
    | CssCapability
    | VdpaCapability
    | ApCardCapability
    | ApQueueCapability
    | ApMatrixCapability
    | CcwGroupCapability
)


class NodeKind(StrEnum):
    """The device file itself, or another name of it."""

    DEV = "dev"
    LINK = "link"


@dataclass(slots=True, kw_only=True)
class DeviceNode:
    """A device file."""

    type: Annotated[NodeKind, At("@type")]
    path: Annotated[str, At(".")]


@dataclass(slots=True, kw_only=True)
class Parent:
    """The device that it hangs on; one that is to be made may name it by its world-wide names."""

    name: Annotated[str | None, At(".")] = None
    wwnn: Annotated[str | None, At("@wwnn", blank_is_none=True)] = None
    wwpn: Annotated[str | None, At("@wwpn", blank_is_none=True)] = None
    fabric_wwn: Annotated[str | None, At("@fabric_wwn", blank_is_none=True)] = None

    def after_parse(self, reading: Reading) -> None:
        """Two of the names belong together."""
        if self.wwnn and not self.wwpn:
            raise XmlError(f"when providing parent wwnn='{self.wwnn}', the wwpn must also be provided")
        if self.wwpn and not self.wwnn:
            raise XmlError(f"when providing parent wwpn='{self.wwpn}', the wwnn must also be provided")

    def for_format(self, context: Context) -> Parent | None:
        """Only the name is written."""
        return Parent(name=self.name) if self.name is not None else None


@dataclass(slots=True, kw_only=True)
class NodeDeviceDefinition:
    """A device of the host."""

    ELEMENT: ClassVar[str] = "device"

    name: Annotated[str, At("name", missing="", error=NoName)]
    path: Annotated[str | None, At("path", unless=Context.INACTIVE)] = None
    nodes: Annotated[list[DeviceNode], At("devnode", unless=Context.INACTIVE)] = field(default_factory=list)
    parent: Annotated[Parent | None, At("parent")] = None
    driver: Annotated[str | None, At("driver/name", unless=Context.INACTIVE)] = None
    capabilities: Annotated[
        list[Capability],
        At("capability"),
        Choice("@type", missing="missing capability type", invalid="unknown capability type '{value}'",
               error=InternalError),
    ] = field(default_factory=list)  # fmt: skip

    @property
    def parent_name(self) -> str | None:
        """The name of the device that it hangs on."""
        return self.parent.name if self.parent else None

    @property
    def abilities(self) -> set[str]:
        """What it can be looked for by: its capabilities and the parts of these that count as such."""
        found: set[str] = set()
        for capability in self.capabilities:
            found.add(capability.type)
            found.update(part.type for part in getattr(capability, "parts", ()))
            if isinstance(capability, CcwCapability) and capability.group is not None:
                found.add("ccwgroup_member")
        return {"vports" if word == "vport_ops" else word for word in found}

    @property
    def scsi_host(self) -> ScsiHostCapability | None:
        """The adapter that it is."""
        return next((one for one in self.capabilities if isinstance(one, ScsiHostCapability)), None)

    def after_parse(self, reading: Reading) -> None:
        """One device file, then its other names; at least one capability. What drives it only the host knows."""
        files = [node for node in self.nodes if node.type is NodeKind.DEV]
        self.nodes = files[-1:] + [node for node in self.nodes if node.type is NodeKind.LINK]
        self.driver = None
        if not self.capabilities:
            raise InternalError(f"no device capabilities for '{self.name}'")


@dataclass(slots=True, kw_only=True)
class NewNodeDevice(NodeDeviceDefinition):
    """A device that is to be made: the host will name it."""

    name: str = "new device"
