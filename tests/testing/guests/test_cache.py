# SPDX-License-Identifier: LGPL-2.1-or-later
from pathlib import Path

import pytest

from covirt.testing.guests import cache


def test_kept_file_replaces_the_former(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = cache.cache_directory() / "guest"
    cache.keep(path, b"old")
    cache.keep(path, b"new")
    assert path.read_bytes() == b"new"
    assert [file.name for file in path.parent.iterdir()] == ["guest"]
    assert path.stat().st_mode & 0o777 == 0o644
