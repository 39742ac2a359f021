# SPDX-License-Identifier: LGPL-2.1-or-later
"""Completed guests format back to themselves, byte for byte; damaged ones are refused, never with a traceback."""

from __future__ import annotations

import json
import os
import random
from functools import cache
from pathlib import Path

import pytest

from covirt.errors import Error
from covirt.model.domain.complete import complete
from covirt.model.domain.completing import Completing, DriverFeature
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.validate import check
from covirt.xml import Context

SHARED = Path(os.environ.get("COVIRT_SHARED", Path(__file__).parents[5] / "shared"))
CORPUS = SHARED / "corpus"
SUITES = ("qemuxmlconf", "genericxml2xml", "lxcxml2xml", "bhyvexml2xml", "chxml2xml")
FEATURES = frozenset(DriverFeature) - {
    DriverFeature.WIDE_SCSI,
    DriverFeature.NO_BOOT_ORDER,
    DriverFeature.NO_STUB_CONSOLE,
}
MUTATIONS = 300

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the conformance corpus is not here")


@cache
def expected(suite: str) -> tuple[Path, ...]:
    """The expected documents of a suite."""
    cases = json.loads((CORPUS / suite / "manifest.json").read_text())["cases"]
    names = {case["expect"]["file"] for case in cases if "error" not in case["expect"] and "file" in case["expect"]}
    return tuple(CORPUS / name for name in sorted(names) if name.endswith(".xml"))


def through(text: str) -> str:
    """A document read as a definition and written again."""
    live = "<domain type='qemu' id=" in text or "cachetune" in text or "memorytune" in text
    context = Context.NONE if live else Context.INACTIVE
    return DomainDefinition.parse(text, context).value.format(Context.SECURE)


@pytest.mark.parametrize("suite", SUITES)
def test_completed_documents_are_written_as_they_were(suite: str) -> None:
    # A card that is none has no heads once it is completed, but a document that says so has one until then.
    documents = {path.name: path.read_text() for path in expected(suite)}
    kept = {name: text for name, text in documents.items() if "<model type='none'/>" not in text}
    assert [name for name, text in kept.items() if through(text) != text] == []


def test_reading_what_was_written_gives_the_same_guest() -> None:
    for path in expected("qemuxmlconf")[::5]:
        first = DomainDefinition.parse(path.read_text(), Context.INACTIVE).value
        second = DomainDefinition.parse(first.format(Context.SECURE), Context.INACTIVE).value
        assert second.devices == DomainDefinition.parse(path.read_text(), Context.INACTIVE).value.devices, path.name


def damaged(text: str, chance: random.Random) -> str:
    """A document with one word changed, taken away or doubled."""
    lines = text.splitlines()
    place = chance.randrange(1, len(lines) - 1)
    line = lines[place]
    kind = chance.randrange(5)
    if kind == 0:
        del lines[place]
    elif kind == 1:
        lines.insert(place, line)
    elif kind == 2 and "'" in line:
        start, _, rest = line.partition("'")
        word, _, end = rest.partition("'")
        other = chance.choice(("", "-1", "0", "99999999999999999999", "none", "yes", "0x", word[:-1], word + "x", "é"))
        lines[place] = f"{start}'{other}'{end}"
    elif kind == 3:
        other_place = chance.randrange(1, len(lines) - 1)
        lines[place], lines[other_place] = lines[other_place], line
    else:
        lines[place] = line.replace("type=", "kind=", 1).replace("name=", "nom=", 1)
    return "\n".join(lines)


def test_damaged_documents_are_refused_with_an_error() -> None:
    chance = random.Random(11)
    documents = [path.read_text() for path in expected("qemuxmlconf")]
    for _ in range(MUTATIONS):
        text = damaged(chance.choice(documents), chance)
        try:
            guest = DomainDefinition.parse(text, Context.INACTIVE).value
            complete(guest, Completing(context=Context.INACTIVE, features=FEATURES, host_arch="x86_64"))
            check(guest, FEATURES)
            guest.format(Context.SECURE)
        except Error:
            continue
