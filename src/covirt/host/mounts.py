# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is mounted where on this machine, and which of it other machines see too."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from covirt.errors import SystemCallFailed

CLUSTER_TYPES = frozenset({"gfs2", "ocfs2", "ceph", "fuse.glusterfs"})
"""File systems that stay coherent between machines whatever a guest's cache mode is."""

SHARED_TYPES = CLUSTER_TYPES | {
    "nfs", "nfs4", "afs", "smb2", "smb3", "smbfs", "cifs", "gpfs", "fuse.quobyte", "acfs", "beegfs",
}  # fmt: skip
"""File systems that several machines can use at once."""

_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the mount table."""

    source: str
    directory: str
    type: str
    options: tuple[str, ...]


class Mounts:
    """The mount table, read anew for each question."""

    def __init__(self, table: Path = Path("/proc/mounts")) -> None:
        """The table has the form of /proc/mounts."""
        self._table = table

    def all(self) -> list[Mount]:
        """Everything that is mounted, in the order of the table."""
        try:
            text = self._table.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, f"Failed to read {self._table}") from error
        lines = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
        return [_mount(words) for words in lines if len(words) >= 4]

    def below(self, directory: str) -> list[str]:
        """The directories that are mounted at or below one, those on top first."""
        mounted = (mount.directory for mount in self.all())
        return sorted(path for path in mounted if path == directory or path.startswith(directory.rstrip("/") + "/"))

    def of(self, path: str) -> Mount | None:
        """The mount that a path lies on; of several at one place the last one counts."""
        best: Mount | None = None
        for mount in self.all():
            inside = path == mount.directory or path.startswith(mount.directory.rstrip("/") + "/")
            if inside and (best is None or len(mount.directory) >= len(best.directory)):
                best = mount
        return best

    def shared(self, path: str, overrides: Iterable[str] = ()) -> bool:
        """Whether other machines see a path too, by the type of its file system or because the host's owner says so."""
        if _within(os.path.realpath(path), overrides):
            return True
        mount = self.of(path)
        return mount is not None and mount.type in SHARED_TYPES

    def coherent(self, path: str) -> bool:
        """Whether a path may be used by two machines without bypassing their caches."""
        mount = self.of(path)
        return mount is not None and mount.type in CLUSTER_TYPES


def _within(path: str, directories: Iterable[str]) -> bool:
    return any(path == one or path.startswith(one.rstrip("/") + "/") for one in directories)


def _mount(words: list[str]) -> Mount:
    source, directory, kind, options = (_ESCAPED.sub(lambda code: chr(int(code[1], 8)), word) for word in words[:4])
    return Mount(source, directory, kind, tuple(options.split(",")))
