# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon: listens, finds out who asks, and hands calls to drivers.

`pipeline.py` is the way of one call from its declaration to the driver's handler; it also serves connections inside
a process. `driver_pool.py` opens drivers and shares them among connections.
"""
