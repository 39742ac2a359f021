# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs in the guest, started through its agent; the agent never tells when one ends, so one has to look."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from covirt.drivers.qemu.agent.answers import flag, integer, record
from covirt.drivers.qemu.agent.client import Agent
from covirt.drivers.qemu.agent.errors import MalformedAnswer


@dataclass(frozen=True, slots=True)
class ProgramState:
    """How far a program has come; output is there once it has exited."""

    exited: bool
    exit_code: int | None = None
    signal: int | None = None
    stdout: bytes = b""
    stderr: bytes = b""


async def start(agent: Agent, path: str, arguments: Sequence[str] = (), *, stdin: bytes = b"") -> int:
    """Start a program whose output is kept, and give its number."""
    command: dict[str, object] = {"path": path, "arg": list(arguments), "capture-output": True}
    if stdin:
        command["input-data"] = base64.b64encode(stdin).decode()
    answer = record(await agent.execute("guest-exec", command, within=agent.patience), "malformed return value")
    return integer(answer, "pid", "guest-exec")


async def state(agent: Agent, number: int) -> ProgramState:
    """Look at a program; once it has exited, the agent forgets it with this."""
    command = "guest-exec-status"
    answer = record(await agent.execute(command, {"pid": number}, within=agent.patience), "malformed return value")
    if not flag(answer, "exited", command):
        return ProgramState(False)
    return ProgramState(
        exited=True,
        exit_code=_optional(answer, "exitcode"),
        signal=_optional(answer, "signal"),
        stdout=_output(answer, "out-data"),
        stderr=_output(answer, "err-data"),
    )


def _optional(answer: Mapping[str, Any], name: str) -> int | None:
    return integer(answer, name, "guest-exec-status") if name in answer else None


def _output(answer: Mapping[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(answer.get(name, ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise MalformedAnswer(f"'{name}' in reply of guest-exec-status is not base64") from None
