# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets, read and written back."""

from __future__ import annotations

from covirt import xml
from covirt.model.secret import SecretDefinition
from covirt.testing.corpus.manifest import Case


def run(case: Case) -> object:
    """Carry out one case."""
    return xml.format(xml.parse(SecretDefinition, case.text()).value)
