# SPDX-License-Identifier: LGPL-2.1-or-later
"""The features of a guest that have parts of their own: KVM, Xen, containers' capabilities, and smaller ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.scalars import AnyBase
from covirt.model.domain.hyperv import check_states
from covirt.model.domain.sizes import Memory, memory_at
from covirt.xml import At, Context, Element, OnOff, Reading, Size


def _state(name: str) -> Any:
    return At(f"{name}/@state")


@dataclass(slots=True, kw_only=True)
class Kvm:
    """What the guest is offered of KVM's interface."""

    OPEN: ClassVar[bool] = True

    hidden: Annotated[OnOff | None, _state("hidden")] = None
    hint_dedicated: Annotated[OnOff | None, _state("hint-dedicated")] = None
    poll_control: Annotated[OnOff | None, _state("poll-control")] = None
    pv_ipi: Annotated[OnOff | None, _state("pv-ipi")] = None
    dirty_ring: Annotated[OnOff | None, _state("dirty-ring")] = None
    dirty_ring_size: Annotated[AnyBase, At("dirty-ring/@size", omit=0)] = 0

    def after_parse(self, reading: Reading) -> None:
        """Refuse what is unknown, and sizes that KVM does not have."""
        check_states(reading, KVM_FEATURES, "unsupported KVM feature: {}")
        if not self.dirty_ring:
            self.dirty_ring_size = 0
            return
        size = self.dirty_ring_size
        if reading.element.get("dirty-ring/@size") is None:
            raise XmlError("Missing required attribute 'size' in element 'dirty-ring'")
        if size & (size - 1) or not 1024 <= size <= 65536:
            raise XmlError("dirty ring must be power of 2 and ranges [1024, 65536]")


KVM_FEATURES = ("hidden", "hint-dedicated", "poll-control", "pv-ipi", "dirty-ring")


class XenPassthroughMode(StrEnum):
    """How page tables are shared with devices."""

    SYNC = "sync_pt"
    SHARE = "share_pt"


@dataclass(slots=True, kw_only=True)
class Xen:
    """What the guest is offered of Xen."""

    OPEN: ClassVar[bool] = True

    e820_host: Annotated[OnOff | None, _state("e820_host")] = None
    passthrough: Annotated[OnOff | None, _state("passthrough")] = None
    passthrough_mode: Annotated[XenPassthroughMode | None, At("passthrough/@mode")] = None

    def after_parse(self, reading: Reading) -> None:
        """Refuse what is unknown."""
        check_states(reading, ("e820_host", "passthrough"), "unsupported Xen feature: {}")
        if not self.passthrough:
            self.passthrough_mode = None


class CapabilityPolicy(StrEnum):
    """Which capabilities a container has that are not mentioned."""

    DEFAULT = "default"
    ALLOW = "allow"
    DENY = "deny"


@dataclass(slots=True, kw_only=True)
class Capabilities:
    """Kernel capabilities of a container's processes: the policy, and by name what differs from it."""

    policy: Annotated[CapabilityPolicy, At("@policy")] = CapabilityPolicy.DEFAULT
    states: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def from_element(cls, element: Element, reading: Reading) -> Capabilities:
        """The elements are named like the capabilities; without a state they are on."""
        word = element.attributes.get("policy", "default")
        if word not in list(CapabilityPolicy):
            raise XmlError(f"Invalid value for attribute 'policy' in element 'capabilities': '{word}'.")
        states: dict[str, bool] = {}
        for child in element.children:
            if child.name not in CAPABILITIES:
                raise ConfigUnsupported(f"unexpected capability feature '{child.name}'")
            state = child.attributes.get("state", "on")
            if state not in ("on", "off"):
                raise XmlError(f"Invalid value for attribute 'state' in element '{child.name}': '{state}'.")
            states[child.name] = state == "on"
        return cls(policy=CapabilityPolicy(word), states=states)

    def to_element(self, name: str, context: Context) -> Element | None:
        """Nothing when nothing differs."""
        if not self.states and self.policy is CapabilityPolicy.DEFAULT:
            return None
        children = [
            Element(capability, {"state": "on" if self.states[capability] else "off"})
            for capability in CAPABILITIES
            if capability in self.states
        ]
        return Element(name, {"policy": self.policy.value}, children)


CAPABILITIES = (
    *("audit_control", "audit_write", "block_suspend", "chown", "dac_override", "dac_read_search", "fowner", "fsetid"),
    *("ipc_lock", "ipc_owner", "kill", "lease", "linux_immutable", "mac_admin", "mac_override", "mknod", "net_admin"),
    *("net_bind_service", "net_broadcast", "net_raw", "setgid", "setfcap", "setpcap", "setuid", "sys_admin"),
    *("sys_boot", "sys_chroot", "sys_module", "sys_nice", "sys_pacct", "sys_ptrace", "sys_rawio", "sys_resource"),
    *("sys_time", "sys_tty_config", "syslog", "wake_alarm"),
)
"""The kernel's capabilities, in the order of output."""


@dataclass(slots=True, kw_only=True)
class Apic:
    """The interrupt controller of PCs."""

    eoi: Annotated[OnOff | None, At("@eoi")] = None


class GicVersion(StrEnum):
    """Versions of the ARM interrupt controller."""

    HOST = "host"
    V2 = "2"
    V3 = "3"


@dataclass(slots=True, kw_only=True)
class Gic:
    """The interrupt controller of ARM machines."""

    version: Annotated[GicVersion | None, At("@version")] = None


@dataclass(slots=True, kw_only=True)
class Smm:
    """System management mode, and how much memory it has (in bytes)."""

    state: Annotated[OnOff | None, At("@state")] = None
    tseg: Annotated[int | None, At("tseg"), Size("B", default="MiB", pretty=True)] = None

    def after_parse(self, reading: Reading) -> None:
        """It is on unless it is off, and has memory only then."""
        self.state = self.state is not False
        if not self.state:
            self.tseg = None


class IoapicDriver(StrEnum):
    """Who emulates the I/O interrupt controller."""

    QEMU = "qemu"
    KVM = "kvm"


@dataclass(slots=True, kw_only=True)
class Ioapic:
    """The I/O interrupt controller of PCs."""

    driver: Annotated[IoapicDriver | None, At("@driver")] = None


class HptResizing(StrEnum):
    """May the guest's page table change its size?"""

    ENABLED = "enabled"
    DISABLED = "disabled"
    REQUIRED = "required"


@dataclass(slots=True, kw_only=True)
class Hpt:
    """The page table of pSeries guests."""

    resizing: Annotated[HptResizing | None, At("@resizing")] = None
    max_page_size: Annotated[Memory, memory_at("maxpagesize", "./features/hpt/maxpagesize", omit=0)] = 0
    """In KiB; 0 when it is not said."""


class MsrsUnknown(StrEnum):
    """What happens when the guest touches a model specific register that is not there."""

    IGNORE = "ignore"
    FAULT = "fault"


@dataclass(slots=True, kw_only=True)
class Msrs:
    """Model specific registers."""

    unknown: Annotated[MsrsUnknown, At("@unknown")]


@dataclass(slots=True, kw_only=True)
class Tcg:
    """QEMU's own translator of machine code."""

    tb_cache: Annotated[Memory, memory_at("tb-cache", "./tb-cache", omit=0)] = 0
    """KiB for translated blocks."""
