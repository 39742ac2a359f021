# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is made ready on the host before a guest's process starts."""

from __future__ import annotations

import os
import resource
import secrets
import socket
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from covirt.drivers.qemu import network
from covirt.drivers.qemu.command.context import Prepared
from covirt.drivers.qemu.guest import QemuGuest, Run
from covirt.errors import SystemCallFailed
from covirt.host.clock import Clock
from covirt.model.common.storage_source import BlockLocation, FileLocation
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.chardev import UnixChardev
from covirt.runtime.command import common_environment
from covirt.runtime.files import make_directory
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread
from covirt.runtime.sockets import near

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver
    from covirt.drivers.qemu.start import Start

log = get("qemu.prepare")

_LISTEN_BACKLOG = 1


def directories(driver: QemuDriver, guest: QemuGuest, run: Run) -> tuple[int, socket.socket]:
    """Make the guest's directories; gives its log file and the listening monitor socket."""
    roots = driver.roots.qemu
    for directory in (run.directory, run.channels):
        make_directory(directory, 0o755 if driver.run_as.uid is not None else 0o700)
        _give(directory, driver)
    for directory in (roots.log, roots.ram, roots.save):
        make_directory(directory)
    _write_key(run.master_key_path, driver)
    log_file = os.open(roots.log / f"{guest.name}.log", os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    return log_file, listen(run.monitor_path, driver)


def _give(path: Path, driver: QemuDriver) -> None:
    """What the guest's process must get at belongs to its user."""
    if driver.run_as.uid is not None:
        os.chown(path, driver.uid, driver.gid)


def _write_key(path: Path, driver: QemuDriver) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with open(fd, "wb") as file:
        file.write(secrets.token_bytes(32))
    _give(path, driver)


def listen(path: Path, driver: QemuDriver) -> socket.socket:
    """A socket that listens at a path, for QEMU to inherit."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        path.unlink(missing_ok=True)
        with near(path) as name:
            made.bind(name)
        made.listen(_LISTEN_BACKLOG)
        _give(path, driver)
    except OSError as error:
        made.close()
        raise SystemCallFailed.from_oserror(error, f"Failed to bind socket to {path}") from error
    return made


def connect(unconnected: socket.socket, path: Path) -> None:
    """Connect to a socket that listens already; this never waits."""
    with near(path) as name:
        unconnected.connect(name)


def prepared(driver: QemuDriver, run: Run) -> Prepared:
    """What a command line needs to know of the host."""
    clock = Clock()
    now = datetime.now(UTC)
    return Prepared(
        directory=str(run.directory),
        memory_directory=str(driver.roots.qemu.ram / run.directory.name.removeprefix("domain-")),
        environment=_environment(run),
        inherited=dict(os.environ),
        now=now,
        local_offset=clock.local_offset(now.timestamp()),
    )


def _environment(run: Run) -> dict[str, str]:
    """As libvirt does: QEMU's libraries keep what they write in the guest's own directory."""
    home = str(run.directory)
    return {
        **{name: value for name, value in common_environment().items() if name in ("LC_ALL", "PATH")},
        "HOME": home,
        "XDG_DATA_HOME": f"{home}/.local/share",
        "XDG_CACHE_HOME": f"{home}/.cache",
        "XDG_CONFIG_HOME": f"{home}/.config",
    }


# Devices


async def host(start: Start) -> None:
    """All that the guest's devices need."""
    await _sockets(start)
    for card in start.guest.definition.devices.interfaces:
        await network.prepare(start, card)
    await _take_files(start)
    await _group(start)


async def _sockets(start: Start) -> None:
    """Listening sockets of character devices: nobody has to wait until QEMU has made them."""
    devices = start.guest.definition.devices
    for device in (*devices.serials, *devices.parallels, *devices.consoles, *devices.channels):
        source = device.source
        if not isinstance(source, UnixChardev) or not source.listen or not source.path:
            continue
        if device.info.alias in start.prepared.descriptors:
            continue
        path = Path(source.path)
        made = await in_thread(listen, path, start.driver)
        start.undo.push(f"remove {path}", path.unlink, True)
        start.undo.push("close its socket", made.close)
        number = made.detach()
        start.prepared.descriptors[str(device.info.alias)] = number
        inherit(start, number)


def inherit(start: Start, number: int) -> None:
    """Give a descriptor to QEMU and close ours afterwards."""
    start.descriptors.append(number)
    start.undo.push("close a descriptor", _close, start, number)


def _close(start: Start, number: int) -> None:
    if number in start.descriptors:
        start.descriptors.remove(number)
        os.close(number)


async def close_inherited(start: Start) -> None:
    """QEMU has its descriptors; ours are closed, so that the end of QEMU is their end."""
    assert start.monitor_socket is not None
    start.descriptors.remove(start.monitor_socket.fileno())
    start.monitor_socket.close()
    for number in tuple(start.descriptors):
        _close(start, number)


async def _take_files(start: Start) -> None:
    """Files of the guest belong to its user while it runs."""
    driver, run = start.driver, start.run
    if driver.run_as.uid is None or driver.settings.dynamic_ownership is False:
        return
    take = partial(driver.host.files.take, uid=driver.uid, gid=driver.gid)
    remember = driver.settings.remember_owner is not False
    for path in files(start.guest.definition):
        await in_thread(partial(take, path, remember=remember))
        run.taken_files.append(path)
        start.undo.push(f"give {path} back", in_thread, give_back, driver, path)


def give_back(driver: QemuDriver, path: Path) -> None:
    """A file belongs to whom it did before."""
    driver.host.files.give_back(path, remember=driver.settings.remember_owner is not False)


def files(definition: DomainDefinition) -> Iterable[Path]:
    """The files and devices of disks, kernels and firmware that the guest's process opens by itself."""
    for disk in definition.devices.disks:
        location = disk.source.actual
        if isinstance(location, FileLocation | BlockLocation) and location.path and not disk.readonly:
            yield Path(location.path)


async def _group(start: Start) -> None:
    """The control group, where we may make one."""
    driver, run = start.driver, start.run
    if not driver.privileged or not await in_thread(driver.host.cgroups.available):
        return
    partition = start.guest.definition.resource.partition if start.guest.definition.resource else None
    group = driver.host.cgroups.guest(
        "qemu", run.directory.name.removeprefix("domain-"), partition=partition or "/machine"
    )
    await in_thread(group.make)
    start.undo.push("remove the control group", in_thread, group.remove)
    run.group = group


def limits(start: Start) -> dict[int, tuple[int, int]]:
    """The limits that the settings ask for."""
    settings = start.driver.settings
    wanted = {
        resource.RLIMIT_NPROC: settings.max_processes,
        resource.RLIMIT_NOFILE: settings.max_files,
    }
    return {which: (value, value) for which, value in wanted.items() if value}


def log_heading(start: Start) -> str:
    """What the guest's log says before QEMU's own words."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    return f"{when}+0000: starting up covirt version: {_version()}, qemu version: {start.caps.version}\n{start.argv}"


@cache
def _version() -> str:
    try:
        return version("covirt")
    except PackageNotFoundError:
        return "unknown"
