# SPDX-License-Identifier: LGPL-2.1-or-later
"""SASL mechanisms as pure exchanges of messages, for both sides.

`mechanism` says what both sides of one look like, `plain`, `scram` and `external` are the ones we have, `table`
lists them. Where passwords come from is the caller's business.
"""
