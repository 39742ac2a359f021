# SPDX-License-Identifier: LGPL-2.1-or-later
"""The numbers that name an error: its code, the part of the system it comes from, and its level."""

from __future__ import annotations

from enum import IntEnum


class ErrorLevel(IntEnum):
    """How bad an error is."""

    NONE = 0
    WARNING = 1
    ERROR = 2

    @property
    def text(self) -> str:
        """The word shown to people, empty for NONE."""
        return "" if self is ErrorLevel.NONE else self.name.lower()


class ErrorDomain(IntEnum):
    """The part of the system that reports an error."""

    text: str

    def __new__(cls, value: int, text: str) -> ErrorDomain:
        """Make a member that also knows the words shown to people."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.text = text
        return member

    NONE = (0, "")
    XEN = (1, "Xen Driver")
    XEND = (2, "Xen Daemon")
    XENSTORE = (3, "Xen Store")
    SEXPR = (4, "S-Expression")
    XML = (5, "XML Util")
    DOM = (6, "Domain")
    RPC = (7, "XML-RPC")
    PROXY = (8, "Proxy Daemon")
    CONF = (9, "Config File")
    QEMU = (10, "QEMU Driver")
    NET = (11, "Network")
    TEST = (12, "Test Driver")
    REMOTE = (13, "Remote Driver")
    OPENVZ = (14, "OpenVZ Driver")
    XENXM = (15, "Xen XM Driver")
    STATS_LINUX = (16, "Linux Statistics")
    LXC = (17, "LXC Driver")
    STORAGE = (18, "Storage Driver")
    NETWORK = (19, "Network Driver")
    DOMAIN = (20, "Domain Config")
    UML = (21, "User Mode Linux Driver")
    NODEDEV = (22, "Node Device Driver")
    XEN_INOTIFY = (23, "Xen Inotify Driver")
    SECURITY = (24, "Security Driver")
    VBOX = (25, "VirtualBox Driver")
    INTERFACE = (26, "Network Interface Driver")
    ONE = (27, "Open Nebula Driver")
    ESX = (28, "ESX Driver")
    PHYP = (29, "Power Hypervisor Driver")
    SECRET = (30, "Secrets Driver")
    CPU = (31, "CPU Driver")
    XENAPI = (32, "XenAPI Driver")
    NWFILTER = (33, "Network Filter Driver")
    HOOK = (34, "Lifecycle Hook")
    DOMAIN_SNAPSHOT = (35, "Domain Snapshot")
    AUDIT = (36, "Audit Utils")
    SYSINFO = (37, "Sysinfo Utils")
    STREAMS = (38, "I/O Stream Utils")
    VMWARE = (39, "VMware Driver")
    EVENT = (40, "Event Loop")
    LIBXL = (41, "Xen Light Driver")
    LOCKING = (42, "Lock Driver")
    HYPERV = (43, "Hyper-V Driver")
    CAPABILITIES = (44, "Capabilities Utils")
    URI = (45, "URI Utils")
    AUTH = (46, "Authentication Utils")
    DBUS = (47, "DBus Utils")
    PARALLELS = (48, "Parallels Cloud Server")
    DEVICE = (49, "Device Config")
    SSH = (50, "SSH transport layer")
    LOCKSPACE = (51, "Lock Space")
    INITCTL = (52, "Init control")
    IDENTITY = (53, "Identity")
    CGROUP = (54, "Cgroup")
    ACCESS = (55, "Access Manager")
    SYSTEMD = (56, "Systemd")
    BHYVE = (57, "Bhyve")
    CRYPTO = (58, "Crypto")
    FIREWALL = (59, "Firewall")
    POLKIT = (60, "Polkit")
    THREAD = (61, "Thread jobs")
    ADMIN = (62, "Admin Interface")
    LOGGING = (63, "Log Manager")
    XENXL = (64, "Xen XL Config")
    PERF = (65, "Perf")
    LIBSSH = (66, "Libssh transport layer")
    RESCTRL = (67, "Resource control")
    FIREWALLD = (68, "FirewallD")
    DOMAIN_CHECKPOINT = (69, "Domain Checkpoint")
    TPM = (70, "TPM")
    BPF = (71, "BPF")
    CH = (72, "Cloud-Hypervisor Driver")


class ErrorCode(IntEnum):
    """What went wrong, as one of libvirt's numbers."""

    OK = 0
    INTERNAL_ERROR = 1
    NO_MEMORY = 2
    NO_SUPPORT = 3
    UNKNOWN_HOST = 4
    NO_CONNECT = 5
    INVALID_CONN = 6
    INVALID_DOMAIN = 7
    INVALID_ARG = 8
    OPERATION_FAILED = 9
    GET_FAILED = 10
    POST_FAILED = 11
    HTTP_ERROR = 12
    SEXPR_SERIAL = 13
    NO_XEN = 14
    XEN_CALL = 15
    OS_TYPE = 16
    NO_KERNEL = 17
    NO_ROOT = 18
    NO_SOURCE = 19
    NO_TARGET = 20
    NO_NAME = 21
    NO_OS = 22
    NO_DEVICE = 23
    NO_XENSTORE = 24
    DRIVER_FULL = 25
    CALL_FAILED = 26
    XML_ERROR = 27
    DOM_EXIST = 28
    OPERATION_DENIED = 29
    OPEN_FAILED = 30
    READ_FAILED = 31
    PARSE_FAILED = 32
    CONF_SYNTAX = 33
    WRITE_FAILED = 34
    XML_DETAIL = 35
    INVALID_NETWORK = 36
    NETWORK_EXIST = 37
    SYSTEM_ERROR = 38
    RPC = 39
    GNUTLS_ERROR = 40
    WAR_NO_NETWORK = 41
    NO_DOMAIN = 42
    NO_NETWORK = 43
    INVALID_MAC = 44
    AUTH_FAILED = 45
    INVALID_STORAGE_POOL = 46
    INVALID_STORAGE_VOL = 47
    WAR_NO_STORAGE = 48
    NO_STORAGE_POOL = 49
    NO_STORAGE_VOL = 50
    WAR_NO_NODE = 51
    INVALID_NODE_DEVICE = 52
    NO_NODE_DEVICE = 53
    NO_SECURITY_MODEL = 54
    OPERATION_INVALID = 55
    WAR_NO_INTERFACE = 56
    NO_INTERFACE = 57
    INVALID_INTERFACE = 58
    MULTIPLE_INTERFACES = 59
    WAR_NO_NWFILTER = 60
    INVALID_NWFILTER = 61
    NO_NWFILTER = 62
    BUILD_FIREWALL = 63
    WAR_NO_SECRET = 64
    INVALID_SECRET = 65
    NO_SECRET = 66
    CONFIG_UNSUPPORTED = 67
    OPERATION_TIMEOUT = 68
    MIGRATE_PERSIST_FAILED = 69
    HOOK_SCRIPT_FAILED = 70
    INVALID_DOMAIN_SNAPSHOT = 71
    NO_DOMAIN_SNAPSHOT = 72
    INVALID_STREAM = 73
    ARGUMENT_UNSUPPORTED = 74
    STORAGE_PROBE_FAILED = 75
    STORAGE_POOL_BUILT = 76
    SNAPSHOT_REVERT_RISKY = 77
    OPERATION_ABORTED = 78
    AUTH_CANCELLED = 79
    NO_DOMAIN_METADATA = 80
    MIGRATE_UNSAFE = 81
    OVERFLOW = 82
    BLOCK_COPY_ACTIVE = 83
    OPERATION_UNSUPPORTED = 84
    SSH = 85
    AGENT_UNRESPONSIVE = 86
    RESOURCE_BUSY = 87
    ACCESS_DENIED = 88
    DBUS_SERVICE = 89
    STORAGE_VOL_EXIST = 90
    CPU_INCOMPATIBLE = 91
    XML_INVALID_SCHEMA = 92
    MIGRATE_FINISH_OK = 93
    AUTH_UNAVAILABLE = 94
    NO_SERVER = 95
    NO_CLIENT = 96
    AGENT_UNSYNCED = 97
    LIBSSH = 98
    DEVICE_MISSING = 99
    INVALID_NWFILTER_BINDING = 100
    NO_NWFILTER_BINDING = 101
    INVALID_DOMAIN_CHECKPOINT = 102
    NO_DOMAIN_CHECKPOINT = 103
    NO_DOMAIN_BACKUP = 104
    INVALID_NETWORK_PORT = 105
    NETWORK_PORT_EXIST = 106
    NO_NETWORK_PORT = 107
    NO_HOSTNAME = 108
    CHECKPOINT_INCONSISTENT = 109
    MULTIPLE_DOMAINS = 110
    NO_NETWORK_METADATA = 111
    AGENT_COMMAND_TIMEOUT = 112
    AGENT_COMMAND_FAILED = 113

    @property
    def symbol(self) -> str:
        """The name of this code in libvirt's C interface."""
        return f"VIR_{self.name}" if self.name.startswith("WAR_") else f"VIR_ERR_{self.name}"
