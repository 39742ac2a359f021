# SPDX-License-Identifier: LGPL-2.1-or-later
"""-rtc, and timers that are not the processors' or the machine's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.machine import X86
from covirt.model.domain.clock import Clock, ClockBasis, ClockOffset, TickPolicy, Timer, TimerName, TimerTrack

_CLOCKS = {
    TimerTrack.BOOT: "vm",
    TimerTrack.GUEST: "vm",
    TimerTrack.WALL: "host",
    TimerTrack.REALTIME: "rt",
}


def add_clock(build: Build) -> None:
    """The clock's time at the start, and lost ticks."""
    clock = build.guest.clock
    option = f"base={_base(clock, build)}"
    for timer in clock.timers:
        if timer.name is TimerName.RTC:
            option += f",clock={_CLOCKS[timer.track]}" if timer.track in _CLOCKS else ""
            option += ",driftfix=slew" if timer.tickpolicy is TickPolicy.CATCHUP else ""
    build.argv.add("-rtc", option)
    if clock.offset is ClockOffset.TIMEZONE and clock.timezone:
        build.argv.environment["TZ"] = clock.timezone
    for timer in clock.timers:
        _add_timer(timer, build)


def _base(clock: Clock, build: Build) -> str:
    match clock.offset:
        case ClockOffset.UTC:
            return "utc"
        case ClockOffset.LOCALTIME | ClockOffset.TIMEZONE:
            return "localtime"
        case ClockOffset.VARIABLE:
            return _stamp(build.prepared.now + timedelta(seconds=adjustment(clock, build.prepared.local_offset)))
    return _stamp(datetime.fromtimestamp(clock.start or 0, UTC))


def adjustment(clock: Clock, local_offset: int) -> int:
    """Seconds that the guest's clock is ahead of UTC."""
    told = clock.adjustment if isinstance(clock.adjustment, int) else 0
    return told + local_offset if clock.basis is ClockBasis.LOCALTIME else told


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _add_timer(timer: Timer, build: Build) -> None:
    if timer.name is TimerName.PIT:
        settable = "kvm-pit-lost-tick-policy" in build.caps
        if settable and timer.tickpolicy in (TickPolicy.DELAY, TickPolicy.DISCARD):
            build.argv.add("-global", f"kvm-pit.lost_tick_policy={timer.tickpolicy}")
    if timer.name is TimerName.HPET and timer.present is False:
        by_option = build.machine.arch in X86 and "machine-hpet" not in build.caps
        build.argv.add(*(["-no-hpet"] if by_option else []))
