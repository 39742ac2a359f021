# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests with a software TPM."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from covirt.api.domain.states import DomainRunningReason, DomainState
from covirt.client.objects_generated import Connection

TPM = "<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>"


@pytest.mark.skipif(shutil.which("swtpm_setup") is None, reason="needs swtpm and swtpm_setup")
async def test_guest_gets_a_tpm_that_keeps_its_state(
    conn: Connection, document: Callable[..., str], root: Path
) -> None:
    domain = await conn.define_xml(document(devices=TPM))
    for _ in range(2):
        await domain.create()
        assert await domain.state() == (DomainState.RUNNING, DomainRunningReason.BOOTED)
        await domain.destroy()
    assert [path.name for path in root.rglob("tpm2/*.permall")] == ["tpm2-00.permall"]
    assert not list(root.rglob("*-swtpm.sock")), "sockets go with the guest"
