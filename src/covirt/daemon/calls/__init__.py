# SPDX-License-Identifier: LGPL-2.1-or-later
"""The calls that the daemon answers itself.

Their handlers get a `Request` whose `driver` is the client's connection. `opening`, `auth` and `events` belong to the
hypervisor server, `admin` to the admin server.
"""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.daemon.calls import admin, auth, events, opening

HYPERVISOR = CallTable(auth.calls, opening.calls, events.calls)
ADMIN = CallTable(admin.calls)
