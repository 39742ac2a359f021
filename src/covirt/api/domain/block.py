# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks of guests: sizes, contents, and jobs that work on them."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.call import Calls, Job
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Domain
from covirt.api.layout import Max, UInt, ULong, UpTo, Width
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainBlockJobType(Number, prefix="VIR_DOMAIN_BLOCK_JOB_TYPE_"):
    """What a job does to a disk."""

    UNKNOWN = 0
    PULL = 1
    COPY = 2
    COMMIT = 3
    ACTIVE_COMMIT = 4
    BACKUP = 5


class DomainDiskErrorCode(Number, prefix="VIR_DOMAIN_DISK_ERROR_"):
    """What went wrong with a disk."""

    NONE = 0
    UNSPEC = 1
    NO_SPACE = 2


class DomainBlockResizeFlags(Flags, prefix="VIR_DOMAIN_BLOCK_RESIZE_"):
    """What the size of a disk means."""

    BYTES = 1
    CAPACITY = 1 << 1


class DomainBlockPullFlags(Flags, prefix="VIR_DOMAIN_BLOCK_PULL_"):
    """What the speed of a pull means."""

    BANDWIDTH_BYTES = 1 << 6


class DomainBlockRebaseFlags(Flags, prefix="VIR_DOMAIN_BLOCK_REBASE_"):
    """How to rebase or copy a disk."""

    SHALLOW = 1
    REUSE_EXT = 1 << 1
    COPY_RAW = 1 << 2
    COPY = 1 << 3
    RELATIVE = 1 << 4
    COPY_DEV = 1 << 5
    BANDWIDTH_BYTES = 1 << 6


class DomainBlockCopyFlags(Flags, prefix="VIR_DOMAIN_BLOCK_COPY_"):
    """How to mirror a disk."""

    SHALLOW = 1
    REUSE_EXT = 1 << 1
    TRANSIENT_JOB = 1 << 2
    SYNCHRONOUS_WRITES = 1 << 3


class DomainBlockCommitFlags(Flags, prefix="VIR_DOMAIN_BLOCK_COMMIT_"):
    """How to commit a disk."""

    SHALLOW = 1
    DELETE = 1 << 1
    ACTIVE = 1 << 2
    RELATIVE = 1 << 3
    BANDWIDTH_BYTES = 1 << 4


class DomainBlockJobInfoFlags(Flags, prefix="VIR_DOMAIN_BLOCK_JOB_INFO_"):
    """What the speed in the answer means."""

    BANDWIDTH_BYTES = 1


class DomainBlockJobAbortFlags(Flags, prefix="VIR_DOMAIN_BLOCK_JOB_ABORT_"):
    """How to end a job on a disk."""

    ASYNC = 1
    PIVOT = 1 << 1


class DomainBlockJobSetSpeedFlags(Flags, prefix="VIR_DOMAIN_BLOCK_JOB_SPEED_"):
    """What the speed of a job means."""

    BANDWIDTH_BYTES = 1


class DomainBlockCopyParam(ParamName, prefix="VIR_DOMAIN_BLOCK_COPY_"):
    """How to mirror a disk."""

    BANDWIDTH = "bandwidth", ParamType.ULLONG
    BUF_SIZE = "buf-size", ParamType.ULLONG
    GRANULARITY = "granularity", ParamType.UINT


class BlockInfo(NamedTuple):
    """Bytes that a disk takes, has, and extends to."""

    allocation: ULong
    capacity: ULong
    physical: ULong


class DiskError(NamedTuple):
    """A disk and what is wrong with it."""

    disk: str
    error: DomainDiskErrorCode


class BlockJobInfo(NamedTuple):
    """Whether a disk has a job, which, how fast and how far."""

    found: bool
    type: DomainBlockJobType
    bandwidth: ULong
    cur: ULong
    end: ULong


@call(194, "virDomainGetBlockInfo", acl="domain:read", job=Job.QUERY, since="0.8.1")
def block_info(dom: Domain, path: str, flags: NoFlags) -> BlockInfo:
    """Get size, allocation and extent of a disk."""


@call(103, "virDomainBlockPeek", acl="domain:block_read", job=Job.QUERY, since="0.4.2")
def block_peek(
    dom: Domain, path: str, offset: ULong, size: UInt, flags: NoFlags
) -> Annotated[bytes, Max(limits.DOMAIN_BLOCK_PEEK_BUFFER)]:
    """Read a piece of a disk."""


@call(251, "virDomainBlockResize", acl="domain:block_write", job=Job.MODIFY, since="0.9.8")
def block_resize(dom: Domain, disk: str, size: ULong, flags: DomainBlockResizeFlags) -> None:
    """Change the size of a disk; the number is in KiB unless a flag says bytes."""


@call(263, "virDomainGetDiskErrors", acl="domain:read", job=Job.QUERY, since="0.9.10")
def disk_errors(
    dom: Domain, flags: NoFlags
) -> Annotated[list[DiskError], UpTo(limits.DOMAIN_DISK_ERRORS, ask=Width.UINT, counted=True)]:
    """List the disks that have had errors."""


@call(240, "virDomainBlockPull", acl="domain:block_write", job=Job.MODIFY, since="0.9.4")
def block_pull(dom: Domain, path: str, bandwidth: ULong, flags: DomainBlockPullFlags) -> None:
    """Copy all backing files of a disk into its top image."""


@call(266, "virDomainBlockRebase", acl="domain:block_write", job=Job.MODIFY, since="0.9.10")
def block_rebase(dom: Domain, path: str, base: str | None, bandwidth: ULong, flags: DomainBlockRebaseFlags) -> None:
    """Copy backing files into the top image down to a base, or the whole disk to a file."""


@call(345, "virDomainBlockCopy", acl="domain:block_write", job=Job.MODIFY, since="1.2.8")
def block_copy(
    dom: Domain,
    path: str,
    destxml: str,
    params: Annotated[TypedParams, Max(limits.DOMAIN_BLOCK_COPY_PARAMETERS)],
    flags: DomainBlockCopyFlags,
) -> None:
    """Mirror a disk to a place that XML describes."""


@call(290, "virDomainBlockCommit", acl="domain:block_write", job=Job.MODIFY, since="0.10.2")
def block_commit(
    dom: Domain, disk: str, base: str | None, top: str | None, bandwidth: ULong, flags: DomainBlockCommitFlags
) -> None:
    """Write the changes of upper images down into a lower one."""


@call(238, "virDomainGetBlockJobInfo", acl="domain:read", job=Job.QUERY, since="0.9.4")
def block_job_info(dom: Domain, path: str, flags: DomainBlockJobInfoFlags) -> BlockJobInfo:
    """Get how far the job on a disk is."""


@call(237, "virDomainBlockJobAbort", acl="domain:write", job=Job.MODIFY, since="0.9.4")
def block_job_abort(dom: Domain, path: str, flags: DomainBlockJobAbortFlags) -> None:
    """End the job on a disk, or switch over to its copy."""


@call(239, "virDomainBlockJobSetSpeed", acl="domain:write", job=Job.MODIFY, since="0.9.4")
def block_job_set_speed(dom: Domain, path: str, bandwidth: ULong, flags: DomainBlockJobSetSpeedFlags) -> None:
    """Limit the speed of the job on a disk."""


@call(386, "virDomainSetBlockThreshold", acl="domain:write", job=Job.MODIFY, since="3.1.0")
def set_block_threshold(dom: Domain, dev: str, threshold: ULong, flags: NoFlags) -> None:
    """Ask to be told when a disk is written beyond a mark."""
