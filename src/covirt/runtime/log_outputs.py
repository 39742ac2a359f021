# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where a daemon's log goes: libvirt's `log_outputs`, written by one thread so that nobody waits."""

from __future__ import annotations

import os
import queue
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from covirt.errors import InvalidArg, SystemCallFailed
from covirt.runtime.log import Filter, Priority, Record, Sink, parse_filters, parse_priority, route

JOURNAL_SOCKET = "/run/systemd/journal/socket"
SYSLOG_SOCKET = "/dev/log"
_SYSLOG_SEVERITY = {Priority.DEBUG: 7, Priority.INFO: 6, Priority.WARNING: 4, Priority.ERROR: 3}
_FACILITY_DAEMON = 3


class Destination(StrEnum):
    """The kinds of outputs."""

    STDERR = "stderr"
    SYSLOG = "syslog"
    FILE = "file"
    JOURNALD = "journald"


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One output as written in a configuration; nothing is open yet."""

    priority: Priority
    destination: Destination
    name: str | None = None

    @classmethod
    def parse(cls, text: str) -> OutputSpec:
        """Read `LEVEL:stderr`, `LEVEL:journald`, `LEVEL:syslog:NAME` or `LEVEL:file:PATH`."""
        words = text.split(":")
        if len(words) < 2:
            raise InvalidArg(f"Malformed format for log output '{text}'")
        priority = parse_priority(words[0])
        if priority is None:
            raise InvalidArg(f"Invalid log priority '{words[0]}' for log output '{text}'")
        if words[1] not in set(Destination):
            raise InvalidArg(f"Invalid log destination '{words[1]}' for log output '{text}'")
        destination = Destination(words[1])
        if len(words) != (3 if destination in (Destination.FILE, Destination.SYSLOG) else 2):
            raise InvalidArg(
                f"Log output '{text}' does not meet the format requirements for destination type '{words[1]}'"
            )
        return cls(priority, destination, words[2] if len(words) == 3 else None)

    def open(self) -> Output:
        """Open the output."""
        match self.destination:
            case Destination.STDERR:
                return FileOutput(2)
            case Destination.FILE:
                return FileOutput.at(Path(self.name or "").absolute())
            case Destination.SYSLOG:
                return SyslogOutput(self.name or "covirt")
            case Destination.JOURNALD:
                return JournalOutput()


def parse_outputs(text: str) -> list[OutputSpec]:
    """Read a `log_outputs` setting: outputs separated by blanks, a later one for the same place replaces it."""
    specs = [OutputSpec.parse(word) for word in text.split(" ") if word]
    return list({(one.destination, one.name): one for one in specs}.values())


def default_output(program: str, *, daemon: bool, interactive: bool, log_dir: Path, priority: Priority) -> OutputSpec:
    """Where libvirt logs when nothing is configured: the journal if it is there, else a file or stderr."""
    if (daemon or not interactive) and os.access(JOURNAL_SOCKET, os.W_OK):
        # The journal may slow down a program that says too much.
        return OutputSpec(max(priority, Priority.INFO) if daemon else priority, Destination.JOURNALD)
    if daemon:
        return OutputSpec(priority, Destination.FILE, str(log_dir / f"{program}.log"))
    return OutputSpec(priority, Destination.STDERR)


class Output(Protocol):
    """Something that records can be written to, by the thread of `Logs`."""

    def write(self, records: Sequence[Record]) -> None:
        """Write records; raises OSError when it cannot."""

    def close(self) -> None:
        """Nothing more will be written."""


class FileOutput:
    """Lines in a file or on a terminal."""

    def __init__(self, fd: int) -> None:
        """Write to an open descriptor."""
        self._fd = fd

    @classmethod
    def at(cls, path: Path) -> FileOutput:
        """Append to the file at a path."""
        try:
            return cls(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, f"failed to open {path}") from error

    def write(self, records: Sequence[Record]) -> None:
        """Write records as lines."""
        data = memoryview("".join(record.line() for record in records).encode(errors="backslashreplace"))
        while data:
            data = data[os.write(self._fd, data) :]

    def close(self) -> None:
        """Close the file, but never stderr."""
        if self._fd > 2:
            os.close(self._fd)


class SyslogOutput:
    """The system's log daemon."""

    def __init__(self, name: str) -> None:
        """Messages carry the name of the program."""
        self._name = name
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)

    def write(self, records: Sequence[Record]) -> None:
        """Send one datagram per record."""
        for record in records:
            level = _FACILITY_DAEMON * 8 + _SYSLOG_SEVERITY[record.priority]
            text = f"<{level}>{self._name}[{os.getpid()}]: {record.source} : {record.text()}"
            self._socket.sendto(text.encode(errors="backslashreplace"), SYSLOG_SOCKET)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


class JournalOutput:
    """The journal of systemd, with all values as fields of their own."""

    def __init__(self) -> None:
        """Make the socket; the journal may be restarted at any time."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)

    def write(self, records: Sequence[Record]) -> None:
        """Send one datagram per record."""
        for record in records:
            fields = {
                "MESSAGE": record.text(),
                "PRIORITY": str(_SYSLOG_SEVERITY[record.priority]),
                "SYSLOG_FACILITY": str(_FACILITY_DAEMON),
                "LIBVIRT_SOURCE": record.source,
                **{f"COVIRT_{name.upper()}": str(value) for name, value in record.fields.items()},
            }
            data = b"".join(_journal_field(name, value) for name, value in fields.items())
            self._socket.sendto(data, JOURNAL_SOCKET)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def _journal_field(name: str, value: str) -> bytes:
    data = value.encode(errors="backslashreplace")
    if b"\n" not in data:
        return name.encode() + b"=" + data + b"\n"
    return name.encode() + b"\n" + len(data).to_bytes(8, "little") + data + b"\n"


class Logs(Sink):
    """The logs of a daemon: takes records at once, writes them from a thread of its own."""

    def __init__(
        self, level: Priority = Priority.WARNING, filters: str = "", outputs: str = "3:stderr", *, limit: int = 10_000
    ) -> None:
        """Read the settings; nothing is opened before `start`. At most `limit` records wait to be written."""
        self._level = level
        self._filters: list[Filter] = parse_filters(filters)
        self._specs = parse_outputs(outputs)
        self._limit = limit
        self._queue: queue.SimpleQueue[Record | threading.Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="logs", daemon=True)
        self._outputs: list[tuple[Priority, Output]] = []
        self.lost = 0

    def start(self) -> None:
        """Open the outputs and take over the logs of this process."""
        self._outputs = [(spec.priority, spec.open()) for spec in self._specs]
        self._thread.start()
        route(self, self._level, self._filters)

    def __call__(self, record: Record) -> None:
        """Take a record; when too many wait already it is lost, and counted."""
        if self._queue.qsize() >= self._limit:
            self.lost += 1
        else:
            self._queue.put(record)

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until all records so far are written; False when that took too long."""
        done = threading.Event()
        self._queue.put(done)
        return done.wait(timeout)

    def stop(self) -> None:
        """Write what is left and give the logs back to Python's `logging`."""
        route()
        self._queue.put(None)
        self._thread.join()
        for _, output in self._outputs:
            output.close()

    def _write_all(self) -> None:
        while True:
            records, others = self._next_batch()
            for priority, output in self._outputs:
                wanted = [record for record in records if record.priority >= priority]
                try:
                    if wanted:
                        output.write(wanted)
                except OSError:
                    self.lost += len(wanted)  # there is no other place to say it
            for other in others:
                if other is None:
                    return
                other.set()

    def _next_batch(self) -> tuple[list[Record], list[threading.Event | None]]:
        records: list[Record] = []
        others: list[threading.Event | None] = []
        item = self._queue.get()
        while True:
            if isinstance(item, Record):
                records.append(item)
            else:
                others.append(item)
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return records, others
