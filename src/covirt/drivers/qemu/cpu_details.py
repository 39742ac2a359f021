# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which features the guest's processor really got; asked once for each kind of processor, then known.

QEMU tells a feature at a time. The answer depends on the emulator, the host and the processor that was asked for, and
is kept as long as these stay what they are.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

from covirt import xml
from covirt.drivers.common.cpu.x86_live import update_live
from covirt.drivers.common.cpu.x86_table import x86_table
from covirt.drivers.qemu.capabilities.cpu_features import from_qemu
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.machine import X86
from covirt.drivers.qemu.monitor import Monitor
from covirt.drivers.qemu.monitor.commands import cpus, qom
from covirt.errors import Error
from covirt.model.common.cpu import CpuCheck, CpuMode
from covirt.model.domain.cpu import GuestCpu
from covirt.runtime.log import get

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver

log = get("qemu.processor")

UNAVAILABLE = "unavailable-features"


async def note_processor(driver: QemuDriver, guest: QemuGuest) -> None:
    """Describe in the live definition the processor that the guest has."""
    definition = guest.definition
    cpu = definition.cpu
    if cpu is None or definition.os.arch not in X86:
        return
    if cpu.mode is not CpuMode.CUSTOM and cpu.check is not CpuCheck.FULL:
        return
    if not cpu.model:
        return
    key = _key(guest, cpu)
    known = driver.processors.get(key) or await _read(driver, key)
    if known is None:
        known = cpu.copy()
        enabled, disabled = await _features(guest.monitor, definition.os.arch)
        table = x86_table()
        update_live(table, known, table.set_of(enabled), table.set_of(disabled))
        known.check = CpuCheck.FULL
        driver.tasks.start(_keep(driver, key, known), "keep a processor")
    driver.processors[key] = known
    definition.cpu = known.copy()


async def _features(monitor: Monitor, arch: str) -> tuple[list[str], list[str]]:
    """What is on, and what QEMU would have switched on if the host had it."""
    first = next(cpu.qom_path for cpu in await cpus.cpus(monitor) if cpu.qom_path)
    members = await qom.members(monitor, first)
    switches = [member.name for member in members if member.type == "bool"]
    # All questions at once: QEMU answers them in one go.
    values = await asyncio.gather(*(qom.get_property(monitor, first, name) for name in switches))
    missing = await qom.get_property(monitor, first, UNAVAILABLE)
    table = x86_table()
    enabled = {from_qemu(arch, name) for name, value in zip(switches, values, strict=True) if value is True}
    disabled = {from_qemu(arch, name) for name in missing}
    return [name for name in enabled if name in table.features], [name for name in disabled if name in table.features]


def _key(guest: QemuGuest, cpu: GuestCpu) -> str:
    """All that the answer depends on."""
    caps, definition = guest.running.caps, guest.definition
    text = "\n".join((caps.binary, repr(caps.stamp), definition.type, str(definition.os.machine), xml.format(cpu)))
    return hashlib.sha256(text.encode()).hexdigest()


async def _read(driver: QemuDriver, key: str) -> GuestCpu | None:
    try:
        text = (await driver.processor_store.read(f"{key}.xml")).decode()
        return xml.parse(GuestCpu, text).value
    except FileNotFoundError:
        return None
    except (Error, UnicodeDecodeError) as error:
        log.warning("a kept processor cannot be read", error=error)
        return None


async def _keep(driver: QemuDriver, key: str, cpu: GuestCpu) -> None:
    await driver.processor_store.write(f"{key}.xml", xml.format(cpu))
