# SPDX-License-Identifier: LGPL-2.1-or-later
"""The calls that the driver of containers answers, one module per theme."""

from covirt.api.binding import CallTable
from covirt.drivers.common import connection_calls, domain_calls
from covirt.drivers.lxc.calls import connect, console, define, info, lifecycle, tuning

CALLS = CallTable(
    *domain_calls.tables,
    connection_calls.calls,
    connect.calls,
    define.calls,
    lifecycle.calls,
    info.calls,
    tuning.calls,
    console.calls,
)
