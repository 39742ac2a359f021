# SPDX-License-Identifier: LGPL-2.1-or-later
"""The helper process of one container: sets it up, forwards its consoles, reports its end, survives the daemon.

It is forked from the nursery, a small interpreter which has all that is needed here imported already; so this package
imports nothing of covirt but itself, always relatively. Begin with `nursery.py`, then `controller.py`; what happens
inside the new namespaces begins in `inside.py`.
"""
