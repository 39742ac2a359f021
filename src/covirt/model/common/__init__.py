# SPDX-License-Identifier: LGPL-2.1-or-later
"""Elements that several documents share: storage sources, secrets, labels, network addresses, PCI slots."""
