# SPDX-License-Identifier: LGPL-2.1-or-later
"""Any document: its root element tells what it is."""

from __future__ import annotations

from typing import Any

from covirt.errors import Error, XmlError
from covirt.lint.domain import DomainLint
from covirt.lint.emulators import Emulators
from covirt.lint.findings import Finding, Findings
from covirt.model.domain.checkpoint import CheckpointDefinition
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.snapshot import SnapshotDefinition
from covirt.model.interface import HostInterface
from covirt.model.network.definition import NetworkDefinition
from covirt.model.nodedev.definition import NodeDeviceDefinition
from covirt.model.secret import SecretDefinition
from covirt.model.storage.pool import StoragePoolDefinition
from covirt.model.storage.volume import VolumeDefinition
from covirt.xml import Context, Element, Reading
from covirt.xml.problems import did_you_mean
from covirt.xml.reader import Source, read

KINDS: dict[str, Any] = {
    kind.ELEMENT: kind
    for kind in (
        CheckpointDefinition,
        HostInterface,
        NetworkDefinition,
        NodeDeviceDefinition,
        SecretDefinition,
        SnapshotDefinition,
        StoragePoolDefinition,
        VolumeDefinition,
    )
}
"""Documents of which only the text is looked at, by root element."""


async def lint(
    text: str, *, strict: bool = False, emulators: Emulators | None = None, name: str | None = None
) -> list[Finding]:
    """All that is wrong with a document; with `strict`, what is unknown is an error too.

    Guests of QEMU are checked against the emulators when there are such. `name` is the file's.
    """
    findings = Findings(strict=strict)
    try:
        root, source = read(text, name=name)
        if root.name == DomainDefinition.ELEMENT:
            await DomainLint(root, source, findings, emulators).run()
        else:
            _lint_text(root, source, findings)
    except Error as error:
        findings.add(error)
    return list(findings)


def _lint_text(root: Element, source: Source, findings: Findings) -> None:
    kind = KINDS.get(root.name)
    if kind is None:
        known = (DomainDefinition.ELEMENT, *KINDS)
        hint = did_you_mean(root.name, known) or f"one of: {', '.join(known)}"
        line, column = source.position(root.offset)
        message = f"unknown kind of document '{root.name}'"
        raise XmlError(message, path=f"/{root.name}", line=line, column=column, hint=hint)
    reading = Reading(Context.INACTIVE, root, source)
    value = reading.object(kind, root)
    if not reading.problems.errors:
        reading.check(value)
    findings.add_all(reading.problems.found)
