# SPDX-License-Identifier: LGPL-2.1-or-later
"""The connection and the host behind it."""
