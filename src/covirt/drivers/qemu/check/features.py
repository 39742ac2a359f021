# SPDX-License-Identifier: LGPL-2.1-or-later
"""Machine features that QEMU has on some machines only, or not in every version."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from covirt.drivers.qemu.check.situation import Situation
from covirt.drivers.qemu.machine import PPC64
from covirt.errors import ConfigUnsupported
from covirt.model.domain.features import Features

FOREIGN = "The '{feature}' feature is not supported for architecture '{arch}' or machine type '{machine}'"


class Rule(NamedTuple):
    """What is wanted of a feature, who can have it, and what others are told."""

    feature: str
    wanted: Callable[[Features], bool]
    supported: Callable[[Situation], bool]
    message: str = FOREIGN


def _told(name: str) -> Callable[[Features], bool]:
    """Whether anything is said of it."""
    return lambda features: getattr(features, name) is not None


def _on(name: str) -> Callable[[Features], bool]:
    """Whether it is switched on."""
    return lambda features: bool(getattr(features, name))


def _flag(flag: str) -> Callable[[Situation], bool]:
    return lambda situation: flag in situation.caps


def _x86(situation: Situation) -> bool:
    return situation.machine.x86


def _pseries(situation: Situation) -> bool:
    return situation.machine.pseries


def _arm_virt(situation: Situation) -> bool:
    return situation.machine.arm_virt


def _vmport(situation: Situation) -> bool:
    machine = situation.machine
    return "machine-vmport-opt" in situation.caps and (machine.i440fx or machine.q35 or machine.type == "isapc")


def pc_keyboard(situation: Situation) -> bool:
    """Whether the machine has a PC's keyboard controller."""
    machine = situation.machine
    return "i8042" in situation.caps and (machine.i440fx or machine.q35 or machine.xenfv or machine.type == "isapc")


RULES = (
    Rule(
        "apic",
        lambda features: features.apic is not None and features.apic.eoi is not None,
        _x86,
        "The 'eoi' attribute of the '{feature}' feature is not supported for architecture '{arch}' "
        "or machine type '{machine}'",
    ),
    Rule(
        "hyperv",
        _told("hyperv"),
        lambda situation: situation.machine.x86 or situation.machine.arm_virt,
        "Hyperv features are not supported for architecture '{arch}' or machine type '{machine}'",
    ),
    Rule("pvspinlock", _told("pvspinlock"), _x86),
    Rule(
        "pmu",
        lambda features: features.pmu is False,
        lambda situation: situation.machine.arch not in PPC64,
        "PMU is always enabled for architecture '{arch}'",
    ),
    Rule("vmport", _told("vmport"), _vmport, "vmport is not available with this QEMU binary"),
    Rule(
        "vmport",
        lambda features: bool(features.vmport) and features.ps2 is False,
        lambda situation: False,
        "vmport feature requires the ps2 feature not to be disabled",
    ),
    Rule("gic", _told("gic"), _arm_virt),
    Rule("ioapic", _told("ioapic"), _x86),
    Rule("hpt", _told("hpt"), _pseries),
    Rule("vmcoreinfo", _on("vmcoreinfo"), _flag("vmcoreinfo"), "vmcoreinfo is not available with this QEMU binary"),
    Rule("htm", _told("htm"), _pseries),
    Rule("nested-hv", _told("nested_hv"), _pseries),
    Rule("ccf-assist", _told("ccf_assist"), _pseries),
    Rule("cfpc", _told("cfpc"), _pseries),
    Rule("sbbc", _told("sbbc"), _pseries),
    Rule("ibs", _told("ibs"), _pseries),
    Rule(
        "tcg",
        _told("tcg"),
        lambda situation: situation.guest.type == "qemu",
        "TCG features are incompatible with domain type '{type}'",
    ),
    Rule(
        "tcg",
        lambda features: features.tcg is not None and features.tcg.tb_cache % 1024 != 0,
        lambda situation: False,
        "tb-cache size must be an integer multiple of MiB",
    ),
    Rule(
        "async-teardown",
        _on("async_teardown"),
        _flag("run-with.async-teardown"),
        "asynchronous teardown is not available with this QEMU binary",
    ),
    Rule("ras", _told("ras"), _arm_virt, "ras feature is only supported with ARM Virt machines"),
    Rule("ras", _told("ras"), _flag("machine.virt.ras"), "ras feature is not available with this QEMU binary"),
    Rule("ps2", _told("ps2"), pc_keyboard, "ps2 feature is not available with this QEMU binary"),
    Rule(
        "ps2",
        _told("ps2"),
        _flag("machine-i8042-opt"),
        "ps2 feature state cannot be controlled with this QEMU binary",
    ),
    Rule(
        "aia",
        _told("aia"),
        lambda situation: situation.machine.riscv_virt,
        "aia feature is only supported with RISC-V Virt machines",
    ),
    Rule("aia", _told("aia"), _flag("machine.virt.aia"), "aia feature is not available with this QEMU binary"),
)
"""In the order of the features."""


def check(situation: Situation) -> None:
    """Check each feature that the document mentions."""
    arch, machine = situation.machine
    for rule in RULES:
        if rule.wanted(situation.guest.features) and not rule.supported(situation):
            raise ConfigUnsupported(
                rule.message.format(feature=rule.feature, arch=arch, machine=machine, type=situation.guest.type)
            )
