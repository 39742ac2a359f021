# SPDX-License-Identifier: LGPL-2.1-or-later
"""The documents: one dataclass per element, one file per theme; read and written by the XML engine, checked here.

Nothing here knows a hypervisor or touches a machine. Begin with `domain/definition.py`; what several documents share
is in `common/`.
"""
