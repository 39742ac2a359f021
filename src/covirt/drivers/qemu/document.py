# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a user's text to a definition that can be stored: read, completed, checked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from covirt.drivers.qemu.check.checks import QemuChecks
from covirt.drivers.qemu.defaults.completion import QemuCompletion
from covirt.errors import Error, SystemCallFailed
from covirt.model.domain.complete import complete
from covirt.model.domain.completing import Completing, DriverFeature
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.validate import check
from covirt.xml import Context

FEATURES = frozenset(
    {
        DriverFeature.MEMORY_HOTPLUG,
        DriverFeature.OFFLINE_VCPUPIN,
        DriverFeature.INDIVIDUAL_VCPUS,
        DriverFeature.USER_ALIAS,
        DriverFeature.FIRMWARE_AUTOSELECT,
        DriverFeature.NET_MODEL_STRING,
        DriverFeature.DISK_FD,
    }
)
"""What QEMU's guests can say beyond what all guests can."""


def completing(
    context: Context, random: Callable[[int], bytes] = os.urandom, security_model: str | None = None
) -> Completing:
    """How QEMU's documents are completed; `security_model` is the host's first one."""
    return Completing(
        context=context, features=FEATURES, namespace="qemu", random=random, security_model=security_model
    )


class Reader:
    """Reads documents for one emulator."""

    def __init__(self, completion: QemuCompletion, completing: Completing) -> None:
        self._completion = completion
        self._completing = completing

    def define_file(self, path: Path, *, validate: bool = False) -> DomainDefinition:
        """The definition in a file, which faults of syntax name."""
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, f"Failed to open file '{path}'") from error
        return self.define(text, validate=validate, name=str(path))

    def define(self, text: str, *, validate: bool = False, name: str | None = None) -> DomainDefinition:
        """A complete and checked definition; raises what libvirt raises for a document that it refuses."""
        parsed = DomainDefinition.parse(text, self._completing.context, validate=validate, name=name)
        guest = parsed.value
        try:
            complete(guest, self._completing, self._completion)
            check(guest, self._completing.features, QemuChecks(self._completion.about), self._completing.context)
        except Error as error:
            parsed.locate(error)
            raise
        return guest
