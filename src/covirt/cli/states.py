# SPDX-License-Identifier: LGPL-2.1-or-later
"""Words for the states of domains and the reasons for them."""

from __future__ import annotations

STATES = ("no state", "running", "idle", "paused", "in shutdown", "shut off", "crashed", "pmsuspended")

# fmt: off
REASONS: dict[str, tuple[str, ...]] = {
    "running": (
        "unknown", "booted", "migrated", "restored", "from snapshot", "unpaused", "migration canceled", "save canceled",
        "event wakeup", "crashed", "post-copy", "post-copy failed",
    ),
    "paused": (
        "unknown", "user", "migrating", "saving", "dumping", "I/O error", "watchdog", "from snapshot", "shutting down",
        "creating snapshot", "crashed", "starting up", "post-copy", "post-copy failed", "api error",
    ),
    "in shutdown": ("unknown", "user"),
    "shut off": (
        "unknown", "shutdown", "destroyed", "crashed", "migrated", "saved", "failed", "from snapshot", "daemon",
    ),
    "crashed": ("unknown", "panicked"),
}
# fmt: on


def state_text(state: int) -> str:
    """The word for a state."""
    return STATES[state] if 0 <= state < len(STATES) else STATES[0]


def reason_text(state: int, reason: int) -> str:
    """The words for a reason of a state."""
    reasons = REASONS.get(state_text(state), ())
    return reasons[reason] if 0 <= reason < len(reasons) else "unknown"
