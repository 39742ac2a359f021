# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<iothreads>`, `<iothreadids>`, `<defaultiothread>`: threads of the hypervisor for the guest's disks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Self

from covirt.errors import XmlError
from covirt.model.common.copying import changed
from covirt.model.common.scalars import NonZero
from covirt.xml import At, Context, NonNegativeInt, Reading, ULong


@dataclass(slots=True, kw_only=True)
class IoThread:
    """One thread, known by its number from 1."""

    id: Annotated[NonZero, At("@id")]
    pool_min: Annotated[NonNegativeInt | None, At("@thread_pool_min")] = None
    pool_max: Annotated[NonNegativeInt | None, At("@thread_pool_max")] = None
    poll_max: Annotated[ULong | None, At("poll/@max")] = None
    """For how many nanoseconds the thread polls before it sleeps."""
    poll_grow: Annotated[ULong | None, At("poll/@grow")] = None
    poll_shrink: Annotated[ULong | None, At("poll/@shrink")] = None
    implied: bool = False
    """Is it there only because of the number of threads?"""

    @property
    def plain(self) -> bool:
        """Is nothing said of the thread but that it is there?"""
        tuned = (self.pool_min, self.pool_max, self.poll_max, self.poll_grow, self.poll_shrink)
        return self.implied and all(value is None for value in tuned)


@dataclass(slots=True, kw_only=True)
class DefaultIoThread:
    """The pool of the hypervisor's main loop."""

    pool_min: Annotated[NonNegativeInt | None, At("@thread_pool_min")] = None
    pool_max: Annotated[NonNegativeInt | None, At("@thread_pool_max")] = None


@dataclass(slots=True, kw_only=True)
class IoThreads:
    """All the threads; `count` is only used in XML."""

    count: Annotated[int, At("iothreads", omit=0, invalid="invalid iothreads count '{value}'")] = 0
    threads: Annotated[list[IoThread], At("iothreadids/iothread")] = field(default_factory=list)
    default: Annotated[DefaultIoThread | None, At("defaultiothread", omit_empty=True)] = None

    def find(self, number: int) -> IoThread | None:
        """The thread of this number."""
        return next((thread for thread in self.threads if thread.id == number), None)

    def after_parse(self, reading: Reading) -> None:
        """As many threads as are asked for; those not described take the free numbers."""
        if self.count > THREAD_LIMIT:
            raise XmlError(f"invalid iothreads count '{self.count}'")
        taken: set[int] = set()
        for thread in self.threads:
            if thread.id in taken:
                raise XmlError(f"duplicate iothread id '{thread.id}' found")
            taken.add(thread.id)
        number = 1
        while len(self.threads) < self.count:
            if number not in taken:
                self.threads.append(IoThread(id=number, implied=True))
            number += 1

    def for_format(self, context: Context) -> Self:
        """The threads are listed when there is something to say of one."""
        listed = [] if all(thread.plain for thread in self.threads) else self.threads
        return changed(self, count=len(self.threads), threads=listed)


THREAD_LIMIT = 65535
"""Far more than anybody starts; keeps a wrong number from filling the memory."""
