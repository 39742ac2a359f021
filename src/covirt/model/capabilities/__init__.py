# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<capabilities>`: what a host is, and which kinds of guests it can run.

A driver fills the parts in; begin with `document.format_capabilities`.
"""
