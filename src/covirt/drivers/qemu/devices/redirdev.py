# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ports for USB devices that are plugged in elsewhere."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices import chardev
from covirt.drivers.qemu.devices.common import place
from covirt.model.domain.devices.redirdev import Redirdev, RedirFilter


def build(redirdev: Redirdev, build: Build) -> None:
    """The connection and the port."""
    alias = redirdev.info.alias
    chardev.add(build, redirdev.source, chardev.chardev_alias(alias), alias, purpose="usbredir")
    build.argv.device(frontend(redirdev, build))


def frontend(redirdev: Redirdev, build: Build) -> Props:
    """The port."""
    made = props(
        driver="usb-redir",
        chardev=chardev.chardev_alias(redirdev.info.alias),
        id=redirdev.info.alias,
        filter=_filter(build.guest.devices.redirfilter),
        bootindex=redirdev.boot.order if redirdev.boot else None,
    )
    return made | place(build, redirdev.info)


def _filter(told: RedirFilter | None) -> str | None:
    """The rules, each of class, vendor, product, version (-1 is any) and whether it lets through."""
    if told is None or not told.rules:
        return None
    return "|".join(
        ":".join(
            (
                "-1" if rule.usb_class is None else f"0x{rule.usb_class:02X}",
                *(_number(number) for number in (rule.vendor, rule.product, rule.version)),
                str(int(rule.allow)),
            )
        )
        for rule in told.rules
    )


def _number(number: int | None) -> str:
    return "-1" if number is None else f"0x{number:04X}"
