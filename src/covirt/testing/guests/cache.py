# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where guests are kept between runs."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def cache_directory() -> Path:
    """The user's cache for guests: `$XDG_CACHE_HOME/covirt/guests`."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    directory = Path(base) / "covirt" / "guests"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def keep(path: Path, content: bytes) -> Path:
    """Put a file in place in one step, so that nobody sees half of it; an unprivileged QEMU can read it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        os.fchmod(file.fileno(), 0o644)
    os.replace(file.name, path)
    return path
