# SPDX-License-Identifier: LGPL-2.1-or-later
"""The calls that the QEMU driver answers, one module per theme."""

from covirt.api.binding import CallTable
from covirt.drivers.common import domain_calls
from covirt.drivers.qemu.calls import (
    agent,
    capabilities,
    connect,
    console,
    devices,
    info,
    jobs,
    lifecycle,
    memory,
    monitor,
    native,
    save,
    stats,
    vcpu,
)

CALLS = CallTable(
    *domain_calls.tables,
    connect.calls,
    capabilities.calls,
    native.calls,
    lifecycle.calls,
    info.calls,
    save.calls,
    memory.calls,
    vcpu.calls,
    stats.calls,
    console.calls,
    jobs.calls,
    devices.calls,
    monitor.calls,
    agent.calls,
)
