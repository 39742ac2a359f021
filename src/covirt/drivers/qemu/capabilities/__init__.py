# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU binaries can do: the value, how it is probed over QMP, judged, and kept on disk.

`flags` is the table of capability flags, one line each with its evidence (`rules`); `probe` asks for that evidence.
Begin with `EmulatorCapabilities` in `emulator`: it is all that the rest of the driver sees.
"""

from covirt.drivers.qemu.capabilities.cache_reading import from_xml as from_xml
from covirt.drivers.qemu.capabilities.cache_writing import to_xml as to_xml
from covirt.drivers.qemu.capabilities.emulator import Acceleration as Acceleration
from covirt.drivers.qemu.capabilities.emulator import CacheStamp as CacheStamp
from covirt.drivers.qemu.capabilities.emulator import CpuModel as CpuModel
from covirt.drivers.qemu.capabilities.emulator import CpuProperty as CpuProperty
from covirt.drivers.qemu.capabilities.emulator import EmulatorCapabilities as EmulatorCapabilities
from covirt.drivers.qemu.capabilities.emulator import HostCpu as HostCpu
from covirt.drivers.qemu.capabilities.emulator import MachineType as MachineType
