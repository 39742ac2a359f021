# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Xen can do on this host."""
