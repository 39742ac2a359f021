# SPDX-License-Identifier: LGPL-2.1-or-later
"""Names of what the agent tells; a prefix, a number and a suffix make the names of one disk, user or card."""

from __future__ import annotations

from covirt.api.params import ParamName, ParamType


class GuestInfoDisk(ParamName, prefix="VIR_DOMAIN_GUEST_INFO_DISK_"):
    """Names in the group disk."""

    COUNT = "disk.count", ParamType.UINT
    PREFIX = "disk."
    SUFFIX_ALIAS = ".alias", ParamType.STRING
    SUFFIX_DEPENDENCY_COUNT = ".dependency.count", ParamType.UINT
    SUFFIX_DEPENDENCY_PREFIX = ".dependency."
    SUFFIX_DEPENDENCY_SUFFIX_NAME = ".name", ParamType.STRING
    SUFFIX_GUEST_ALIAS = ".guest_alias", ParamType.STRING
    SUFFIX_GUEST_BUS = ".guest_bus", ParamType.STRING
    SUFFIX_NAME = ".name", ParamType.STRING
    SUFFIX_PARTITION = ".partition", ParamType.BOOLEAN
    SUFFIX_SERIAL = ".serial", ParamType.STRING


class GuestInfoFs(ParamName, prefix="VIR_DOMAIN_GUEST_INFO_FS_"):
    """Names in the group fs."""

    COUNT = "fs.count", ParamType.UINT
    PREFIX = "fs."
    SUFFIX_DISK_COUNT = ".disk.count", ParamType.UINT
    SUFFIX_DISK_PREFIX = ".disk."
    SUFFIX_DISK_SUFFIX_ALIAS = ".alias", ParamType.STRING
    SUFFIX_DISK_SUFFIX_DEVICE = ".device", ParamType.STRING
    SUFFIX_DISK_SUFFIX_SERIAL = ".serial", ParamType.STRING
    SUFFIX_FSTYPE = ".fstype", ParamType.STRING
    SUFFIX_MOUNTPOINT = ".mountpoint", ParamType.STRING
    SUFFIX_NAME = ".name", ParamType.STRING
    SUFFIX_TOTAL_BYTES = ".total-bytes", ParamType.ULLONG
    SUFFIX_USED_BYTES = ".used-bytes", ParamType.ULLONG


class GuestInfoHostname(ParamName, prefix="VIR_DOMAIN_GUEST_INFO_HOSTNAME_"):
    """Names in the group hostname."""

    HOSTNAME = "hostname", ParamType.STRING


class GuestInfoIf(ParamName, prefix="VIR_DOMAIN_GUEST_INFO_IF_"):
    """Names in the group if."""

    COUNT = "if.count", ParamType.UINT
    PREFIX = "if."
    SUFFIX_ADDR_COUNT = ".addr.count", ParamType.UINT
    SUFFIX_ADDR_PREFIX = ".addr."
    SUFFIX_ADDR_SUFFIX_ADDR = ".addr", ParamType.STRING
    SUFFIX_ADDR_SUFFIX_PREFIX = ".prefix", ParamType.UINT
    SUFFIX_ADDR_SUFFIX_TYPE = ".type", ParamType.STRING
    SUFFIX_HWADDR = ".hwaddr", ParamType.STRING
    SUFFIX_NAME = ".name", ParamType.STRING


class GuestInfoLoad(
    ParamName,
    prefix="VIR_DOMAIN_GUEST_INFO_LOAD_",
    odd={
        "N15M": "VIR_DOMAIN_GUEST_INFO_LOAD_15M",
        "N1M": "VIR_DOMAIN_GUEST_INFO_LOAD_1M",
        "N5M": "VIR_DOMAIN_GUEST_INFO_LOAD_5M",
    },
):
    """Names in the group load."""

    N15M = "load.15m", ParamType.DOUBLE
    N1M = "load.1m", ParamType.DOUBLE
    N5M = "load.5m", ParamType.DOUBLE


class GuestInfoOs(ParamName, prefix="VIR_DOMAIN_GUEST_INFO_OS_"):
    """Names in the group os."""

    ID = "os.id", ParamType.STRING
    KERNEL_RELEASE = "os.kernel-release", ParamType.STRING
    KERNEL_VERSION = "os.kernel-version", ParamType.STRING
    MACHINE = "os.machine", ParamType.STRING
    NAME = "os.name", ParamType.STRING
    PRETTY_NAME = "os.pretty-name", ParamType.STRING
    VARIANT = "os.variant", ParamType.STRING
    VARIANT_ID = "os.variant-id", ParamType.STRING
    VERSION = "os.version", ParamType.STRING
    VERSION_ID = "os.version-id", ParamType.STRING


class GuestInfoTimezone(ParamName, prefix="VIR_DOMAIN_GUEST_INFO_TIMEZONE_"):
    """Names in the group timezone."""

    NAME = "timezone.name", ParamType.STRING
    OFFSET = "timezone.offset", ParamType.INT


class GuestInfoUser(ParamName, prefix="VIR_DOMAIN_GUEST_INFO_USER_"):
    """Names in the group user."""

    COUNT = "user.count", ParamType.UINT
    PREFIX = "user."
    SUFFIX_DOMAIN = ".domain", ParamType.STRING
    SUFFIX_LOGIN_TIME = ".login-time", ParamType.ULLONG
    SUFFIX_NAME = ".name", ParamType.STRING
