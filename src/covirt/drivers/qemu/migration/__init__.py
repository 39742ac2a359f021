# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests that move to another host: what QEMU is told about it, and what the two hosts tell each other."""
