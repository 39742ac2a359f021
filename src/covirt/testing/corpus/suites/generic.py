# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests without a hypervisor: documents read, completed for all hypervisors, checked and written back."""

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
    """Carry out one case."""
    context = Context.NONE if case.options.get("live") else Context.INACTIVE
    guest = DomainDefinition.parse(case.text(), context).value
    complete(guest, Completing(context=context, features=FEATURES, random=random_bytes, host_arch="x86_64"))
    check(guest, FEATURES, context=context)
    return guest.format(context | Context.SECURE)
