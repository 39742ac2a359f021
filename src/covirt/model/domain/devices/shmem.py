# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory that several guests share."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.scalars import AnyBase, Path
from covirt.model.domain.devices.common import Device, DeviceInfo
from covirt.xml import At, OnOff, Reading, Size

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition


class ShmemModel(StrEnum):
    """Which device the guest sees."""

    IVSHMEM = "ivshmem"
    IVSHMEM_PLAIN = "ivshmem-plain"
    IVSHMEM_DOORBELL = "ivshmem-doorbell"


class ShmemRole(StrEnum):
    """Whose the memory is during migration."""

    MASTER = "master"
    PEER = "peer"


@dataclass(slots=True, kw_only=True)
class ShmemServer:
    """The server that hands out the memory."""

    path: Annotated[Path | None, At("@path")] = None


@dataclass(slots=True, kw_only=True)
class ShmemMsi:
    """The interrupts by which guests wake each other."""

    vectors: Annotated[AnyBase, At("@vectors", omit=0)] = 0
    ioeventfd: Annotated[OnOff | None, At("@ioeventfd")] = None


@dataclass(slots=True, kw_only=True)
class Shmem(Device):
    """A piece of shared memory, by name."""

    ELEMENT: ClassVar[str] = "shmem"

    name: Annotated[str, At("@name", missing="shmem element must contain 'name' attribute")]
    role: Annotated[ShmemRole | None, At("@role")] = None
    model: Annotated[ShmemModel, At("model/@type")] = ShmemModel.IVSHMEM
    size: Annotated[int, At("size", omit=0), Size("b", written="M")] = 0
    """In bytes."""
    server: Annotated[ShmemServer | None, At("server")] = None
    msi: Annotated[ShmemMsi | None, At("msi")] = None
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def after_parse(self, reading: Reading) -> None:
        """Interrupts come from a server."""
        if self.model is ShmemModel.IVSHMEM:
            self.role = None
        if self.msi is not None and self.server is None:
            raise XmlError("msi option is only supported with a server")

    def check(self, guest: DomainDefinition) -> None:
        """The name is that of a file."""
        if "/" in self.name:
            raise ConfigUnsupported("shmem name cannot include '/' character")
        if self.name in (".", ".."):
            raise ConfigUnsupported(f"shmem name cannot be equal to '{self.name}'")
