# SPDX-License-Identifier: LGPL-2.1-or-later
"""Everything about domains: one file for each theme."""
