# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU's command line: what is said of the machine as a whole, and the order of everything.

`build.py` has the order; what QEMU is told of single devices lives in `drivers/qemu/devices`. Pure: values to values.
"""
