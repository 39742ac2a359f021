# SPDX-License-Identifier: LGPL-2.1-or-later
"""Talking to a running QEMU over QMP: the protocol, a client, and typed commands by theme.

Begin with `Monitor` in `client`; `commands` has a function for each thing the driver asks or does, and works over
anything that executes QMP.

The client is our own and not the qemu.qmp package: descriptors must travel with a single command (getfd, add-fd) over
a socket that we made and QEMU inherited, many commands of many guests are in flight at once, and a reply is handed to
its waiter without a task or queue of its own. `bench/qmp.py` measures both.
"""

from covirt.drivers.qemu.monitor.client import Monitor as Monitor
from covirt.drivers.qemu.monitor.errors import CommandFailed as CommandFailed
from covirt.drivers.qemu.monitor.errors import CommandNotFound as CommandNotFound
from covirt.drivers.qemu.monitor.errors import DeviceNotFound as DeviceNotFound
from covirt.drivers.qemu.monitor.errors import MonitorClosed as MonitorClosed
from covirt.drivers.qemu.monitor.errors import MonitorEnded as MonitorEnded
from covirt.drivers.qemu.monitor.errors import MonitorGone as MonitorGone
from covirt.drivers.qemu.monitor.protocol import QmpEvent as QmpEvent
