# SPDX-License-Identifier: LGPL-2.1-or-later
"""covirt: one stable API to run virtual machines and containers."""

__version__ = "0.1.0"
