# SPDX-License-Identifier: LGPL-2.1-or-later
"""The documents of storage: pools and volumes. What fills a pool or makes a volume is in the storage driver."""
