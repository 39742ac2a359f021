# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who may do what: access managers that the daemon asks before a call.

`authority` talks to polkit, `polkit` asks it about each call, `attributes` tells what it gets to know of an object.
"""
