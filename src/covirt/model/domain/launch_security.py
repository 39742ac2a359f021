# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<launchSecurity>`: guests whose memory the host cannot read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from covirt.values import UINT64_MAX
from covirt.xml import At, Hex, YesNo


def _policy() -> Any:
    text = "failed to get launch security policy"
    return At("policy", missing=text, invalid=text)


@dataclass(slots=True, kw_only=True)
class AmdCommon:
    """What AMD's ways have in common."""

    kernel_hashes: Annotated[YesNo | None, At("@kernelHashes")] = None
    """Is the kernel that is booted directly measured too?"""
    cbitpos: Annotated[int | None, At("cbitpos", invalid="Invalid format for launch security cbitpos")] = None
    reduced_phys_bits: Annotated[
        int | None, At("reducedPhysBits", invalid="Invalid format for launch security reduced-phys-bits")
    ] = None


@dataclass(slots=True, kw_only=True)
class Sev(AmdCommon):
    """AMD's encrypted memory."""

    type: Literal["sev"] = "sev"
    policy: Annotated[int, _policy(), Hex(4, base=16)]
    dh_cert: Annotated[str | None, At("dhCert")] = None
    session: Annotated[str | None, At("session")] = None


@dataclass(slots=True, kw_only=True)
class SevSnp(AmdCommon):
    """AMD's encrypted memory with protected pages."""

    type: Literal["sev-snp"] = "sev-snp"
    author_key: Annotated[YesNo | None, At("@authorKey")] = None
    vcek: Annotated[YesNo | None, At("@vcek")] = None
    policy: Annotated[int, _policy(), Hex(8, base=16, high=UINT64_MAX)]
    guest_visible_workarounds: Annotated[str | None, At("guestVisibleWorkarounds")] = None
    id_block: Annotated[str | None, At("idBlock")] = None
    id_auth: Annotated[str | None, At("idAuth")] = None
    host_data: Annotated[str | None, At("hostData")] = None


@dataclass(slots=True, kw_only=True)
class S390Pv:
    """Protected virtualization of IBM Z."""

    type: Literal["s390-pv"] = "s390-pv"


LaunchSecurity = Sev | SevSnp | S390Pv
