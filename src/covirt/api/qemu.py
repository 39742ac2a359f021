# SPDX-License-Identifier: LGPL-2.1-or-later
"""What only QEMU has: its monitor, its agent, and guests that others started."""

from __future__ import annotations

from covirt.api.call import Calls, Job
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.event import Event, event
from covirt.api.handles import Connect, Domain
from covirt.api.layout import Long, UInt
from covirt.api.themes import QEMU

call = Calls(QEMU)


class DomainQemuAgentCommandTimeoutValues(Number, prefix="VIR_DOMAIN_QEMU_AGENT_COMMAND_"):
    """Values that stand in the place of seconds to wait for the agent."""

    BLOCK = -2
    MIN = -2
    DEFAULT = -1
    NOWAIT = 0
    SHUTDOWN = 60


class DomainQemuMonitorCommandFlags(Flags, prefix="VIR_DOMAIN_QEMU_MONITOR_COMMAND_"):
    """The language of a monitor command."""

    DEFAULT = 0
    HMP = 1


class ConnectDomainQemuMonitorEventRegisterFlags(Flags, prefix="VIR_CONNECT_DOMAIN_QEMU_MONITOR_EVENT_REGISTER_"):
    """How the name of a monitor event is compared."""

    REGEX = 1
    NOCASE = 1 << 1


@call(1, "virDomainQemuMonitorCommand", acl="domain:write", job=Job.QUERY, since="0.8.3")
def qemu_monitor_command(dom: Domain, cmd: str, flags: DomainQemuMonitorCommandFlags) -> str:
    """Give the monitor a command and get its answer."""


@call(
    7,
    "virDomainQemuMonitorCommandWithFiles",
    acl="domain:write",
    job=Job.QUERY,
    fds_in=True,
    fds_out=True,
    since="8.2.0",
)
def qemu_monitor_command_with_files(dom: Domain, cmd: str, flags: DomainQemuMonitorCommandFlags) -> str:
    """Give the monitor a command with open files and get its answer."""


@call(2, "virDomainQemuAttach", acl=("domain:start", "domain:write"), since="0.9.4")
def qemu_attach(conn: Connect, pid_value: UInt, flags: NoFlags) -> Domain:
    """Take over a QEMU that someone else started."""


@call(3, "virDomainQemuAgentCommand", acl="domain:write", since="0.10.0")
def qemu_agent_command(dom: Domain, cmd: str, timeout: int, flags: NoFlags) -> str | None:
    """Give the guest's agent a command and get its answer."""


@call(
    4,
    "virConnectDomainQemuMonitorEventRegister",
    acl=("connect:search_domains", "connect:write"),
    filter="domain:getattr",
    high=True,
    daemon=True,
    since="1.2.3",
)
def qemu_monitor_event_register(
    conn: Connect, dom: Domain | None, event: str | None, flags: ConnectDomainQemuMonitorEventRegisterFlags
) -> int:
    """Subscribe to events of the monitor, of one domain and name or of all."""


@call(5, "virConnectDomainQemuMonitorEventDeregister", acl="connect:write", high=True, daemon=True, since="1.2.3")
def qemu_monitor_event_deregister(conn: Connect, callback_id: int) -> None:
    """Take back a subscription to events of the monitor."""


@event(6, id=None, theme=QEMU)
class QemuMonitorEvent(Event):
    """The monitor told something; the details are JSON."""

    dom: Domain
    event: str
    seconds: Long
    micros: UInt
    details: str | None
