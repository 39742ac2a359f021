# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reading the small files in which the kernel describes the machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from covirt.errors import InternalError, SystemCallFailed
from covirt.values import CpuSet

CPU_LIMIT = 1 << 17


def read_text(path: Path) -> str:
    """The content of a file without the line's end."""
    try:
        return path.read_text(errors="surrogateescape").strip()
    except OSError as error:
        raise SystemCallFailed.from_oserror(error, f"Failed to open file '{path}'") from error


def read_optional(path: Path) -> str | None:
    """The content of a file, or None when it is not there or says nothing."""
    try:
        return path.read_text(errors="surrogateescape").strip() or None
    except OSError:
        return None


def read_int(path: Path) -> int:
    """A number in a file."""
    text = read_text(path)
    try:
        return int(text)
    except ValueError:
        raise InternalError(f"Invalid integer value '{text}' in file '{path}'") from None


def read_optional_int(path: Path) -> int | None:
    """A number in a file, or None when the file is not there."""
    return read_int(path) if read_optional(path) is not None else None


def read_set(path: Path) -> CpuSet:
    """A list of numbers and ranges in a file."""
    return CpuSet.parse(read_text(path), limit=CPU_LIMIT, empty=True)


def numbered(directory: Path, prefix: str) -> Iterator[tuple[int, Path]]:
    """Entries such as `cpu7` with their numbers, in ascending order; none when the directory is not there."""
    try:
        names = [entry.name for entry in directory.iterdir()]
    except OSError:
        return
    found = [(int(match[1]), name) for name in names if (match := re.fullmatch(prefix + r"(\d+)", name))]
    yield from ((number, directory / name) for number, name in sorted(found))
