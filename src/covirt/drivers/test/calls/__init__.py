# SPDX-License-Identifier: LGPL-2.1-or-later
"""What can be done with pretended hosts: one module per theme."""

from covirt.api.binding import CallTable
from covirt.drivers.common import connection_calls
from covirt.drivers.common.domain_calls import lookup, metadata
from covirt.drivers.test.calls import (
    agent,
    checkpoint,
    console,
    define,
    devices,
    host,
    info,
    interface,
    iothread,
    lifecycle,
    memory,
    network,
    nodedev,
    pool,
    save,
    snapshot,
    stats,
    tuning,
    vcpu,
    volume,
)

CALLS = CallTable(
    connection_calls.calls,
    host.calls,
    lookup.calls,
    define.calls,
    metadata.calls,
    lifecycle.calls,
    info.calls,
    memory.calls,
    vcpu.calls,
    iothread.calls,
    tuning.calls,
    stats.calls,
    console.calls,
    agent.calls,
    devices.calls,
    snapshot.calls,
    checkpoint.calls,
    save.calls,
    network.calls,
    interface.calls,
    nodedev.calls,
    pool.calls,
    volume.calls,
)
