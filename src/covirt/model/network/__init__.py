# SPDX-License-Identifier: LGPL-2.1-or-later
"""Virtual networks: the document (`definition`), changes of single parts (`update`), and the ports of guests (`port`)."""
