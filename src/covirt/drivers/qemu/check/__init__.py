# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU, or this QEMU, cannot do, though a document may say it.

`checks.QemuChecks` is what checking a document calls: `guest` looks at the guest as a whole, one module per kind of
device at the devices. All of them refuse by raising; none changes anything.
"""
