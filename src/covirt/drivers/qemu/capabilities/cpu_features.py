# SPDX-License-Identifier: LGPL-2.1-or-later
"""CPU features that QEMU and libvirt spell differently."""

from __future__ import annotations

from covirt.drivers.qemu.machine import X86

_X86_TO_QEMU = {
    "cmp_legacy": "cmp-legacy",
    "ds_cpl": "ds-cpl",
    "fxsr_opt": "fxsr-opt",
    "kvm_pv_eoi": "kvm-pv-eoi",
    "kvm_pv_unhalt": "kvm-pv-unhalt",
    "lahf_lm": "lahf-lm",
    "nodeid_msr": "nodeid-msr",
    "pclmuldq": "pclmulqdq",
    "perfctr_core": "perfctr-core",
    "perfctr_nb": "perfctr-nb",
    "tsc_adjust": "tsc-adjust",
    # A slip of libvirt's that guests depend on: the two instructions are not the same.
    "vmx-invvpid-single-context-noglobals": "vmx-invept-single-context-noglobals",
    "hv-vendor_id": "hv-vendor-id",
    "hv-emsr_bitmap": "hv-emsr-bitmap",
    "hv-xmm_input": "hv-xmm-input",
}
_X86_FROM_QEMU = {qemu: ours for ours, qemu in _X86_TO_QEMU.items()}

#: Features that are never passed to QEMU: it does not have them, or has dropped them as useless.
NOT_FOR_QEMU = frozenset(
    {
        "cmt",
        "mbm_total",
        "mbm_local",
        "osxsave",
        "ospke",
        "vmx-ept-uc",
        "vmx-ept-wb",
        "vmx-invvpid-single-context",
    }
)


def to_qemu(arch: str, feature: str) -> str:
    """QEMU's spelling of a feature."""
    return _X86_TO_QEMU.get(feature, feature) if arch in X86 else feature


def from_qemu(arch: str, feature: str) -> str:
    """libvirt's spelling of a feature."""
    return _X86_FROM_QEMU.get(feature, feature) if arch in X86 else feature


_POWER_MODELS = ("POWER6", "POWER7", "POWER8", "POWER9", "POWER10", "POWERPC_e5500", "POWERPC_e6500")
_POWER = {name.lower(): name for name in _POWER_MODELS}

#: libvirt's spelling of CPU models where QEMU has changed its own, by architecture and name in lower case.
MODEL_SPELLING: dict[str, dict[str, str]] = {"ppc64": _POWER, "ppc64le": _POWER}
