# SPDX-License-Identifier: LGPL-2.1-or-later
"""Structured logs: a sentence and named values; what is written where is chosen in libvirt's syntax.

`log = get("qemu.start")`, then `log.info("guest started", guest=name, pid=pid)`. Until `Logs.start` is called the
messages go to Python's own `logging`, as befits a library; afterwards they go to the outputs, and the caller never
waits for a disk or a socket.
"""

from __future__ import annotations

import fnmatch
import os
import re
import threading
import time
import traceback
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeGuard

from covirt.error_base import Error
from covirt.errors import InvalidArg

_LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+\d{4}: \d+: (?:debug|info|warning|error) :")


class Priority(IntEnum):
    """How much a message matters, with libvirt's numbers."""

    DEBUG = 1
    INFO = 2
    WARNING = 3
    ERROR = 4


@dataclass(frozen=True, slots=True)
class Record:
    """One message with its values."""

    source: str
    priority: Priority
    message: str
    fields: dict[str, object] = field(default_factory=dict)
    time: float = 0.0
    thread: int = 0

    def text(self) -> str:
        """The message followed by its values."""
        return " ".join([self.message, *(f"{name}={_shown(value)}" for name, value in self.fields.items())])

    def line(self) -> str:
        """The record as libvirt writes it to a file."""
        text = f"{timestamp(self.time)}: {self.thread}: {self.priority.name.lower()} : {self.source} : {self.text()}\n"
        return text + "".join(_trace(value) for value in self.fields.values())


@dataclass(frozen=True, slots=True)
class Filter:
    """Sources whose names match the pattern log from this priority on."""

    pattern: str
    priority: Priority

    @classmethod
    def parse(cls, text: str) -> Filter:
        """Read `LEVEL:MATCH`."""
        level, _, match = text.partition(":")
        if ":" not in text:
            raise InvalidArg(f"Malformed format for filter '{text}'")
        priority = parse_priority(level)
        if priority is None:
            raise InvalidArg(f"Invalid priority '{level}' for filter '{text}'")
        match = match.split(":")[0]
        pattern = match.removeprefix("+")  # a plus once asked for stack traces
        if not pattern:
            raise InvalidArg(f"Invalid match string '{match}'")
        return cls(_open_ended(pattern), priority)

    def matches(self, source: str) -> bool:
        """Whether it is about that source."""
        return fnmatch.fnmatchcase(source, self.pattern)


def parse_filters(text: str) -> list[Filter]:
    """Read a `log_filters` setting: filters separated by blanks, a later one for the same pattern replaces it."""
    found = {one.pattern: one for one in (Filter.parse(word) for word in text.split(" ") if word)}
    return list(found.values())


def parse_priority(text: str) -> Priority | None:
    """A priority written as its number, or None."""
    return Priority(int(text)) if re.fullmatch(r"\s*\+?0*[1-4]", text) else None


def timestamp(moment: float) -> str:
    """A moment as libvirt writes it, always in UTC."""
    whole = int(moment)
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(whole)) + f".{int((moment - whole) * 1000):03d}+0000"


def looks_like_log_line(text: str) -> bool:
    """Whether a line of a program's output was written by a libvirt logger."""
    return _LINE.match(text) is not None


class Logger:
    """Takes the messages of one source."""

    __slots__ = ("_priority", "_version", "name")

    def __init__(self, name: str) -> None:
        """Made by `get`."""
        self.name = name
        self._version = -1
        self._priority = Priority.WARNING

    def debug(self, message: str, **fields: object) -> None:
        """For those who look for a fault in covirt."""
        self._log(Priority.DEBUG, message, fields)

    def info(self, message: str, **fields: object) -> None:
        """Something of interest happened as it should."""
        self._log(Priority.INFO, message, fields)

    def warning(self, message: str, **fields: object) -> None:
        """Something is not as it should be, and work goes on."""
        self._log(Priority.WARNING, message, fields)

    def error(self, message: str, **fields: object) -> None:
        """Something failed."""
        self._log(Priority.ERROR, message, fields)

    def wants(self, priority: Priority) -> bool:
        """Whether a message of that priority would be written; for values that are costly to make."""
        routing = _routing
        if self._version != routing.version:
            self._priority = routing.priority_of(self.name)
            self._version = routing.version
        return priority >= self._priority

    def _log(self, priority: Priority, message: str, fields: dict[str, object]) -> None:
        if self.wants(priority):
            record = Record(self.name, priority, message, fields, time.time(), threading.get_native_id())
            _routing.sink(record)


class Sink:
    """Where records go; this one hands them to Python's `logging`."""

    def __call__(self, record: Record) -> None:
        """Take a record; must not wait."""
        import logging

        failure = next((value for value in record.fields.values() if _deserves_trace(value)), None)
        logging.getLogger(f"covirt.{record.source}").log(
            logging.DEBUG + 10 * (record.priority - 1),
            "%s",
            record.text(),
            exc_info=failure if isinstance(failure, BaseException) else None,
        )


@dataclass(slots=True)
class Routing:
    """What is logged from which source, and where it goes."""

    version: int
    priority: Priority | None
    filters: list[Filter]
    sink: Sink

    def priority_of(self, source: str) -> Priority:
        """From which priority on a source is logged; the first filter that matches decides."""
        for one in self.filters:
            if one.matches(source):
                return one.priority
        return self.priority if self.priority is not None else Priority.DEBUG


_routing = Routing(0, None, [], Sink())
_loggers: dict[str, Logger] = {}


def get(name: str) -> Logger:
    """The logger of a source, named like the module it is in."""
    return _loggers.setdefault(name, Logger(name))


def route(sink: Sink | None = None, priority: Priority | None = None, filters: list[Filter] | None = None) -> None:
    """Send records from now on to `sink`; without one back to Python's `logging`."""
    global _routing
    _routing = Routing(_routing.version + 1, priority, filters or [], sink or Sink())


def _open_ended(pattern: str) -> str:
    """libvirt's filters match anywhere in the name of a source."""
    return f"{'' if pattern.startswith('*') else '*'}{pattern}{'' if pattern.endswith('*') else '*'}"


def _shown(value: object) -> str:
    if isinstance(value, BaseException):
        return repr(str(value)) if isinstance(value, Error) else repr(value)
    if isinstance(value, (str, os.PathLike)):
        text = str(value)
        return text if text and text.isprintable() and " " not in text else repr(text)
    return str(value)


def _deserves_trace(value: object) -> TypeGuard[BaseException]:
    """Errors that we raise on purpose explain themselves; the others need the place they came from."""
    return isinstance(value, BaseException) and not isinstance(value, Error)


def _trace(value: object) -> str:
    return "".join(traceback.format_exception(value)) if _deserves_trace(value) else ""
