# SPDX-License-Identifier: LGPL-2.1-or-later
"""For whom a document is read or written."""

from __future__ import annotations

from enum import IntFlag, auto


class Context(IntFlag):
    """What a document is for; fields and hooks may depend on it, when read and when written."""

    NONE = 0
    SECURE = auto()
    """Passwords and other secrets are written."""
    INACTIVE = auto()
    """The persistent definition: nothing that only a running guest has (id, alias, tty, portid ...)."""
    MIGRATABLE = auto()
    """For older peers: nothing that they would not understand."""
    STATUS = auto()
    """The status file of a running guest, with internal data."""
    ACTUAL_NET = auto()
    """Status: the interface as it was really connected (``<actual>``)."""
    PCI_ORIG_STATES = auto()
    """Status: the states of host PCI devices before they were taken."""
    CLOCK_ADJUST = auto()
    """Status: the clock adjustment to start from."""
    VOLUME_TRANSLATED = auto()
    """The path found for a storage volume source."""
    DISK_SOURCE = auto()
    """Read a disk only as far as its source."""
    NO_BACKING_CHAIN = auto()
    """Ignore the recorded backing chain of disks."""
    ABI_UPDATE = auto()
    """New guests: defaults may change what the guest sees."""
    ABI_UPDATE_MIGRATION = auto()
    """Incoming migration: only changes of the guest's view that a peer made too."""
    SKIP_VALIDATE = auto()
    """Read without the checks that older versions did not have (own stored files)."""
    ALLOW_POST_PARSE_FAIL = auto()
    """Keep a stored document whose defaults cannot be completed at this time."""
