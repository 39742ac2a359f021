# SPDX-License-Identifier: LGPL-2.1-or-later
"""What bhyve can do on this host."""
