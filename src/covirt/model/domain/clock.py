# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<clock>`: what time the guest sees, and with what timers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.model.common.copying import changed
from covirt.xml import At, Context, Long, Reading, Scalar, ULong, YesNo
from covirt.xml.scalars import read_number


class ClockOffset(StrEnum):
    """What the guest's clock is set to at the start."""

    UTC = "utc"
    LOCALTIME = "localtime"
    VARIABLE = "variable"
    TIMEZONE = "timezone"
    ABSOLUTE = "absolute"


class ClockBasis(StrEnum):
    """What an adjustment is relative to."""

    UTC = "utc"
    LOCALTIME = "localtime"


class TimerName(StrEnum):
    """Kinds of timers."""

    PLATFORM = "platform"
    PIT = "pit"
    RTC = "rtc"
    HPET = "hpet"
    TSC = "tsc"
    KVMCLOCK = "kvmclock"
    HYPERVCLOCK = "hypervclock"
    ARMVTIMER = "armvtimer"


class TickPolicy(StrEnum):
    """What happens to ticks that the guest missed."""

    DELAY = "delay"
    CATCHUP = "catchup"
    MERGE = "merge"
    DISCARD = "discard"


class TimerTrack(StrEnum):
    """What the timer follows."""

    BOOT = "boot"
    GUEST = "guest"
    WALL = "wall"
    REALTIME = "realtime"


class TimerMode(StrEnum):
    """How the time stamp counter works."""

    AUTO = "auto"
    NATIVE = "native"
    EMULATE = "emulate"
    PARAVIRT = "paravirt"
    SMPSAFE = "smpsafe"


@dataclass(slots=True, kw_only=True)
class Timer:
    """One timer; frequency and mode are the time stamp counter's."""

    name: Annotated[TimerName, At("@name")]
    present: Annotated[YesNo | None, At("@present")] = None
    tickpolicy: Annotated[TickPolicy | None, At("@tickpolicy")] = None
    track: Annotated[TimerTrack | None, At("@track")] = None
    frequency: Annotated[ULong, At("@frequency", omit=0)] = 0
    mode: Annotated[TimerMode | None, At("@mode")] = None
    catchup_threshold: Annotated[ULong, At("catchup/@threshold", omit=0)] = 0
    catchup_slew: Annotated[ULong, At("catchup/@slew", omit=0)] = 0
    catchup_limit: Annotated[ULong, At("catchup/@limit", omit=0)] = 0

    def for_format(self, context: Context) -> Timer:
        """Only one timer has a frequency and a mode."""
        return self if self.name is TimerName.TSC else changed(self, frequency=0, mode=None)

    def check(self) -> None:
        """Not every timer has all settings."""
        for setting, value, names in (
            ("tickpolicy", self.tickpolicy, set(TimerName) - {TimerName.KVMCLOCK, TimerName.HYPERVCLOCK}),
            ("frequency", self.frequency, {TimerName.TSC}),
            ("mode", self.mode, {TimerName.TSC}),
            ("track", self.track, {TimerName.PLATFORM, TimerName.RTC}),
        ):
            if setting == "frequency" and self.tickpolicy is not TickPolicy.CATCHUP and self._catches_up:
                raise XmlError("setting of timer catchup policies is only supported with tickpolicy='catchup'")
            if value and self.name not in names:
                raise ConfigUnsupported(f"timer {self.name} doesn't support setting of timer {setting}")

    @property
    def _catches_up(self) -> bool:
        return bool(self.catchup_threshold or self.catchup_slew or self.catchup_limit)


@dataclass(frozen=True, slots=True)
class Adjustment(Scalar):
    """Seconds, or the word "reset"; other words are not understood, which matters for some offsets only."""

    def read(self, text: str) -> int | str:
        """The seconds as a number, a word as it is."""
        seconds = read_number(text)
        return text if seconds is None else seconds


@dataclass(slots=True, kw_only=True)
class Clock:
    """The clock and its timers."""

    offset: Annotated[
        ClockOffset,
        At("@offset", blank_is_none=True, invalid="unknown clock offset '{value}'", error=ConfigUnsupported),
    ] = ClockOffset.UTC
    adjustment: Annotated[int | str | None, At("@adjustment", blank_is_none=True), Adjustment()] = None
    basis: Annotated[
        ClockBasis | None,
        At("@basis", blank_is_none=True, invalid="unknown clock basis '{value}'", error=ConfigUnsupported),
    ] = None
    adjustment0: Annotated[Long | None, At("@adjustment0", omit=0, write_when=Context.CLOCK_ADJUST)] = None
    timezone: Annotated[str | None, At("@timezone", blank_is_none=True)] = None
    start: Annotated[
        ULong | None,
        At(
            "@start",
            invalid="missing 'start' attribute for clock with offset='absolute'",
            error=InternalError,
        ),
    ] = None
    timers: Annotated[list[Timer], At("timer")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """Keep what belongs to the offset; an adjustment of UTC or local time makes the offset variable."""
        adjustment, basis = self.adjustment, self.basis
        if self.offset in (ClockOffset.UTC, ClockOffset.LOCALTIME):
            basis = ClockBasis(self.offset.value)
            if isinstance(adjustment, int):
                self.offset = ClockOffset.VARIABLE
            elif adjustment not in (None, "reset"):
                raise XmlError(f"unknown clock adjustment '{adjustment}'")
        if self.offset is ClockOffset.VARIABLE:
            self.adjustment = adjustment if isinstance(adjustment, int) else 0
            self.basis = basis or ClockBasis.UTC
        else:
            self.basis = self.adjustment0 = None
            if self.offset not in (ClockOffset.UTC, ClockOffset.LOCALTIME):
                self.adjustment = None
        if self.offset is not ClockOffset.TIMEZONE:
            self.timezone = None
        elif self.timezone is None:
            raise InternalError("missing 'timezone' attribute for clock with offset='timezone'")
        if self.offset is not ClockOffset.ABSOLUTE:
            self.start = None
        elif self.start is None:
            raise InternalError("missing 'start' attribute for clock with offset='absolute'")
