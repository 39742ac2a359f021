# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which definitions a change or a question is for, as the flags of its call say."""

from __future__ import annotations

from enum import IntFlag

from covirt.api.domain.impact import DomainModificationImpact
from covirt.drivers.common.guest import Guest
from covirt.model.domain.definition import DomainDefinition


def chosen_pair(guest: Guest, flags: IntFlag) -> tuple[DomainDefinition | None, DomainDefinition | None]:
    """What runs and what will run, each if the flags mean it; all flags of this kind have the same numbers."""
    live = bool(flags & DomainModificationImpact.LIVE)
    config = bool(flags & DomainModificationImpact.CONFIG)
    return guest.chosen(live=live, config=config)


def chosen_all(guest: Guest, flags: IntFlag) -> list[DomainDefinition]:
    """The definitions that a change is for."""
    return [definition for definition in chosen_pair(guest, flags) if definition is not None]


def chosen_one(guest: Guest, flags: IntFlag) -> DomainDefinition:
    """The one definition that a question is about."""
    return chosen_all(guest, flags)[0]
