# SPDX-License-Identifier: LGPL-2.1-or-later
"""The calls that the QEMU driver answers, one module per theme."""

from covirt.api.binding import CallTable
from covirt.drivers.common import domain_calls
from covirt.drivers.qemu.calls import connect, info, lifecycle, save

CALLS = CallTable(*domain_calls.tables, connect.calls, lifecycle.calls, info.calls, save.calls)
