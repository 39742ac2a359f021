# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a stored definition to that of one run: what a start decides, without touching the host.

`definition.py` has the order. What has to be made on the host afterwards (sockets, taps, secrets) goes into
`command.context.Prepared`.
"""
