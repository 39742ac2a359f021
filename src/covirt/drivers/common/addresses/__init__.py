# SPDX-License-Identifier: LGPL-2.1-or-later
"""Address books: which place on a guest's buses is taken, and where the next device goes.

They know buses and slots, no hypervisor: a driver tells what a device may be plugged into and asks for a place.
Begin with `pci.py`; `usb.py`, `ccw.py` and `virtio_serial.py` are the same idea for smaller buses.
"""
