# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU's guests are when their document leaves it open; addresses are beside, in `addresses`.

`QemuCompletion` is what completing a document calls. What depends on the machine type alone is in `builtin`, one
device's own defaults are in `devices`.
"""
