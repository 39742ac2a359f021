# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domain documents as every hypervisor reads them: read, completed, checked, written."""

from __future__ import annotations

from covirt.model.domain.complete import complete
from covirt.model.domain.completing import Completing, DriverFeature
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.validate import check
from covirt.testing.corpus.environment import random_bytes
from covirt.testing.corpus.manifest import Case
from covirt.xml import Context

FEATURES = frozenset({DriverFeature.INDIVIDUAL_VCPUS})


def run(case: Case) -> object:
    """The document as it comes out again."""
    context = Context.NONE if case.options.get("live") else Context.INACTIVE
    guest = DomainDefinition.parse(case.text(), context).value
    complete(guest, Completing(context=context, features=FEATURES, host_arch="x86_64", random=random_bytes))
    check(guest, FEATURES)
    return guest.format(context | Context.SECURE)
