# SPDX-License-Identifier: LGPL-2.1-or-later
"""Asking QEMU for the CPU it would give a guest that gets all of the host's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from covirt.drivers.qemu.capabilities import replies
from covirt.drivers.qemu.capabilities.emulator import CpuProperty, EmulatorCapabilities, HostCpu
from covirt.drivers.qemu.machine import ARM, S390, X86
from covirt.drivers.qemu.monitor.commands.base import Execute
from covirt.drivers.qemu.monitor.errors import CommandFailed

#: Hyper-V enlightenments by libvirt's names, in its order.
HYPERV = (
    "relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "reset", "vendor_id", "frequencies",
    "reenlightenment", "tlbflush", "ipi", "evmcs", "avic", "emsr_bitmap", "xmm_input",
)  # fmt: skip


async def probe_host_cpu(execute: Execute, caps: EmulatorCapabilities, *, accelerated: bool) -> HostCpu | None:
    """The expansion of `host` (`max` without acceleration); None when QEMU cannot tell."""
    if "query-cpu-model-expansion" not in caps:
        return None
    model = "host" if accelerated else "max"
    cpu = await _expand(execute, caps, {"name": model})
    if cpu is None:
        return None
    if caps.arch in X86:
        everything = await _expand(execute, caps, {"name": model, "props": {"migratable": False}})
        cpu = _with_migratability(cpu, everything) if everything else cpu
    if "query-cpu-model-expansion.deprecated-props" in caps:
        full = await _expand_once(execute, "full", {"name": model}, required=False)
        if full is not None and full.deprecated is not None:
            cpu = replace(cpu, deprecated=full.deprecated)
    return cpu


async def probe_hyperv(execute: Execute, caps: EmulatorCapabilities) -> tuple[str, ...] | None:
    """The Hyper-V enlightenments this host can give, None when QEMU cannot tell."""
    if not caps.accelerated or caps.arch not in X86 | ARM or "query-cpu-model-expansion" not in caps:
        return None
    model = {"name": "host", "props": {"migratable": False, "hv-passthrough": True}}
    full = await _expand_once(execute, "full", model, required=True)
    if full is None:
        return None
    given = {p.name.removeprefix("hv-") for p in full.properties if p.name.startswith("hv-") and _is_on(p)}
    known = tuple(name for name in HYPERV if name in given or name.replace("_", "-") in given)
    # QEMU that does not expand them reports none; then nothing is known.
    return known or None


def _is_on(prop: CpuProperty) -> bool:
    """Whether a property is set: true, a positive number, or any text."""
    return isinstance(prop.value, str) or prop.value > 0


async def _expand(execute: Execute, caps: EmulatorCapabilities, model: Mapping[str, object]) -> HostCpu | None:
    """The expansion in the form that gives libvirt's feature names on this architecture."""
    # Older s390x models do not report features at all.
    required = caps.arch not in S390
    if caps.arch in ARM:
        return await _expand_once(execute, "full", model, required=required)
    if caps.arch not in X86 or "canonical-cpu-features" in caps:
        return await _expand_once(execute, "static", model, required=required)
    # Static expansion gives one spelling of each feature; libvirt may know it by another.
    static = await _ask(execute, "static", model)
    if static is None:
        return None
    replies.host_cpu(static, properties_required=required)
    return await _expand_once(execute, "full", static["model"], required=required)


async def _expand_once(execute: Execute, kind: str, model: Mapping[str, object], *, required: bool) -> HostCpu | None:
    reply = await _ask(execute, kind, model)
    return None if reply is None else replies.host_cpu(reply, properties_required=required)


async def _ask(execute: Execute, kind: str, model: Mapping[str, object]) -> Mapping[str, Any] | None:
    """The reply; None where QEMU has the command, but not for this architecture or host."""
    try:
        reply: Mapping[str, Any] = await execute("query-cpu-model-expansion", {"type": kind, "model": model})
    except CommandFailed as error:
        if error.qemu_class != "GenericError":
            raise
        return None
    return reply


def _with_migratability(migratable: HostCpu, everything: HostCpu) -> HostCpu:
    """The host CPU with all features, each marked whether guests can migrate with it."""
    unrestricted = {prop.name: prop.value for prop in everything.properties}
    marked = tuple(_marked(prop, unrestricted.get(prop.name)) for prop in migratable.properties)
    return replace(migratable, properties=marked, migratability=True)


def _marked(prop: CpuProperty, unrestricted: object) -> CpuProperty:
    """A feature that is on is migratable; one that is on only without that restriction is not."""
    if not isinstance(prop.value, bool) or not isinstance(unrestricted, bool):
        return prop
    if prop.value:
        return replace(prop, migratable=True)
    return replace(prop, value=True, migratable=False) if unrestricted else prop
