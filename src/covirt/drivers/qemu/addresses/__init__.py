# SPDX-License-Identifier: LGPL-2.1-or-later
"""Gives every device of a QEMU guest its place, as libvirt does: the same document gets the same addresses.

`assign` is all that others call. One module per kind of bus; the books of taken places are in
`drivers/common/addresses`. What a device of one kind must be plugged into is in `plug`.
"""

from covirt.drivers.qemu.addresses.assign import assign as assign
from covirt.drivers.qemu.addresses.plug import HostPci as HostPci
