# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which CPUs a guest may have: models, comparison, greatest common measure."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Connect
from covirt.api.layout import Listed, Max, Width
from covirt.api.themes import HOST

call = Calls(HOST)


class ConnectCompareCPUFlags(Flags, prefix="VIR_CONNECT_COMPARE_CPU_"):
    """How to compare CPUs."""

    FAIL_INCOMPATIBLE = 1
    VALIDATE_XML = 1 << 1


class ConnectBaselineCPUFlags(Flags, prefix="VIR_CONNECT_BASELINE_CPU_"):
    """How to write the common CPU."""

    EXPAND_FEATURES = 1
    MIGRATABLE = 1 << 1


class CPUCompareResult(Number, prefix="VIR_CPU_COMPARE_"):
    """How a CPU relates to another."""

    ERROR = -1
    INCOMPATIBLE = 0
    IDENTICAL = 1
    SUPERSET = 2


@call(158, "virConnectCompareCPU", acl="connect:read", high=True, since="0.7.5")
def compare_cpu(conn: Connect, xml: str, flags: ConnectCompareCPUFlags) -> CPUCompareResult:
    """Compare a CPU description with the host's CPU."""


@call(393, "virConnectCompareHypervisorCPU", acl="connect:write", since="4.4.0")
def compare_hypervisor_cpu(
    conn: Connect,
    emulator: str | None,
    arch: str | None,
    machine: str | None,
    virttype: str | None,
    xml_cpu: str,
    flags: ConnectCompareCPUFlags,
) -> CPUCompareResult:
    """Compare a CPU description with what an emulator offers on this host."""


@call(162, "virConnectBaselineCPU", acl="connect:read", since="0.7.7")
def baseline_cpu(
    conn: Connect, xml_cpus: Annotated[list[str], Max(limits.CPU_BASELINE)], flags: ConnectBaselineCPUFlags
) -> str:
    """Compute the best CPU that all the given ones can do."""


@call(394, "virConnectBaselineHypervisorCPU", acl="connect:write", since="4.4.0")
def baseline_hypervisor_cpu(
    conn: Connect,
    emulator: str | None,
    arch: str | None,
    machine: str | None,
    virttype: str | None,
    xml_cpus: Annotated[list[str], Max(limits.CPU_BASELINE)],
    flags: ConnectBaselineCPUFlags,
) -> str:
    """Compute the best CPU that all the given ones and the emulator can do."""


@call(312, "virConnectGetCPUModelNames", acl="connect:read", since="1.1.3")
def get_cpu_model_names(
    conn: Connect, arch: str, flags: NoFlags
) -> Annotated[list[str], Listed(limits.CONNECT_CPU_MODELS, count=Width.INT)]:
    """List the CPU models that are known for an architecture."""
