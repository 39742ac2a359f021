# SPDX-License-Identifier: LGPL-2.1-or-later
"""The corpus' guests: completed documents come back as they were, and changed ones are refused in an orderly way."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from covirt.errors import Error
from covirt.model.domain.complete import complete
from covirt.model.domain.completing import Completing, DriverFeature
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.implied import settle_videos
from covirt.model.domain.validate import check
from covirt.testing.mutations import mutations
from covirt.xml import Context

WRITTEN = Context.INACTIVE | Context.SECURE
MUTATIONS = int(os.environ.get("COVIRT_MUTATIONS", "400"))
"""How many changed documents are tried; more when asked for."""


@pytest.fixture(scope="module")
def documents(shared: Path) -> list[str]:
    """The completed guests that the corpus expects."""
    corpus = shared / "corpus"
    manifest = json.loads((corpus / "qemuxmlconf/manifest.json").read_text())
    names = {case["expect"]["file"] for case in manifest["cases"] if case["kind"] == "xml2xml"}
    return [(corpus / name).read_text() for name in sorted(names)]


def test_completed_documents_come_back_as_they_were(documents: list[str]) -> None:
    for text in documents:
        parsed = DomainDefinition.parse(text, Context.INACTIVE)
        settle_videos(parsed.value)
        assert parsed.value.format(WRITTEN) == text
        assert not parsed.problems


def test_reading_what_was_written_gives_the_same_guest(documents: list[str]) -> None:
    for text in documents:
        guest = DomainDefinition.parse(text, Context.INACTIVE).value
        again = DomainDefinition.parse(guest.format(WRITTEN), Context.INACTIVE).value
        assert again == guest


@pytest.mark.timeout(600)
def test_changed_documents_are_taken_or_refused_but_never_break_anything(documents: list[str]) -> None:
    completing = Completing(features=frozenset(DriverFeature), host_arch="x86_64", namespace="qemu")
    taken, refusals = 0, set[int]()
    for text in mutations(documents, MUTATIONS):
        began = time.monotonic()
        try:
            guest = DomainDefinition.parse(text, Context.INACTIVE).value
            complete(guest, completing)
            check(guest, completing.features)
            written = guest.format(WRITTEN)
            DomainDefinition.parse(written, Context.INACTIVE)
            taken += 1
        except Error as refusal:
            refusals.add(refusal.code)
        assert time.monotonic() - began < 2
    assert taken
    assert len(refusals) > 3
