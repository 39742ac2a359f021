# SPDX-License-Identifier: LGPL-2.1-or-later
"""Initial file systems for Linux: the "newc" form of cpio, written without root and without device nodes on disk."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: int
    content: bytes = b""
    device: tuple[int, int] = (0, 0)


@dataclass
class Initramfs:
    """A tree of files that grows by its verbs and becomes an archive; missing parents appear by themselves."""

    _entries: dict[str, _Entry] = field(default_factory=dict)

    def directory(self, path: str) -> None:
        """Add an empty directory."""
        self._add(path, _Entry(stat.S_IFDIR | 0o755))

    def file(self, path: str, content: bytes | str, *, executable: bool = False) -> None:
        """Add a regular file."""
        octets = content.encode() if isinstance(content, str) else content
        self._add(path, _Entry(stat.S_IFREG | (0o755 if executable else 0o644), octets))

    def link(self, path: str, target: str) -> None:
        """Add a symbolic link."""
        self._add(path, _Entry(stat.S_IFLNK | 0o777, target.encode()))

    def character_device(self, path: str, major: int, minor: int) -> None:
        """Add a character device."""
        self._add(path, _Entry(stat.S_IFCHR | 0o600, device=(major, minor)))

    def archive(self) -> bytes:
        """The whole tree as a cpio archive; the same tree always gives the same bytes."""
        members = [_member(number, path, entry) for number, (path, entry) in enumerate(self._entries.items(), start=1)]
        return b"".join([*members, _member(0, "TRAILER!!!", _Entry(0))])

    def _add(self, path: str, entry: _Entry) -> None:
        path = path.strip("/")
        parent = path.rpartition("/")[0]
        if parent and parent not in self._entries:
            self.directory(parent)
        self._entries[path] = entry


def _member(number: int, path: str, entry: _Entry) -> bytes:
    name = path.encode() + b"\0"
    links = 2 if stat.S_ISDIR(entry.mode) else 1
    owner = group = modified = checksum = 0
    fields = (
        *(number, entry.mode, owner, group, links, modified, len(entry.content)),
        *(0, 0, *entry.device, len(name), checksum),
    )
    header = b"070701" + b"".join(b"%08x" % value for value in fields)
    return _padded(header + name) + _padded(entry.content)


def _padded(octets: bytes) -> bytes:
    return octets + bytes(-len(octets) % 4)
