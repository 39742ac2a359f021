# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests: read, completed and checked as their driver does it, but not only up to the first fault.

What is at fault is left out and the rest looked at again, so that one fault does not hide the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from covirt.drivers.qemu.check.checks import QemuChecks
from covirt.drivers.qemu.definitions import DEFINED
from covirt.drivers.qemu.document import completing
from covirt.errors import Error, ErrorLevel
from covirt.lint.emulators import Emulators
from covirt.lint.findings import Findings
from covirt.model.domain.complete import NO_HOOKS, Hooks, complete
from covirt.model.domain.completing import Completing, DriverFeature
from covirt.model.domain.definition import DomainDefinition, VirtType
from covirt.model.domain.validate import NO_CHECKS, Checks, steps
from covirt.xml import Element, Parsed, Reading
from covirt.xml.problems import path_of
from covirt.xml.reader import Source

ESSENTIAL = frozenset({"name", "memory", "os"})
"""Without these there is no guest to look at."""

QEMU_TYPES = frozenset({VirtType.QEMU, VirtType.KVM, VirtType.HVF})


@dataclass(frozen=True, slots=True)
class Driver:
    """What the guest's driver adds."""

    completing: Completing
    hooks: Hooks = NO_HOOKS
    checks: Checks = NO_CHECKS


class DomainLint:
    """Looks at one document."""

    def __init__(self, root: Element, source: Source, findings: Findings, emulators: Emulators | None) -> None:
        """Nothing is looked at before `run`."""
        self._root = root
        self._source = source
        self._findings = findings
        self._emulators = emulators
        self._parts = {path_of(root, part): part for part in _parts(root)}
        self._left_out: set[str] = set()
        self._whole = True
        """Is nothing left out but devices?"""

    async def run(self) -> None:
        """Look at the document until only what is right is left, or the guest itself is at fault."""
        while True:
            reading = Reading(DEFINED, self._kept(), self._source)
            reading.problems.root = self._root
            guest = reading.object(DomainDefinition, reading.element)
            for problem in reading.problems.found:
                self._note(problem.error)
            errors = [problem.error for problem in reading.problems.found if problem.fatal]
            if not errors:
                parsed = Parsed(guest, reading.problems.found, reading)
                errors = self._complete(parsed, await self._driver(guest))
            if not self._leave_out(errors):
                return

    def _complete(self, parsed: Parsed[DomainDefinition], driver: Driver) -> list[Error]:
        """Complete and check; gives the fault that hinders completion."""
        try:
            complete(parsed.value, driver.completing, driver.hooks)
        except Error as error:
            self._note_part(error, parsed)
            return [error]
        for step in steps(parsed.value, driver.completing.features, driver.checks):
            try:
                step()
            except Error as error:
                self._note_part(error, parsed)
        return []

    def _note_part(self, error: Error, parsed: Parsed[DomainDefinition]) -> None:
        parsed.locate(error)
        if error.path is None:
            parsed.reading.problems.locate(error, self._root)
        self._note(error)

    def _note(self, error: Error) -> None:
        """Note an error, unless it may only be so because something is left out of the guest."""
        if self._whole or (error.path or "").startswith("/domain/devices/"):
            self._findings.add(error)

    async def _driver(self, guest: DomainDefinition) -> Driver:
        """What is known of the guest's driver; with QEMU, of the very emulator."""
        if guest.type not in QEMU_TYPES:
            return Driver(Completing(context=DEFINED, features=frozenset(DriverFeature)))
        how = completing(DEFINED)
        if self._emulators is None:
            return Driver(how)
        try:
            about = await self._emulators.circumstances(guest)
        except Error as error:
            self._findings.add(Error.verbatim(f"not checked against QEMU: {error.message}", level=ErrorLevel.WARNING))
            return Driver(how)
        return Driver(how, self._emulators.completion(about), QemuChecks(about))

    # Leaving out

    def _leave_out(self, errors: list[Error]) -> bool:
        """Leave out the parts that are at fault; false when there is nothing more to look at."""
        faulty = [self._part_at(error.path or "") for error in errors]
        found = {path for path in faulty if path is not None} - self._left_out
        self._left_out |= found
        self._whole = all(path.startswith("/domain/devices/") for path in self._left_out)
        return bool(found) and None not in faulty

    def _part_at(self, path: str) -> str | None:
        """The part that a path leads into."""
        return next((part for part in self._parts if path == part or path.startswith(f"{part}/")), None)

    def _kept(self) -> Element:
        """The tree without the parts that are at fault."""
        if not self._left_out:
            return self._root
        lost = {id(self._parts[path]) for path in self._left_out}

        def without(parent: Element) -> Element:
            kept = [child for child in parent.children if id(child) not in lost]
            return Element(parent.name, parent.attributes, kept, parent.text, parent.offset)

        root = without(self._root)
        root.children = [without(child) if child.name == "devices" else child for child in root.children]
        return root


def _parts(root: Element) -> Iterator[Element]:
    """What can be left out: devices, and parts of the guest on which devices do not depend."""
    for child in root.children:
        if child.name == "devices":
            yield from child.children
        elif child.name not in ESSENTIAL:
            yield child
