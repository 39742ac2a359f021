# SPDX-License-Identifier: LGPL-2.1-or-later
"""What image files call the images below them."""

from __future__ import annotations

from covirt.model.common.backing_name import read_backing_name
from covirt.testing.corpus.compare import CannotRun, Mismatch
from covirt.testing.corpus.manifest import Case
from covirt.xml import Context, format


def run(case: Case) -> object:
    """Carry out one case."""
    if case.kind != "backing-string":
        raise CannotRun(f"{case.kind} is not there")
    named = read_backing_name(case.inline["backing"])
    if named.whole != (case.options["return"] == 0):
        raise Mismatch("credentials within the name were not noticed" if named.whole else "not understood in full")
    return format(named.source, Context.SECURE, name="source")
