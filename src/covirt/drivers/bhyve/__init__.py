# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests of FreeBSD's bhyve."""
