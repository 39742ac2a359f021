# SPDX-License-Identifier: LGPL-2.1-or-later
"""Names of what changed when limits change."""

from __future__ import annotations

from covirt.api.params import ParamName, ParamType


class DomainTunableParam(ParamName, prefix="VIR_DOMAIN_TUNABLE_"):
    """What was changed, as the event tells it."""

    BLKDEV_DISK = "blkdeviotune.disk", ParamType.STRING
    BLKDEV_GROUP_NAME = "blkdeviotune.group_name", ParamType.STRING
    BLKDEV_READ_BYTES_SEC = "blkdeviotune.read_bytes_sec", ParamType.ULLONG
    BLKDEV_READ_BYTES_SEC_MAX = "blkdeviotune.read_bytes_sec_max", ParamType.ULLONG
    BLKDEV_READ_BYTES_SEC_MAX_LENGTH = "blkdeviotune.read_bytes_sec_max_length", ParamType.ULLONG
    BLKDEV_READ_IOPS_SEC = "blkdeviotune.read_iops_sec", ParamType.ULLONG
    BLKDEV_READ_IOPS_SEC_MAX = "blkdeviotune.read_iops_sec_max", ParamType.ULLONG
    BLKDEV_READ_IOPS_SEC_MAX_LENGTH = "blkdeviotune.read_iops_sec_max_length", ParamType.ULLONG
    BLKDEV_SIZE_IOPS_SEC = "blkdeviotune.size_iops_sec", ParamType.ULLONG
    BLKDEV_TOTAL_BYTES_SEC = "blkdeviotune.total_bytes_sec", ParamType.ULLONG
    BLKDEV_TOTAL_BYTES_SEC_MAX = "blkdeviotune.total_bytes_sec_max", ParamType.ULLONG
    BLKDEV_TOTAL_BYTES_SEC_MAX_LENGTH = "blkdeviotune.total_bytes_sec_max_length", ParamType.ULLONG
    BLKDEV_TOTAL_IOPS_SEC = "blkdeviotune.total_iops_sec", ParamType.ULLONG
    BLKDEV_TOTAL_IOPS_SEC_MAX = "blkdeviotune.total_iops_sec_max", ParamType.ULLONG
    BLKDEV_TOTAL_IOPS_SEC_MAX_LENGTH = "blkdeviotune.total_iops_sec_max_length", ParamType.ULLONG
    BLKDEV_WRITE_BYTES_SEC = "blkdeviotune.write_bytes_sec", ParamType.ULLONG
    BLKDEV_WRITE_BYTES_SEC_MAX = "blkdeviotune.write_bytes_sec_max", ParamType.ULLONG
    BLKDEV_WRITE_BYTES_SEC_MAX_LENGTH = "blkdeviotune.write_bytes_sec_max_length", ParamType.ULLONG
    BLKDEV_WRITE_IOPS_SEC = "blkdeviotune.write_iops_sec", ParamType.ULLONG
    BLKDEV_WRITE_IOPS_SEC_MAX = "blkdeviotune.write_iops_sec_max", ParamType.ULLONG
    BLKDEV_WRITE_IOPS_SEC_MAX_LENGTH = "blkdeviotune.write_iops_sec_max_length", ParamType.ULLONG
    CPU_CPU_SHARES = "cputune.cpu_shares", ParamType.ULLONG
    CPU_EMULATORPIN = "cputune.emulatorpin", ParamType.STRING
    CPU_EMULATOR_PERIOD = "cputune.emulator_period", ParamType.ULLONG
    CPU_EMULATOR_QUOTA = "cputune.emulator_quota", ParamType.LLONG
    CPU_GLOBAL_PERIOD = "cputune.global_period", ParamType.ULLONG
    CPU_GLOBAL_QUOTA = "cputune.global_quota", ParamType.LLONG
    CPU_IOTHREADSPIN = "cputune.iothreadpin%u", ParamType.STRING
    CPU_IOTHREAD_PERIOD = "cputune.iothread_period", ParamType.ULLONG
    CPU_IOTHREAD_QUOTA = "cputune.iothread_quota", ParamType.LLONG
    CPU_VCPUPIN = "cputune.vcpupin%u", ParamType.STRING
    CPU_VCPU_PERIOD = "cputune.vcpu_period", ParamType.ULLONG
    CPU_VCPU_QUOTA = "cputune.vcpu_quota", ParamType.LLONG
