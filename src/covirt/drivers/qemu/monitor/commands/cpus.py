# SPDX-License-Identifier: LGPL-2.1-or-later
"""Virtual CPUs: their threads, and which of them can come and go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from covirt.drivers.qemu.monitor.commands.base import (
    Execute,
    optional_number,
    optional_text,
    record,
    records,
    text,
)
from covirt.drivers.qemu.monitor.errors import UnexpectedReply

_HALTED = {"stopped": True, "check-stop": True, "operating": False, "load": False}


@dataclass(frozen=True, slots=True)
class Cpu:
    """A CPU that is there."""

    index: int
    thread: int
    qom_path: str | None
    halted: bool


async def cpus(qemu: Execute) -> list[Cpu]:
    """The CPUs that are there."""
    return [
        Cpu(
            index=_or(optional_number(entry, "cpu-index"), -1),
            thread=_or(optional_number(entry, "thread-id"), 0),
            qom_path=optional_text(entry, "qom-path"),
            halted=_HALTED.get(str(entry.get("cpu-state")), False) if _is_s390(entry) else False,
        )
        for entry in records(await qemu("query-cpus-fast"), "query-cpus-fast")
    ]


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def _is_s390(entry: Mapping[str, Any]) -> bool:
    """Only there QEMU tells what a CPU does."""
    return str(entry.get("target", entry.get("arch"))) in ("s390", "s390x")


@dataclass(frozen=True, slots=True, kw_only=True)
class HotpluggableCpu:
    """A place for a CPU, or for all the CPUs that come together; parts of the place are -1 when it has none."""

    type: str
    vcpus: int
    qom_path: str | None
    alias: str | None
    properties: Mapping[str, int] = field(default_factory=dict)

    def place(self, name: str) -> int:
        """A part of the place: `socket-id`, `die-id`, `cluster-id`, `core-id`, `thread-id` or `node-id`."""
        return self.properties.get(name, -1)


async def hotpluggable_cpus(qemu: Execute) -> list[HotpluggableCpu]:
    """The places for CPUs, in QEMU's order: the last is plugged first."""
    reply = await qemu("query-hotpluggable-cpus")
    return [_hotpluggable(entry) for entry in records(reply, "query-hotpluggable-cpus")]


def _hotpluggable(entry: Mapping[str, Any]) -> HotpluggableCpu:
    vcpus = optional_number(entry, "vcpus-count")
    if vcpus is None:
        raise UnexpectedReply("missing/invalid 'vcpus-count' in QEMU cpu hotplug reply")
    properties = record(entry.get("props"), "query-hotpluggable-cpus")
    qom_path = optional_text(entry, "qom-path")
    return HotpluggableCpu(
        type=text(entry, "type", "missing device type for hotpluggable CPU"),
        vcpus=vcpus,
        qom_path=qom_path,
        alias=_alias(qom_path),
        properties={name: value for name, value in properties.items() if isinstance(value, int)},
    )


def _alias(qom_path: str | None) -> str | None:
    """The name of a CPU that was plugged by the user; built-in ones have none."""
    prefix = "/machine/peripheral/"
    return qom_path.removeprefix(prefix) if qom_path is not None and qom_path.startswith(prefix) else None


@dataclass(frozen=True, slots=True)
class IoThread:
    """A thread for disks; polling is told by newer QEMU."""

    number: int
    thread: int
    poll: tuple[int, int, int] | None


async def io_threads(qemu: Execute) -> list[IoThread]:
    """The threads that were made for disks, by the number in their name."""
    entries = records(await qemu("query-iothreads"), "query-iothreads")
    named = [(text(entry, "id", "query-iothreads reply data was missing 'id'"), entry) for entry in entries]
    return [_io_thread(name, entry) for name, entry in named if name.startswith("iothread")]


def _io_thread(name: str, entry: Mapping[str, Any]) -> IoThread:
    digits = name.removeprefix("iothread")
    thread = optional_number(entry, "thread-id")
    if not digits.isdecimal():
        raise UnexpectedReply(f"failed to find iothread id for '{name}'")
    if thread is None:
        raise UnexpectedReply("query-iothreads reply has malformed 'thread-id' data")
    maximum, grow, shrink = (optional_number(entry, f"poll-{what}") for what in ("max-ns", "grow", "shrink"))
    known = maximum is not None and grow is not None and shrink is not None
    return IoThread(int(digits), thread, (maximum or 0, grow or 0, shrink or 0) if known else None)


@dataclass(frozen=True, slots=True)
class ExpandedModel:
    """A CPU model by name with its properties."""

    name: str
    properties: Mapping[str, object]


async def baseline(qemu: Execute, first: ExpandedModel, second: ExpandedModel) -> ExpandedModel:
    """The best CPU that both are."""
    command = "query-cpu-model-baseline"
    reply = record(await qemu(command, {"modela": _model(first), "modelb": _model(second)}), command)
    model = record(reply.get("model"), command)
    name = text(model, "name", f"{command} reply data was missing 'name'")
    return ExpandedModel(name, record(model.get("props", {}), command))


async def comparison(qemu: Execute, first: ExpandedModel, second: ExpandedModel) -> str:
    """How the first CPU relates to the second: `superset`, `subset`, `identical` or `incompatible`."""
    command = "query-cpu-model-comparison"
    reply = record(await qemu(command, {"modela": _model(first), "modelb": _model(second)}), command)
    return text(reply, "result", f"{command} reply data was missing 'result'")


def _model(model: ExpandedModel) -> dict[str, object]:
    return {"name": model.name, "props": dict(model.properties)} if model.properties else {"name": model.name}
