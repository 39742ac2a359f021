# SPDX-License-Identifier: LGPL-2.1-or-later
"""What checks covirt from outside and inside: the conformance corpus and its runner, tiny guests, scripted peers.

Nothing here is needed by a running daemon; drivers and their tests import from here, never the other way round.
"""
