# SPDX-License-Identifier: LGPL-2.1-or-later
"""The definition of a guest, one file per element; devices are in `devices/`. Begin with `definition.py`."""
