# SPDX-License-Identifier: LGPL-2.1-or-later
"""What several drivers share: guests, processors, addresses, the description of the host."""
