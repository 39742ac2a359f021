# SPDX-License-Identifier: LGPL-2.1-or-later
"""Storage pools and volumes, read and written back."""

from __future__ import annotations

from covirt import xml
from covirt.model.storage.pool import StoragePoolDefinition
from covirt.model.storage.volume import VolumeDefinition
from covirt.testing.corpus.manifest import Case


def run(case: Case) -> object:
    """Carry out one case."""
    if case.suite == "storagepoolxml2xml":
        return xml.format(xml.parse(StoragePoolDefinition, case.text()).value)
    pool = xml.parse(StoragePoolDefinition, case.text("pool")).value
    volume = xml.parse(VolumeDefinition, case.text("volume")).value
    flags = case.options.get("parse_flags", [])
    volume.fit(pool.type, capacity_ignored="no_capacity" in flags, capacity_optional="opt_capacity" in flags)
    return xml.format(volume)
