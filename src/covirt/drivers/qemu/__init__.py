# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU and KVM guests: from the domain document to a running process, and everything one can do with it."""
