# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU needs to know of each kind of device: names, back ends, properties. One file per kind.

The properties are the same on the command line and when a device is plugged in later. Begin with `rng.py`.
"""
