# SPDX-License-Identifier: LGPL-2.1-or-later
"""The steps of which a migration consists; made by clients and daemons, not by people."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.call import Calls, Direction
from covirt.api.enums import Flags
from covirt.api.handles import Connect, Domain
from covirt.api.layout import Max, ULong, Width
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainMigrateFlags(Flags, prefix="VIR_MIGRATE_"):
    """How to migrate."""

    LIVE = 1
    PEER2PEER = 1 << 1
    TUNNELLED = 1 << 2
    PERSIST_DEST = 1 << 3
    UNDEFINE_SOURCE = 1 << 4
    PAUSED = 1 << 5
    NON_SHARED_DISK = 1 << 6
    NON_SHARED_INC = 1 << 7
    CHANGE_PROTECTION = 1 << 8
    UNSAFE = 1 << 9
    OFFLINE = 1 << 10
    COMPRESSED = 1 << 11
    ABORT_ON_ERROR = 1 << 12
    AUTO_CONVERGE = 1 << 13
    RDMA_PIN_ALL = 1 << 14
    POSTCOPY = 1 << 15
    TLS = 1 << 16
    PARALLEL = 1 << 17
    NON_SHARED_SYNCHRONOUS_WRITES = 1 << 18
    POSTCOPY_RESUME = 1 << 19
    ZEROCOPY = 1 << 20


class MigrateParam(ParamName, prefix="VIR_MIGRATE_PARAM_"):
    """How and where to migrate."""

    AUTO_CONVERGE_INCREMENT = "auto_converge.increment", ParamType.INT
    AUTO_CONVERGE_INITIAL = "auto_converge.initial", ParamType.INT
    BANDWIDTH = "bandwidth", ParamType.ULLONG
    BANDWIDTH_AVAIL_SWITCHOVER = "bandwidth.avail.switchover", ParamType.ULLONG
    BANDWIDTH_POSTCOPY = "bandwidth.postcopy", ParamType.ULLONG
    COMPRESSION = "compression", ParamType.STRING
    COMPRESSION_MT_DTHREADS = "compression.mt.dthreads", ParamType.INT
    COMPRESSION_MT_LEVEL = "compression.mt.level", ParamType.INT
    COMPRESSION_MT_THREADS = "compression.mt.threads", ParamType.INT
    COMPRESSION_XBZRLE_CACHE = "compression.xbzrle.cache", ParamType.ULLONG
    COMPRESSION_ZLIB_LEVEL = "compression.zlib.level", ParamType.INT
    COMPRESSION_ZSTD_LEVEL = "compression.zstd.level", ParamType.INT
    DEST_NAME = "destination_name", ParamType.STRING
    DEST_XML = "destination_xml", ParamType.STRING
    DISKS_PORT = "disks_port", ParamType.INT
    DISKS_URI = "disks_uri", ParamType.STRING
    GRAPHICS_URI = "graphics_uri", ParamType.STRING
    LISTEN_ADDRESS = "listen_address", ParamType.STRING
    MIGRATE_DISKS = "migrate_disks", ParamType.STRING
    MIGRATE_DISKS_DETECT_ZEROES = "migrate_disks_detect_zeroes", ParamType.STRING
    PARALLEL_CONNECTIONS = "parallel.connections", ParamType.INT
    PERSIST_XML = "persistent_xml", ParamType.STRING
    TLS_DESTINATION = "tls.destination", ParamType.STRING
    URI = "migrate_uri", ParamType.STRING


class MigrateTarget(NamedTuple):
    """What the receiving side tells the sending one."""

    cookie: Annotated[bytes, Max(limits.MIGRATE_COOKIE)]
    uri_out: str | None


class MigrateDescription(NamedTuple):
    """What the sending side tells the receiving one, and the guest as XML."""

    cookie_out: Annotated[bytes, Max(limits.MIGRATE_COOKIE)]
    xml: str


class MigrateTarget3(NamedTuple):
    """What the receiving side tells the sending one."""

    cookie_out: Annotated[bytes, Max(limits.MIGRATE_COOKIE)]
    uri_out: str | None


class MigrateArrival(NamedTuple):
    """The guest on its new host, and what is told back."""

    dom: Domain
    cookie_out: Annotated[bytes, Max(limits.MIGRATE_COOKIE)]


@call(
    61, "virDomainMigratePrepare", acl=("domain:migrate", "domain:start", "domain:write"), internal=True, since="0.3.0"
)
def migrate_prepare(
    conn: Connect,
    uri_in: str | None,
    flags: Annotated[DomainMigrateFlags, Width.ULONG],
    dname: str | None,
    resource: ULong,
) -> MigrateTarget:
    """Get ready to receive a guest; protocol 1."""


@call(62, "virDomainMigratePerform", acl="domain:migrate", internal=True, since="0.3.0")
def migrate_perform(
    dom: Domain,
    cookie: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    uri: str,
    flags: Annotated[DomainMigrateFlags, Width.ULONG],
    dname: str | None,
    resource: ULong,
) -> None:
    """Send a guest; protocols 1 and 2."""


@call(63, "virDomainMigrateFinish", acl="domain:migrate", internal=True, since="0.3.0")
def migrate_finish(
    conn: Connect,
    dname: str,
    cookie: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    uri: str,
    flags: Annotated[DomainMigrateFlags, Width.ULONG],
) -> Domain:
    """Take over a received guest; protocol 1."""


@call(
    108,
    "virDomainMigratePrepare2",
    acl=("domain:migrate", "domain:start", "domain:write"),
    internal=True,
    since="0.3.0",
)
def migrate_prepare2(
    conn: Connect,
    uri_in: str | None,
    flags: Annotated[DomainMigrateFlags, Width.ULONG],
    dname: str | None,
    resource: ULong,
    dom_xml: str,
) -> MigrateTarget:
    """Get ready to receive a guest; protocol 2."""


@call(109, "virDomainMigrateFinish2", acl="domain:migrate", internal=True, since="0.3.0")
def migrate_finish2(
    conn: Connect,
    dname: str,
    cookie: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    uri: str,
    flags: Annotated[DomainMigrateFlags, Width.ULONG],
    retcode: int,
) -> Domain:
    """Take over a received guest; protocol 2."""


@call(
    148,
    "virDomainMigratePrepareTunnel",
    acl=("domain:migrate", "domain:start", "domain:write"),
    stream=Direction.WRITE,
    internal=True,
    since="0.3.0",
)
def migrate_prepare_tunnel(
    conn: Connect, flags: Annotated[DomainMigrateFlags, Width.ULONG], dname: str | None, resource: ULong, dom_xml: str
) -> None:
    """Get ready to receive a guest by a stream; protocol 2."""


@call(213, "virDomainMigrateBegin3", acl="domain:migrate", internal=True, since="0.3.0")
def migrate_begin3(
    dom: Domain,
    xmlin: str | None,
    flags: Annotated[DomainMigrateFlags, Width.ULONG],
    dname: str | None,
    resource: ULong,
) -> MigrateDescription:
    """Describe the guest that is to leave."""


@call(
    214,
    "virDomainMigratePrepare3",
    acl=("domain:migrate", "domain:start", "domain:write"),
    internal=True,
    since="0.3.0",
)
def migrate_prepare3(
    conn: Connect,
    cookie_in: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    uri_in: str | None,
    flags: Annotated[DomainMigrateFlags, Width.ULONG],
    dname: str | None,
    resource: ULong,
    dom_xml: str,
) -> MigrateTarget3:
    """Get ready to receive a guest."""


@call(
    215,
    "virDomainMigratePrepareTunnel3",
    acl=("domain:migrate", "domain:start", "domain:write"),
    stream=Direction.WRITE,
    internal=True,
    since="0.3.0",
)
def migrate_prepare_tunnel3(
    conn: Connect,
    cookie_in: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    flags: Annotated[DomainMigrateFlags, Width.ULONG],
    dname: str | None,
    resource: ULong,
    dom_xml: str,
) -> Annotated[bytes, Max(limits.MIGRATE_COOKIE)]:
    """Get ready to receive a guest by a stream."""


@call(216, "virDomainMigratePerform3", acl="domain:migrate", internal=True, since="0.3.0")
def migrate_perform3(
    dom: Domain,
    xmlin: str | None,
    cookie_in: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    dconnuri: str | None,
    uri: str | None,
    flags: Annotated[DomainMigrateFlags, Width.ULONG],
    dname: str | None,
    resource: ULong,
) -> Annotated[bytes, Max(limits.MIGRATE_COOKIE)]:
    """Send a guest."""


@call(217, "virDomainMigrateFinish3", acl="domain:migrate", internal=True, since="0.3.0")
def migrate_finish3(
    conn: Connect,
    dname: str,
    cookie_in: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    dconnuri: str | None,
    uri: str | None,
    flags: Annotated[DomainMigrateFlags, Width.ULONG],
    cancelled: int,
) -> MigrateArrival:
    """Take over a received guest, or give it up."""


@call(218, "virDomainMigrateConfirm3", acl="domain:migrate", internal=True, since="0.3.0")
def migrate_confirm3(
    dom: Domain,
    cookie_in: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    flags: Annotated[DomainMigrateFlags, Width.ULONG],
    cancelled: int,
) -> None:
    """Let go of a guest that left, or keep it."""


@call(302, "virDomainMigrateBegin3Params", acl="domain:migrate", internal=True, since="0.3.0")
def migrate_begin3_params(
    dom: Domain, params: Annotated[TypedParams, Max(limits.DOMAIN_MIGRATE_PARAM_LIST)], flags: DomainMigrateFlags
) -> MigrateDescription:
    """Describe the guest that is to leave, with parameters."""


@call(
    303,
    "virDomainMigratePrepare3Params",
    acl=("domain:migrate", "domain:start", "domain:write"),
    internal=True,
    since="0.3.0",
)
def migrate_prepare3_params(
    conn: Connect,
    params: Annotated[TypedParams, Max(limits.DOMAIN_MIGRATE_PARAM_LIST)],
    cookie_in: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    flags: DomainMigrateFlags,
) -> MigrateTarget3:
    """Get ready to receive a guest, with parameters."""


@call(
    304,
    "virDomainMigratePrepareTunnel3Params",
    acl=("domain:migrate", "domain:start", "domain:write"),
    stream=Direction.WRITE,
    internal=True,
    since="0.3.0",
)
def migrate_prepare_tunnel3_params(
    conn: Connect,
    params: Annotated[TypedParams, Max(limits.DOMAIN_MIGRATE_PARAM_LIST)],
    cookie_in: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    flags: DomainMigrateFlags,
) -> Annotated[bytes, Max(limits.MIGRATE_COOKIE)]:
    """Get ready to receive a guest by a stream, with parameters."""


@call(305, "virDomainMigratePerform3Params", acl="domain:migrate", internal=True, since="0.3.0")
def migrate_perform3_params(
    dom: Domain,
    dconnuri: str | None,
    params: Annotated[TypedParams, Max(limits.DOMAIN_MIGRATE_PARAM_LIST)],
    cookie_in: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    flags: DomainMigrateFlags,
) -> Annotated[bytes, Max(limits.MIGRATE_COOKIE)]:
    """Send a guest, with parameters."""


@call(306, "virDomainMigrateFinish3Params", acl="domain:migrate", internal=True, since="0.3.0")
def migrate_finish3_params(
    conn: Connect,
    params: Annotated[TypedParams, Max(limits.DOMAIN_MIGRATE_PARAM_LIST)],
    cookie_in: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    flags: DomainMigrateFlags,
    cancelled: int,
) -> MigrateArrival:
    """Take over a received guest, or give it up, with parameters."""


@call(307, "virDomainMigrateConfirm3Params", acl="domain:migrate", internal=True, since="0.3.0")
def migrate_confirm3_params(
    dom: Domain,
    params: Annotated[TypedParams, Max(limits.DOMAIN_MIGRATE_PARAM_LIST)],
    cookie_in: Annotated[bytes, Max(limits.MIGRATE_COOKIE)],
    flags: DomainMigrateFlags,
    cancelled: int,
) -> None:
    """Let go of a guest that left, or keep it, with parameters."""
