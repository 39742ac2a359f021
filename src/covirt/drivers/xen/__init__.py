# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests of Xen, through its xl tool stack."""
