# SPDX-License-Identifier: LGPL-2.1-or-later
"""How pretended guests begin and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.api.domain.events import DomainEventStoppedDetailType, DomainEventType
from covirt.api.domain.states import DomainRunningReason, DomainShutoffReason, DomainState
from covirt.drivers.test.guest import PretendedGuest

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver


def start(driver: TestDriver, guest: PretendedGuest, reason: DomainRunningReason) -> None:
    """The guest runs from now on."""
    guest.set_state(DomainState.RUNNING, reason)
    guest.begin(driver.guests.new_id())
    guest.managed_save = False


async def stop(
    driver: TestDriver, guest: PretendedGuest, reason: DomainShutoffReason, detail: DomainEventStoppedDetailType
) -> None:
    """The guest runs no more; a transient one is gone."""
    guest.end(reason)
    driver.publish_lifecycle(guest.handle, DomainEventType.STOPPED, detail)
    await driver.drop_if_transient(guest)
