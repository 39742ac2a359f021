# SPDX-License-Identifier: LGPL-2.1-or-later
"""Threads for disks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import vcpu as api
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.vcpu import DomainIoThreadParam, IoThread
from covirt.api.params import TypedParams
from covirt.api.request import Request
from covirt.drivers.common.impact import chosen_one
from covirt.drivers.test.guest import Polling, PretendedGuest
from covirt.errors import InvalidArg
from covirt.model.domain import iothreads as model
from covirt.model.domain.cputune import IoThreadPin
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.controller import ControllerDriver
from covirt.model.domain.devices.disk_parts import DiskDriver
from covirt.values import CpuSet

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()


@calls.implements(api.io_thread_info)
async def io_thread_info(req: Req, flags: DomainModificationImpact) -> list[IoThread]:
    """Which there are, and where they may run."""
    definition = chosen_one(req.guest, flags)
    usual = definition.vcpus.cpuset or CpuSet(range(definition.vcpus.count))
    pins = {pin.thread: pin.cpus for pin in definition.cputune.iothread_pins}
    return [IoThread(thread.id, pins.get(thread.id, usual).to_bytes()) for thread in definition.iothreads.threads]


def _check_number(number: int) -> None:
    if number == 0:
        raise InvalidArg("invalid value of 0 for iothread_id")


@calls.implements(api.add_io_thread)
async def add_io_thread(req: Req, iothread_id: int, flags: DomainModificationImpact) -> None:
    """One thread more."""
    _check_number(iothread_id)
    threads = chosen_one(req.guest, flags).iothreads
    if threads.find(iothread_id) is not None:
        raise InvalidArg(f"an IOThread is already using iothread_id '{iothread_id}'")
    threads.threads.append(model.IoThread(id=iothread_id))
    req.guest.polling[iothread_id] = Polling()


@calls.implements(api.del_io_thread)
async def del_io_thread(req: Req, iothread_id: int, flags: DomainModificationImpact) -> None:
    """One thread less, if no device uses it."""
    _check_number(iothread_id)
    definition = chosen_one(req.guest, flags)
    thread = definition.iothreads.find(iothread_id)
    if thread is None:
        raise InvalidArg(f"cannot find IOThread '{iothread_id}' in iothreadids list")
    _check_unused(definition, iothread_id)
    definition.iothreads.threads.remove(thread)
    tuning = definition.cputune
    tuning.iothread_pins = [pin for pin in tuning.iothread_pins if pin.thread != iothread_id]
    req.guest.polling.pop(iothread_id, None)


def _check_unused(definition: DomainDefinition, number: int) -> None:
    for disk in definition.devices.disks:
        if number in _used(disk.driver):
            raise InvalidArg(f"cannot remove IOThread {number} since it is being used by disk '{disk.target}'")
    for controller in definition.devices.controllers:
        if number in _used(controller.driver):
            raise InvalidArg(f"cannot remove IOThread '{number}' since it is being used by controller")


def _used(driver: DiskDriver | ControllerDriver) -> set[int]:
    return {driver.iothread or 0, *(mapping.id for mapping in driver.iothreads)}


@calls.implements(api.pin_io_thread)
async def pin_io_thread(req: Req, iothreads_id: int, cpumap: bytes, flags: DomainModificationImpact) -> None:
    """Say where a thread may run."""
    definition = chosen_one(req.guest, flags)
    cpus = CpuSet.from_bytes(cpumap)
    if not cpus:
        raise InvalidArg("Empty iothread cpumap list for pinning")
    thread = definition.iothreads.find(iothreads_id)
    if thread is None:
        raise InvalidArg(f"iothreadid {iothreads_id} not found")
    thread.implied = False
    definition.cputune.pin_iothread(IoThreadPin(thread=iothreads_id, cpus=cpus), definition.iothreads)


_POLLING = {
    DomainIoThreadParam.POLL_MAX_NS: "max_ns",
    DomainIoThreadParam.POLL_GROW: "grow",
    DomainIoThreadParam.POLL_SHRINK: "shrink",
}


@calls.implements(api.set_io_thread_params, flags=DomainModificationImpact.LIVE)
async def set_io_thread_params(
    req: Req, iothread_id: int, params: TypedParams, flags: DomainModificationImpact
) -> None:
    """Say how a thread polls."""
    _check_number(iothread_id)
    definition = chosen_one(req.guest, flags)
    polling = req.guest.polling.get(iothread_id)
    if definition.iothreads.find(iothread_id) is None or polling is None:
        raise InvalidArg(f"cannot find IOThread '{iothread_id}' in iothreadids")
    params.check(_POLLING)
    for name, field in _POLLING.items():
        if name in params:
            setattr(polling, field, int(params[name]))
