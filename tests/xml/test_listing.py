# SPDX-License-Identifier: LGPL-2.1-or-later
"""What declarations make can be listed."""

from __future__ import annotations

from covirt.model.domain.definition import DomainDefinition
from covirt.xml import listing


def test_a_guests_elements_are_listed_with_words_and_sentences() -> None:
    rows = {row.path: row for row in listing(DomainDefinition)}
    assert rows["/domain/@id"].text == "The number of a running guest."
    assert "kvm" in rows["/domain/@type"].words
    assert rows["/domain/@type"].required
    assert rows["/domain/devices/disk"].repeated
    assert "/domain/cpu/numa/cell/@cpus" in rows
    assert "sev" in rows["/domain/launchSecurity/@type"].words
