# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commands about domains; each module has the same theme as its neighbours in `api/domain` and `drivers/*/calls`."""
