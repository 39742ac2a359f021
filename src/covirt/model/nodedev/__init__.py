# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices of the host: the document (`definition`), and what devices can be, one file per family of capabilities."""
