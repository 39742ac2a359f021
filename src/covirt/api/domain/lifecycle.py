# SPDX-License-Identifier: LGPL-2.1-or-later
"""The life of a guest: start, stop, pause, reboot, sleep."""

from __future__ import annotations

from typing import Annotated

from covirt.api.access import when
from covirt.api.call import Calls, Job
from covirt.api.connect.host import NodeSuspendTarget
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Connect, Domain
from covirt.api.layout import Long, ULong, Width
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainProcessSignal(Number, prefix="VIR_DOMAIN_PROCESS_SIGNAL_"):
    """Signals for processes inside a guest."""

    NOP = 0
    HUP = 1
    INT = 2
    QUIT = 3
    ILL = 4
    TRAP = 5
    ABRT = 6
    BUS = 7
    FPE = 8
    KILL = 9
    USR1 = 10
    SEGV = 11
    USR2 = 12
    PIPE = 13
    ALRM = 14
    TERM = 15
    STKFLT = 16
    CHLD = 17
    CONT = 18
    STOP = 19
    TSTP = 20
    TTIN = 21
    TTOU = 22
    URG = 23
    XCPU = 24
    XFSZ = 25
    VTALRM = 26
    PROF = 27
    WINCH = 28
    POLL = 29
    PWR = 30
    SYS = 31
    RT0 = 32
    RT1 = 33
    RT2 = 34
    RT3 = 35
    RT4 = 36
    RT5 = 37
    RT6 = 38
    RT7 = 39
    RT8 = 40
    RT9 = 41
    RT10 = 42
    RT11 = 43
    RT12 = 44
    RT13 = 45
    RT14 = 46
    RT15 = 47
    RT16 = 48
    RT17 = 49
    RT18 = 50
    RT19 = 51
    RT20 = 52
    RT21 = 53
    RT22 = 54
    RT23 = 55
    RT24 = 56
    RT25 = 57
    RT26 = 58
    RT27 = 59
    RT28 = 60
    RT29 = 61
    RT30 = 62
    RT31 = 63
    RT32 = 64


class DomainLifecycle(Number, prefix="VIR_DOMAIN_LIFECYCLE_"):
    """What may happen to a guest by itself."""

    POWEROFF = 0
    REBOOT = 1
    CRASH = 2


class DomainLifecycleAction(Number, prefix="VIR_DOMAIN_LIFECYCLE_ACTION_"):
    """What to do when it happens."""

    DESTROY = 0
    RESTART = 1
    RESTART_RENAME = 2
    PRESERVE = 3
    COREDUMP_DESTROY = 4
    COREDUMP_RESTART = 5


class DomainCreateFlags(Flags, prefix="VIR_DOMAIN_START_", odd={"NONE": "VIR_DOMAIN_NONE"}):
    """How to start a guest."""

    NONE = 0
    PAUSED = 1
    AUTODESTROY = 1 << 1
    BYPASS_CACHE = 1 << 2
    FORCE_BOOT = 1 << 3
    VALIDATE = 1 << 4
    RESET_NVRAM = 1 << 5


class DomainShutdownFlags(Flags, prefix="VIR_DOMAIN_SHUTDOWN_"):
    """By which ways to ask for a shutdown."""

    DEFAULT = 0
    ACPI_POWER_BTN = 1
    GUEST_AGENT = 1 << 1
    INITCTL = 1 << 2
    SIGNAL = 1 << 3
    PARAVIRT = 1 << 4


class DomainRebootFlags(Flags, prefix="VIR_DOMAIN_REBOOT_"):
    """By which ways to ask for a reboot."""

    DEFAULT = 0
    ACPI_POWER_BTN = 1
    GUEST_AGENT = 1 << 1
    INITCTL = 1 << 2
    SIGNAL = 1 << 3
    PARAVIRT = 1 << 4


class DomainDestroyFlags(Flags, prefix="VIR_DOMAIN_DESTROY_"):
    """How to stop a guest."""

    DEFAULT = 0
    GRACEFUL = 1
    REMOVE_LOGS = 1 << 1


class DomainFDAssociateFlags(Flags, prefix="VIR_DOMAIN_FD_ASSOCIATE_"):
    """What to do with the labels of open files."""

    SECLABEL_RESTORE = 1
    SECLABEL_WRITABLE = 1 << 1


@call(9, "virDomainCreate", acl="domain:start", job=Job.MODIFY, since="0.1.1")
def create(dom: Domain) -> None:
    """Start a defined domain."""


@call(196, "virDomainCreateWithFlags", acl="domain:start", job=Job.MODIFY, since="0.8.2")
def create_with_flags(dom: Domain, flags: DomainCreateFlags) -> Domain:
    """Start a defined domain, perhaps paused or tied to this connection."""


@call(310, "virDomainCreateWithFiles", acl="domain:start", job=Job.MODIFY, fds_in=True, since="1.1.1")
def create_with_files(dom: Domain, flags: DomainCreateFlags) -> Domain:
    """Start a defined domain whose first program gets open files."""


@call(10, "virDomainCreateXML", acl=("domain:write", "domain:start"), since="0.5.0")
def create_xml(conn: Connect, xml_desc: str, flags: DomainCreateFlags) -> Domain:
    """Start a domain that has no definition of its own and is gone when it ends."""


@call(309, "virDomainCreateXMLWithFiles", acl=("domain:write", "domain:start"), fds_in=True, since="1.1.1")
def create_xml_with_files(conn: Connect, xml_desc: str, flags: DomainCreateFlags) -> Domain:
    """Start such a domain whose first program gets open files."""


@call(33, "virDomainShutdown", acl="domain:init_control", job=Job.MODIFY, since="0.0.3")
def shutdown(dom: Domain) -> None:
    """Ask the guest to shut down."""


@call(
    258,
    "virDomainShutdownFlags",
    acl=("domain:init_control", when("domain:write", all_set=DomainShutdownFlags.GUEST_AGENT)),
    job=Job.MODIFY,
    since="0.9.10",
)
def shutdown_flags(dom: Domain, flags: DomainShutdownFlags) -> None:
    """Ask the guest to shut down by the ways that the flags allow."""


@call(
    27,
    "virDomainReboot",
    acl=("domain:init_control", when("domain:write", all_set=DomainRebootFlags.GUEST_AGENT)),
    job=Job.MODIFY,
    since="0.1.0",
)
def reboot(dom: Domain, flags: DomainRebootFlags) -> None:
    """Ask the guest to reboot."""


@call(245, "virDomainReset", acl="domain:reset", job=Job.MODIFY, since="0.9.7")
def reset(dom: Domain, flags: NoFlags) -> None:
    """Press the reset button of the guest."""


@call(12, "virDomainDestroy", acl="domain:stop", job=Job.DESTROY, high=True, since="0.0.3")
def destroy(dom: Domain) -> None:
    """Stop a guest at once, as if its power were cut."""


@call(234, "virDomainDestroyFlags", acl="domain:stop", job=Job.DESTROY, high=True, since="0.9.4")
def destroy_flags(dom: Domain, flags: DomainDestroyFlags) -> None:
    """Stop a guest at once, or give it a chance to write out its data first."""


@call(34, "virDomainSuspend", acl="domain:suspend", job=Job.SUSPEND, since="0.0.3")
def suspend(dom: Domain) -> None:
    """Pause the guest's processors; it stays in memory."""


@call(28, "virDomainResume", acl="domain:suspend", job=Job.MODIFY, since="0.0.3")
def resume(dom: Domain) -> None:
    """Let a paused guest go on."""


@call(261, "virDomainPMSuspendForDuration", acl="domain:pm_control", job=Job.MODIFY, since="0.9.10")
def pm_suspend_for_duration(
    dom: Domain, target: Annotated[NodeSuspendTarget, Width.UINT], duration: ULong, flags: NoFlags
) -> None:
    """Have the guest put itself to sleep, to wake up after some seconds."""


@call(267, "virDomainPMWakeup", acl="domain:pm_control", job=Job.MODIFY, since="0.9.11")
def pm_wakeup(dom: Domain, flags: NoFlags) -> None:
    """Wake up a guest that sleeps."""


@call(390, "virDomainSetLifecycleAction", acl="domain:write", job=Job.MODIFY, since="3.9.0")
def set_lifecycle_action(
    dom: Domain,
    type: Annotated[DomainLifecycle, Width.UINT],
    action: Annotated[DomainLifecycleAction, Width.UINT],
    flags: DomainModificationImpact,
) -> None:
    """Set what happens when the guest powers off, reboots or crashes."""


@call(295, "virDomainSendProcessSignal", acl="domain:send_signal", job=Job.MODIFY, since="1.0.1")
def send_process_signal(
    dom: Domain, pid_value: Long, signum: Annotated[DomainProcessSignal, Width.UINT], flags: NoFlags
) -> None:
    """Send a signal to a process inside the guest."""


@call(443, "virDomainFDAssociate", acl="domain:write", job=Job.MODIFY, fds_in=True, since="9.0.0")
def fd_associate(dom: Domain, name: str, flags: DomainFDAssociateFlags) -> None:
    """Give open files a name that the domain's XML can use as a disk source."""
