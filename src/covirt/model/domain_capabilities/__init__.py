# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<domainCapabilities>`: what guests of an emulator, machine and type can have on this host.

One file per part; a driver fills them in from what it knows, and nobody reads them back.
"""
