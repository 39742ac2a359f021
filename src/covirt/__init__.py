# SPDX-License-Identifier: LGPL-2.1-or-later
"""covirt: one stable API to run virtual machines and containers.

async with await covirt.open("test:///default") as conn:
    for dom in await conn.list_all_domains():
        print(dom.name, await dom.state())
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from covirt.client.open import open_connection as open

__version__ = "0.1.0"
__all__ = ["__version__", "open"]


def __getattr__(name: str) -> object:
    """Import the client only when it is first used."""
    if name != "open":
        raise AttributeError(f"module 'covirt' has no attribute {name!r}")
    from covirt.client.open import open_connection

    return open_connection
