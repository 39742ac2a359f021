# SPDX-License-Identifier: LGPL-2.1-or-later
"""What hypervisors add in name spaces of their own: arguments for their programs, and overrides."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.values import UINT64_MAX
from covirt.xml import At, Reading
from covirt.xml.problems import local
from covirt.xml.scalars import read_number

URIS = {name: f"http://libvirt.org/schemas/domain/{name}/1.0" for name in ("qemu", "lxc", "bhyve", "xen")}
QEMU = {"qemu": URIS["qemu"]}


def _internal(path: str, message: str) -> At:
    return At(path, missing=message, error=InternalError)


@dataclass(slots=True, kw_only=True)
class QemuArgument:
    """One more argument for QEMU."""

    value: Annotated[str, _internal("@value", "No qemu command-line argument specified")]


@dataclass(slots=True, kw_only=True)
class QemuVariable:
    """One more variable in QEMU's environment."""

    name: Annotated[str, _internal("@name", "No qemu environment name specified")]
    value: Annotated[str | None, At("@value")] = None

    def after_parse(self, reading: Reading) -> None:
        """Names are made as the shell wants them."""
        if not re.match("[A-Za-z_]", self.name):
            raise InternalError("Invalid environment name, it must begin with a letter or underscore")
        if not re.fullmatch("[A-Za-z0-9_]+", self.name):
            raise InternalError("Invalid environment name, it must contain only alphanumerics and underscore")


@dataclass(slots=True, kw_only=True)
class QemuCapability:
    """A capability by name."""

    name: Annotated[str, _internal("@capability", "missing capability name")]


class PropertyType(StrEnum):
    """What a property's value is."""

    STRING = "string"
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    BOOL = "bool"
    REMOVE = "remove"


@dataclass(slots=True, kw_only=True)
class QemuProperty:
    """A property of a device that is set otherwise, or not at all."""

    name: Annotated[str, At("@name", missing="missing 'name' attribute for qemu:property")]
    type: Annotated[PropertyType, At("@type")]
    value: Annotated[str | None, At("@value")] = None

    def after_parse(self, reading: Reading) -> None:
        """The value fits the type."""
        if self.name == "id":
            raise XmlError("property with name 'id' can't be overridden")
        if self.type is PropertyType.REMOVE:
            if self.value is not None:
                raise XmlError("setting 'value' attribute of 'qemu:property' doesn't make sense with 'remove' type")
        elif self.value is None:
            raise XmlError("missing 'value' attribute for 'qemu:property'")
        elif not self._fits(self.value):
            raise XmlError(f"invalid value '{self.value}' of 'value' attribute of 'qemu:property'")

    def _fits(self, text: str) -> bool:
        number = read_number(text)
        if self.type is PropertyType.SIGNED:
            return number is not None and -(2**63) <= number < 2**63
        if self.type is PropertyType.UNSIGNED:
            return number is not None and 0 <= number <= UINT64_MAX
        return self.type is PropertyType.STRING or text in ("true", "false")

    @property
    def json(self) -> Any:
        """The value as QEMU takes it; None to remove the property."""
        if self.value is None or self.type is PropertyType.STRING:
            return self.value
        return self.value == "true" if self.type is PropertyType.BOOL else read_number(self.value)


@dataclass(slots=True, kw_only=True)
class QemuDevice:
    """Overrides for one device."""

    NAMESPACES: ClassVar[dict[str, str]] = QEMU

    alias: Annotated[str, At("@alias", missing="missing 'alias' attribute for qemu:device")]
    properties: Annotated[list[QemuProperty], At("qemu:frontend/qemu:property")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class QemuExtension:
    """What `<qemu:...>` elements say."""

    NAMESPACES: ClassVar[dict[str, str]] = QEMU

    arguments: Annotated[list[QemuArgument], At("qemu:commandline/qemu:arg")] = field(default_factory=list)
    environment: Annotated[list[QemuVariable], At("qemu:commandline/qemu:env")] = field(default_factory=list)
    capabilities_add: Annotated[list[QemuCapability], At("qemu:capabilities/qemu:add")] = field(default_factory=list)
    capabilities_remove: Annotated[list[QemuCapability], At("qemu:capabilities/qemu:del")] = field(default_factory=list)
    overrides: Annotated[list[QemuDevice], At("qemu:override/qemu:device")] = field(default_factory=list)
    deprecation: Annotated[str | None, At("qemu:deprecation/@behavior", blank_is_none=True)] = None


class LxcNamespaceSource(StrEnum):
    """Where a namespace is taken from."""

    NAME = "name"
    PID = "pid"
    NETNS = "netns"


_NO_TYPE = "No lxc environment type specified"


@dataclass(slots=True, kw_only=True)
class LxcShared:
    """A namespace that is shared with another container or process."""

    type: Annotated[
        LxcNamespaceSource,
        At("@type", missing=_NO_TYPE, invalid="Unknown LXC namespace source '{value}'", error=InternalError),
    ]
    value: Annotated[str, _internal("@value", _NO_TYPE)]


@dataclass(slots=True, kw_only=True)
class LxcNamespaces:
    """The namespaces that are shared."""

    NAMESPACES: ClassVar[dict[str, str]] = {"lxc": URIS["lxc"]}

    net: Annotated[LxcShared | None, At("lxc:sharenet")] = None
    ipc: Annotated[LxcShared | None, At("lxc:shareipc")] = None
    uts: Annotated[LxcShared | None, At("lxc:shareuts")] = None

    def after_parse(self, reading: Reading) -> None:
        """Refuse what is unknown."""
        for child in reading.element.children:
            if local(child.name) not in ("sharenet", "shareipc", "shareuts"):
                raise ConfigUnsupported(f"unsupported Namespace feature: {local(child.name)}")


@dataclass(slots=True, kw_only=True)
class BhyveArgument:
    """One more argument for bhyve."""

    value: Annotated[str, _internal("@value", "No bhyve command-line argument specified")]


@dataclass(slots=True, kw_only=True)
class XenArgument:
    """One more argument for Xen's device model."""

    value: Annotated[str, _internal("@value", "No device model command-line argument specified")]


@dataclass(slots=True, kw_only=True)
class Extensions:
    """The elements of all hypervisors; a driver keeps its own."""

    NAMESPACES: ClassVar[dict[str, str]] = URIS

    qemu: Annotated[QemuExtension | None, At(".")] = None
    lxc: Annotated[LxcNamespaces | None, At("lxc:namespace", omit_empty=True)] = None
    bhyve: Annotated[list[BhyveArgument], At("bhyve:commandline/bhyve:arg")] = field(default_factory=list)
    xen: Annotated[list[XenArgument], At("xen:commandline/xen:arg")] = field(default_factory=list)

    def keep_only(self, name: str | None) -> None:
        """Forget what is not for this driver."""
        if name != "qemu":
            self.qemu = None
        if name != "lxc":
            self.lxc = None
        if name != "bhyve":
            self.bhyve = []
        if name != "xen":
            self.xen = []
