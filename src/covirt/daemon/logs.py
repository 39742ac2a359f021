# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon's logs, which an administrator may change while it runs."""

from __future__ import annotations

from covirt.runtime.log import Priority, parse_filters
from covirt.runtime.log_outputs import Logs, parse_outputs


class DaemonLogs:
    """Level, filters and outputs, and the logs that they make."""

    def __init__(self, level: int, filters: str, outputs: str) -> None:
        """Remember the settings; nothing is written before `start`."""
        self.level = Priority(level)
        self.filters = filters
        self.default_outputs = f"{level}:stderr"
        self.outputs = outputs or self.default_outputs
        self._logs: Logs | None = None

    def start(self) -> None:
        """Take over the logs of this process."""
        self._logs = Logs(self.level, self.filters, self.outputs)
        self._logs.start()

    def change(self, *, filters: str | None = None, outputs: str | None = None) -> None:
        """Use other settings from now on; what is no setting is refused and changes nothing."""
        new_filters = self.filters if filters is None else filters
        new_outputs = self.outputs if outputs is None else outputs or self.default_outputs
        parse_filters(new_filters)
        parse_outputs(new_outputs)
        self.filters, self.outputs = new_filters, new_outputs
        if self._logs is not None:
            self._logs.stop()
            self.start()

    def stop(self) -> None:
        """Write what is left."""
        if self._logs is not None:
            self._logs.stop()
            self._logs = None
