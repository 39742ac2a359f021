# SPDX-License-Identifier: LGPL-2.1-or-later
"""Owners of files that nobody really changes."""

from __future__ import annotations

from pathlib import Path

from covirt.errors import OperationInvalid
from covirt.host.ownership import Ownership

Owner = tuple[int, int]
ROOT: Owner = (0, 0)


class FakeOwnership(Ownership):
    """Keeps in memory whom each file belongs to."""

    def __init__(self) -> None:
        """All files belong to root."""
        self.owners: dict[Path, Owner] = {}
        self.remembered: dict[Path, tuple[Owner, int]] = {}

    def owner(self, path: Path) -> Owner:
        """Whom a file belongs to now."""
        return self.owners.get(path, ROOT)

    def take(self, path: Path, uid: int, gid: int, *, remember: bool = True) -> None:
        """Make a file belong to a guest's user."""
        if remember:
            first, count = self.remembered.get(path, (self.owner(path), 0))
            if count and self.owner(path) != (uid, gid):
                raise OperationInvalid(f"Setting different DAC user or group on {path} which is already in use")
            self.remembered[path] = (first, count + 1)
        self.owners[path] = (uid, gid)

    def give_back(self, path: Path, *, remember: bool = True) -> None:
        """Make a file belong to whom it did before, unless another guest still uses it."""
        first, count = self.remembered.pop(path, (ROOT, 1)) if remember else (ROOT, 1)
        if count > 1:
            self.remembered[path] = (first, count - 1)
        else:
            self.owners[path] = first

    def chown(self, path: Path, uid: int, gid: int) -> None:
        """Give a file away for good."""
        self.owners[path] = (uid, gid)
