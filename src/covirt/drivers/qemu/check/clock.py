# SPDX-License-Identifier: LGPL-2.1-or-later
"""Timers that QEMU does not have, or not in that way."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported
from covirt.model.domain.clock import ClockOffset, TickPolicy, Timer, TimerName, TimerTrack

LAST_SECOND = 253402300799
"""The end of the year 9999."""

X86_TIMERS = frozenset({TimerName.TSC, TimerName.KVMCLOCK, TimerName.HYPERVCLOCK})


def check(situation: Situation) -> None:
    """Check the clock and its timers."""
    clock = situation.guest.clock
    for timer in clock.timers:
        _check_timer(timer, situation)
    if clock.offset is ClockOffset.ABSOLUTE and (clock.start or 0) > LAST_SECOND:
        raise ConfigUnsupported(f"The maximum 'start' value for <clock offset='absolute'> is {LAST_SECOND}")


def _check_timer(timer: Timer, situation: Situation) -> None:
    match timer.name:
        case TimerName.PLATFORM:
            raise ConfigUnsupported(f"unsupported timer type (name) '{timer.name}'")
        case TimerName.RTC:
            _check_rtc(timer)
        case TimerName.PIT:
            no_catchup = timer.tickpolicy is TickPolicy.CATCHUP and "kvm-pit-lost-tick-policy" not in situation.caps
            if no_catchup or timer.tickpolicy is TickPolicy.MERGE:
                raise ConfigUnsupported(f"unsupported pit tickpolicy '{timer.tickpolicy}'")
        case TimerName.HPET if timer.present and not situation.machine.x86:
            raise ConfigUnsupported("hpet timer is not supported by this architecture")
        case TimerName.ARMVTIMER:
            _check_arm(timer, situation)
        case name if name in X86_TIMERS and timer.present and not situation.machine.x86:
            raise _foreign(timer, situation)


def _check_rtc(timer: Timer) -> None:
    if timer.track is TimerTrack.BOOT:
        raise ConfigUnsupported(f"unsupported rtc timer track '{timer.track}'")
    if timer.tickpolicy in (TickPolicy.MERGE, TickPolicy.DISCARD):
        raise ConfigUnsupported(f"unsupported rtc timer tickpolicy '{timer.tickpolicy}'")


def _check_arm(timer: Timer, situation: Situation) -> None:
    if situation.guest.type != "kvm" or not situation.machine.arm_virt:
        raise _foreign(timer, situation)
    if timer.present is False:
        raise ConfigUnsupported(f"The '{timer.name}' timer can't be disabled")
    situation.need(
        "cpu.kvm-no-adjvtime", f"Configuring the '{timer.name}' timer is not supported with this QEMU binary"
    )
    if timer.tickpolicy in (TickPolicy.CATCHUP, TickPolicy.MERGE):
        raise ConfigUnsupported(f"The '{timer.name}' timer does not support tickpolicy '{timer.tickpolicy}'")


def _foreign(timer: Timer, situation: Situation) -> ConfigUnsupported:
    arch, machine = situation.machine
    return ConfigUnsupported(
        f"Configuring the '{timer.name}' timer is not supported for "
        f"virtType={situation.guest.type} arch={arch} machine={machine} guests"
    )
