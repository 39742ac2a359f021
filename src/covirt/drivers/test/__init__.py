# SPDX-License-Identifier: LGPL-2.1-or-later
"""The test driver: hosts, guests, networks and pools that exist in memory only, with libvirt's names and figures.

`driver` opens `test:///default`, which all connections of a process share, and `test:///path/to/node.xml`, of which
each connection has its own. `node` is what can be read from such a file, `calls` what can be done with it.
"""
