# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

import pytest

from covirt.testing.shell_session import Session


@pytest.fixture
def session() -> Session:
    """A shell with text output."""
    return Session()


@pytest.fixture
def json_session() -> Session:
    """A shell with JSON output."""
    return Session(json=True)
