# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU's own form of a configuration: its command line."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from covirt.api.binding import CallTable
from covirt.api.domain import define as api
from covirt.api.enums import NoFlags
from covirt.drivers.qemu import live
from covirt.drivers.qemu.calls.request import Req
from covirt.drivers.qemu.command.build import build_command
from covirt.drivers.qemu.command.context import Prepared
from covirt.drivers.qemu.definitions import DEFINED
from covirt.drivers.qemu.guest import Run
from covirt.errors import InvalidArg
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.connections import EthernetConnection
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.tpm import EmulatorTpm, Tpm
from covirt.runtime.roots import short_name

calls = CallTable()

FORMAT = "qemu-argv"
_NO_NUMBER = -1


@calls.implements(api.domain_xml_to_native)
async def domain_xml_to_native(req: Req, native_format: str, domain_xml: str, flags: NoFlags) -> str:
    """The command line that a start would use; descriptors that only a start has are left as numbers."""
    if native_format != FORMAT:
        raise InvalidArg(f"unsupported config type {native_format}")
    driver = req.driver
    definition = await driver.definitions.read(domain_xml, DEFINED)
    caps = await driver.definitions.capabilities(definition)
    roots, name = driver.roots.qemu, short_name(_NO_NUMBER, definition.name)
    run = Run(
        caps=caps,
        directory=roots.lib / f"domain-{name}",
        channels=roots.channel_target / name,
        pid_file=roots.state / f"{definition.name}.pid",
    )
    ports = live.TakenPorts(driver.ports, driver.websocket_ports)
    try:
        _disconnect(definition)
        surroundings = live.prepare(driver, definition, run, ports, new=True)
        prepared = _prepared(run, roots.ram / name)
        prepared.nodes |= surroundings.nodes
        prepared.sockets = {
            str(tpm.info.alias): str(roots.swtpm_state / f"{name}-swtpm.sock") for tpm in _emulated(definition)
        }
        prepared.taps = {str(card.info.alias): [0] for card in definition.devices.interfaces}
        argv = build_command(definition, caps, driver.settings, prepared, host_arch=driver.host.node.arch)
    finally:
        ports.give_back()
    return argv.line


def _disconnect(definition: DomainDefinition) -> None:
    """Cards are shown as what any user could plug in: a tap that a script sets up."""
    definition.devices.interfaces = [
        Interface(connection=EthernetConnection(), mac=card.mac, model=card.model, script=card.script, boot=card.boot)
        for card in definition.devices.interfaces
    ]


def _emulated(definition: DomainDefinition) -> list[Tpm]:
    return [tpm for tpm in definition.devices.tpms if isinstance(tpm.backend, EmulatorTpm)]


def _prepared(run: Run, memory: Path) -> Prepared:
    return Prepared(
        directory=str(run.directory),
        memory_directory=str(memory),
        inherited=dict(os.environ),
        now=datetime.now(UTC),
    )
