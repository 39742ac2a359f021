# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls that touch only the table of guests and their definitions; drivers with a `GuestDriver` take them as they are.

`tables` are all of them: `CallTable(*domain_calls.tables, ...)`.
"""

from covirt.drivers.common.domain_calls import autostart, define, describe, info, lookup, metadata

tables = (lookup.calls, define.calls, describe.calls, info.calls, autostart.calls, metadata.calls)
