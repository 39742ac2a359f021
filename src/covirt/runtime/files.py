# SPDX-License-Identifier: LGPL-2.1-or-later
"""Changes of single files that survive a crash: afterwards a file is the old one or the new one, never a part.

These functions wait for the disk. In the event loop use `store.Store`, which does the same from a thread.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

_LEFTOVER = ".covirt-new"


def write_file(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace a file's content at once and for good."""
    NewContent(path, data, mode).place()
    sync_directory(path.parent)


class NewContent:
    """The new content of a file, written beside it and not yet in its place."""

    def __init__(self, path: Path, data: bytes, mode: int = 0o600) -> None:
        """Write and sync the new content."""
        self._path = path
        self._new = temporary_name(path)
        fd = os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
        try:
            with open(fd, "wb", closefd=True) as file:
                os.fchmod(fd, mode)
                file.write(data)
                file.flush()
                os.fsync(fd)
        except BaseException:
            self.discard()
            raise

    def place(self) -> None:
        """Put the new content in place; durable once the directory is synced."""
        try:
            os.replace(self._new, self._path)
        except OSError:
            self.discard()
            raise

    def discard(self) -> None:
        """Throw the new content away."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._new)


def link_file(path: Path, target: Path | str) -> None:
    """Make or replace a symbolic link at once and for good."""
    place_link(path, target)
    sync_directory(path.parent)


def place_link(path: Path, target: Path | str) -> None:
    """Make or replace a symbolic link; durable once the directory is synced."""
    new = temporary_name(path)
    os.symlink(target, new)
    try:
        os.replace(new, path)
    except BaseException:
        os.unlink(new)
        raise


def remove_file(path: Path, *, missing_ok: bool = False) -> None:
    """Remove a file for good."""
    path.unlink(missing_ok=missing_ok)
    sync_directory(path.parent)


def rename_file(old: Path, new: Path) -> None:
    """Rename a file at once and for good."""
    os.rename(old, new)
    for directory in {old.parent, new.parent}:
        sync_directory(directory)


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_directory(path: Path, mode: int = 0o700) -> None:
    """Make a directory and those above it that are missing; what is there keeps its mode."""
    for missing in reversed(list(_missing(path))):
        with contextlib.suppress(FileExistsError):
            os.mkdir(missing, mode)
            os.chmod(missing, mode)  # whatever the umask is
            sync_directory(missing.parent)


def temporary_name(path: Path) -> Path:
    """A name for the new content of a file; it does not end like the file, so that nobody loads it."""
    return path.with_name(f".{path.name[:200]}.{secrets.token_hex(6)}{_LEFTOVER}")


def tidy_directory(path: Path) -> list[str]:
    """Remove what writers that were killed have left; gives the names. Nobody may be writing there."""
    leftovers = sorted(name for name in os.listdir(path) if name.startswith(".") and name.endswith(_LEFTOVER))
    for name in leftovers:
        os.unlink(path / name)
    if leftovers:
        sync_directory(path)
    return leftovers


def file_names(path: Path, suffix: str = "") -> list[str]:
    """The names of the files and links in a directory that end so, in order; none when it is not there."""
    try:
        with os.scandir(path) as entries:
            return sorted(entry.name for entry in entries if _counts(entry, suffix))
    except FileNotFoundError:
        return []


def _counts(entry: os.DirEntry[str], suffix: str) -> bool:
    hidden = entry.name.startswith(".") and entry.name.endswith(_LEFTOVER)
    return entry.name.endswith(suffix) and not hidden and not entry.is_dir(follow_symlinks=False)


def _missing(path: Path) -> Iterator[Path]:
    while not path.is_dir():
        yield path
        path = path.parent
