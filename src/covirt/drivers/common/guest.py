# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest as drivers hold it: its definitions, its state, its jobs."""

from __future__ import annotations

import copy
import time

from covirt.api.domain.states import DomainCrashedReason, DomainShutoffReason, DomainState
from covirt.api.enums import Number
from covirt.api.handles import Domain
from covirt.errors import Error, NoSuchDomain, OperationInvalid
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.jobs import Jobs
from covirt.values import Uuid


class Guest:
    """One guest; drivers add what they need to know about a run.

    `definition` is what runs, or what will run. A running guest that is persistent has its `next` definition beside
    it: what the following start will use.
    """

    def __init__(self, definition: DomainDefinition, *, max_queued: int = 0) -> None:
        """A guest that does not run and is not kept yet."""
        self.definition = definition
        self.next: DomainDefinition | None = None
        self.persistent = False
        self.updated = False
        self.autostart = False
        self.autostart_once = False
        self.managed_save = False
        self.removed = False
        self.taints: list[str] = []
        """Why support may refuse to look at its faults."""
        self.deprecations: list[str] = []
        self.state = DomainState.SHUTOFF
        self.reason: Number = DomainShutoffReason.UNKNOWN
        self.state_since = time.monotonic()
        self.jobs = Jobs(f"domain '{definition.name}'", max_queued=max_queued, removed=self._removal)

    # What hangs on it

    @property
    def snapshot_count(self) -> int:
        """How many snapshots of it are known."""
        return 0

    @property
    def checkpoint_count(self) -> int:
        """How many checkpoints of it are known."""
        return 0

    # Who it is

    @property
    def name(self) -> str:
        """Its name, unique on the host."""
        return self.definition.name

    @property
    def uuid(self) -> Uuid:
        """What stays the same when it is renamed."""
        assert self.definition.uuid is not None, "a completed definition has a uuid"
        return self.definition.uuid

    @property
    def id(self) -> int:
        """Its number while it runs, else -1."""
        return -1 if self.definition.id is None else self.definition.id

    @property
    def handle(self) -> Domain:
        """What clients know it by."""
        return Domain(self.name, self.uuid, self.id)

    @property
    def active(self) -> bool:
        """Does it run, or is it paused?"""
        return self.definition.id is not None

    def require_active(self) -> None:
        """Refuse what only a running guest can do."""
        if not self.active:
            raise OperationInvalid("domain is not running")

    # Its life

    def set_state(self, state: DomainState, reason: Number) -> None:
        """Note what it does now, and why."""
        self.state, self.reason = state, reason
        self.state_since = time.monotonic()

    def begin(self, number: int) -> None:
        """It runs from now on; what a persistent one will be next time is set aside."""
        if self.persistent and self.next is None:
            self.next = copy.deepcopy(self.definition)
        self.definition.id = number

    def end(self, reason: DomainShutoffReason | DomainCrashedReason) -> None:
        """It runs no more, and is what it was defined to be next."""
        if self.next is not None:
            self.definition, self.next = self.next, None
        self.definition.id = None
        crashed = isinstance(reason, DomainCrashedReason)
        self.set_state(DomainState.CRASHED if crashed else DomainState.SHUTOFF, reason)

    # Its definitions

    @property
    def persistent_definition(self) -> DomainDefinition:
        """What the next start will use."""
        return self.next or self.definition

    def assign(self, definition: DomainDefinition) -> DomainDefinition | None:
        """Take a new persistent definition; gives the one that it replaces."""
        if self.active:
            before, self.next = self.next, definition
        else:
            before, self.definition = self.definition, definition
        return before

    def chosen(self, *, live: bool, config: bool) -> tuple[DomainDefinition | None, DomainDefinition | None]:
        """The running and the persistent definition which a call is about; without a wish the current one."""
        if not live and not config:
            live, config = self.active, not self.active
        if live:
            self.require_active()
        if config and not self.persistent:
            raise OperationInvalid("transient domains do not have any persistent config")
        return self.definition if live else None, self.persistent_definition if config else None

    def chosen_one(self, *, live: bool, config: bool) -> DomainDefinition:
        """The one definition which a call reads."""
        running, persistent = self.chosen(live=live, config=config)
        chosen = running or persistent
        assert chosen is not None
        return chosen

    def _removal(self) -> Error | None:
        """What those are told who waited for a job of a guest that is gone."""
        return NoSuchDomain(f"no domain with matching uuid '{self.uuid}' ({self.name})") if self.removed else None

    def __repr__(self) -> str:
        """For messages."""
        return f"<{type(self).__name__} {self.name} {self.state.name.lower()}>"
