# SPDX-License-Identifier: LGPL-2.1-or-later
"""Paths that covirt makes up for a guest, and how they are told from those that a user chose."""

from __future__ import annotations

import re

from covirt.runtime.roots import QemuRoots

_RUN = r"/(target/)?(([^/]+\.)|(domain-[^/]+/)|([0-9]+-[^/]+/))"
"""What stood between directory and name in one release or another: `NAME.`, `domain-NAME/`, `ID-NAME/`."""


def is_default_channel_path(path: str, name: str | None, roots: QemuRoots) -> bool:
    """Whether the socket of a channel is one that was made up, now or by an older release."""
    directories = (roots.channel_target, roots.lib / "channel", roots.config / "channel")
    return any(
        re.fullmatch(re.escape(str(directory)) + _RUN + re.escape(name or ""), path) for directory in directories
    )
