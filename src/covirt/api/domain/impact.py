# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether a change is for the running guest, for its definition, or both."""

from __future__ import annotations

from covirt.api.enums import Flags


class DomainModificationImpact(Flags, prefix="VIR_DOMAIN_AFFECT_"):
    """What a change is for: the running guest, the definition, or what is current."""

    CURRENT = 0
    LIVE = 1
    CONFIG = 1 << 1
