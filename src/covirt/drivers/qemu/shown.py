# SPDX-License-Identifier: LGPL-2.1-or-later
"""Definitions as they are shown: with the processor spelled out, or fit for another host."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from covirt.api.domain.info import DomainXMLFlags
from covirt.drivers.qemu.processor import resolved_model
from covirt.model.domain.definition import DomainDefinition

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver


async def describe(driver: QemuDriver, definition: DomainDefinition, flags: DomainXMLFlags) -> DomainDefinition:
    """The definition as a description with these flags shows it."""
    if DomainXMLFlags.UPDATE_CPU not in flags or definition.cpu is None or definition.id is not None:
        return definition
    shown = copy.deepcopy(definition)
    shown.cpu = resolved_model(await driver.definitions.capabilities(definition), definition, driver.host.node.arch)
    return shown
