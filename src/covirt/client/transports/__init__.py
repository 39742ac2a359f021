# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ways to a daemon: UNIX sockets, TCP, TLS, ssh, any command.

Each way is a function from a URI to a connected socket; commands get one end of a socket pair as their standard input
and output. `table` knows them by name, `places` says where things are by default, `blocking` does without an event
loop.
"""
