# SPDX-License-Identifier: LGPL-2.1-or-later
"""The division of a device's queues between I/O threads."""

from __future__ import annotations

from collections.abc import Sequence

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported
from covirt.model.domain.devices.common import IothreadMapping


def check_mapping(mappings: Sequence[IothreadMapping], queues: int, situation: Situation) -> None:
    """Threads exist and are named once; with queues, each queue has exactly one thread."""
    if not mappings:
        return
    divided = bool(mappings[0].queues)
    if divided and not queues:
        raise ConfigUnsupported("'queue' count must be configured for explicit iothread to queue mapping")
    threads: set[int] = set()
    taken: set[int] = set()
    for mapping in mappings:
        if mapping.id in threads:
            raise ConfigUnsupported(f"duplicate mapping for iothread '{mapping.id}'")
        threads.add(mapping.id)
        if situation.guest.iothreads.find(mapping.id) is None:
            raise ConfigUnsupported(f"iothread '{mapping.id}' not defined in iothreadid")
        if divided != bool(mapping.queues):
            raise ConfigUnsupported("iothread to queue mapping must be provided for all iothreads or for none")
        _take(mapping, taken, queues)
    unused = next((queue for queue in range(queues) if queue not in taken), None)
    if divided and unused is not None:
        raise ConfigUnsupported(f"missing iothread mapping for queue '{unused}'")


def _take(mapping: IothreadMapping, taken: set[int], queues: int) -> None:
    for queue in mapping.queues:
        if queue.id >= queues:
            raise ConfigUnsupported(f"iothread queue '{queue.id}' mapping out of range")
        if queue.id in taken:
            raise ConfigUnsupported(f"iothread queue '{queue.id}' is already assigned")
        taken.add(queue.id)
