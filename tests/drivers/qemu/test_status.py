# SPDX-License-Identifier: LGPL-2.1-or-later
"""Words of states and reasons in status files."""

from __future__ import annotations

import pytest

from covirt.api.domain.states import (
    DomainCrashedReason,
    DomainPausedReason,
    DomainRunningReason,
    DomainShutoffReason,
    DomainState,
)
from covirt.api.enums import Number
from covirt.drivers.qemu.status import reason_word, state_of
from covirt.errors import InternalError


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        (DomainRunningReason.SAVE_CANCELED, "save canceled"),
        (DomainRunningReason.POSTCOPY_FAILED, "post-copy failed"),
        (DomainRunningReason.CRASHED, "crashed"),
        (DomainPausedReason.CRASHED, "panicked"),
        (DomainPausedReason.SHUTTING_DOWN, "shutdown"),
        (DomainPausedReason.STARTING_UP, "starting up"),
        (DomainShutoffReason.FROM_SNAPSHOT, "from snapshot"),
        (DomainCrashedReason.PANICKED, "panicked"),
    ],
)
def test_reasons_have_libvirts_words(reason: Number, word: str) -> None:
    assert reason_word(reason) == word


def test_words_are_read_back() -> None:
    assert state_of("paused", "panicked") == (DomainState.PAUSED, DomainPausedReason.CRASHED)
    assert state_of("running", "a new one") == (DomainState.RUNNING, DomainRunningReason.UNKNOWN)
    with pytest.raises(InternalError, match="invalid domain state 'dancing'"):
        state_of("dancing", "")
