# SPDX-License-Identifier: LGPL-2.1-or-later
"""One generator for each kind of text that is derived from declarations; each gives paths with their contents."""
