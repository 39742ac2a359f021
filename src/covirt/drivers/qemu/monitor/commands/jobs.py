# SPDX-License-Identifier: LGPL-2.1-or-later
"""Long work of QEMU on disks: mirrors, commits, snapshots, and the jobs that they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from covirt.drivers.qemu.monitor.commands.base import (
    Execute,
    given,
    number,
    optional_text,
    records,
    text,
)


@dataclass(frozen=True, slots=True)
class JobState:
    """A job of QEMU; progress is a measure of its own."""

    id: str
    type: str
    status: str
    progress: int
    total: int
    error: str | None


async def jobs(qemu: Execute) -> list[JobState]:
    """All jobs that are not dismissed."""
    return [
        JobState(
            id=text(entry, "id", "query-jobs reply was missing 'id'"),
            type=text(entry, "type", "query-jobs reply was missing 'type'"),
            status=text(entry, "status", "query-jobs reply was missing 'status'"),
            progress=number(entry, "current-progress", "query-jobs reply was missing 'current-progress'"),
            total=number(entry, "total-progress", "query-jobs reply was missing 'total-progress'"),
            error=optional_text(entry, "error"),
        )
        for entry in records(await qemu("query-jobs"), "query-jobs")
    ]


async def complete(qemu: Execute, job: str) -> None:
    """Let a job that is ready come to its end."""
    await qemu("job-complete", {"id": job})


async def finalize(qemu: Execute, job: str) -> None:
    """Let a job that waits for it make its changes."""
    await qemu("job-finalize", {"id": job})


async def dismiss(qemu: Execute, job: str) -> None:
    """Forget a job that has ended."""
    await qemu("job-dismiss", {"id": job})


async def cancel(qemu: Execute, job: str, *, force: bool = False) -> None:
    """Stop a block job."""
    await qemu("block-job-cancel", given(device=job, force=force or None))


async def set_speed(qemu: Execute, job: str, bytes_per_second: int) -> None:
    """Limit a block job; 0 for no limit."""
    await qemu("block-job-set-speed", {"device": job, "speed": bytes_per_second})


async def mirror(
    qemu: Execute,
    job: str,
    device: str,
    target: str,
    *,
    shallow: bool,
    replaces: str | None = None,
    speed: int = 0,
    granularity: int = 0,
    buffer: int = 0,
    synchronous_writes: bool = False,
) -> None:
    """Copy a disk to another node and keep both equal, until the job is completed or cancelled."""
    arguments = given(
        job_id=job,
        device=device,
        target=target,
        replaces=replaces,
        speed=speed or None,
        granularity=granularity or None,
        buf_size=buffer or None,
        sync="top" if shallow else "full",
        copy_mode="write-blocking" if synchronous_writes else None,
        auto_finalize=True,
        auto_dismiss=False,
    )
    await qemu("blockdev-mirror", arguments)


async def stream(
    qemu: Execute,
    device: str,
    job: str | None = None,
    *,
    base: str | None = None,
    backing_file: str | None = None,
    speed: int = 0,
    hide_protocol: bool | None = None,
) -> None:
    """Copy what an image has below it into it."""
    arguments = given(
        device=device,
        job_id=job,
        speed=speed or None,
        base_node=base,
        backing_file=backing_file,
        auto_finalize=True,
        auto_dismiss=False,
        backing_mask_protocol=hide_protocol,
    )
    await qemu("block-stream", arguments)


async def commit(
    qemu: Execute,
    device: str,
    job: str | None = None,
    *,
    top: str | None = None,
    base: str | None = None,
    backing_file: str | None = None,
    speed: int = 0,
    auto_finalize: bool | None = None,
    hide_protocol: bool | None = None,
) -> None:
    """Write what an image has into the one below it."""
    arguments = given(
        device=device,
        job_id=job,
        speed=speed or None,
        top_node=top,
        base_node=base,
        backing_file=backing_file,
        auto_finalize=auto_finalize,
        auto_dismiss=False,
        backing_mask_protocol=hide_protocol,
    )
    await qemu("block-commit", arguments)


async def transaction(qemu: Execute, actions: Sequence[Mapping[str, object]]) -> None:
    """Do several things at the same moment, or none of them."""
    await qemu("transaction", {"actions": list(actions)})


async def save_snapshot(qemu: Execute, job: str, name: str, state_node: str, nodes: Sequence[str]) -> None:
    """Save the guest's memory and disks inside the images."""
    await qemu("snapshot-save", {"job-id": job, "tag": name, "vmstate": state_node, "devices": list(nodes)})


async def load_snapshot(qemu: Execute, job: str, name: str, state_node: str, nodes: Sequence[str]) -> None:
    """Go back to what was saved."""
    await qemu("snapshot-load", {"job-id": job, "tag": name, "vmstate": state_node, "devices": list(nodes)})


async def delete_snapshot(qemu: Execute, job: str, name: str, nodes: Sequence[str]) -> None:
    """Remove what was saved."""
    await qemu("snapshot-delete", {"job-id": job, "tag": name, "devices": list(nodes)})
