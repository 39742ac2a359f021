# SPDX-License-Identifier: LGPL-2.1-or-later
"""Virtual networks: the document (`definition`), changes of single parts (`update`), ports of guests (`port`)."""
