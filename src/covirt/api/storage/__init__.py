# SPDX-License-Identifier: LGPL-2.1-or-later
"""Storage: pools, and the volumes in them."""
