# SPDX-License-Identifier: LGPL-2.1-or-later
"""Capabilities of QEMU binaries: recorded probes, and cache files read and written."""

from __future__ import annotations

from dataclasses import replace

from covirt.drivers.qemu.capabilities import EmulatorCapabilities, from_xml, to_xml
from covirt.drivers.qemu.capabilities.guest_caps import guest_capabilities
from covirt.drivers.qemu.capabilities.probe import needs_tcg_round, probe, probe_tcg
from covirt.model.capabilities.document import Capabilities, format_capabilities
from covirt.model.capabilities.host import HostCapabilities
from covirt.model.common.cpu import HostCpu
from covirt.testing.corpus.compare import CannotRun
from covirt.testing.corpus.manifest import Case
from covirt.testing.qmp import recorded_starts


async def run(case: Case) -> object:
    """Carry out one case."""
    match case.kind:
        case "replies2caps":
            return to_xml(await _probed(case))
        case "caps-roundtrip":
            return to_xml(from_xml(case.text()))
        case "caps2xml":
            return _guests(case)
        case _:
            raise CannotRun(f"{case.kind} is not there")


async def _probed(case: Case) -> EmulatorCapabilities:
    starts = recorded_starts(case.text("replies"))
    first = await probe(starts[0], case.options["binary"], hvf=case.options["hvf_available"])
    if not needs_tcg_round(first.caps):
        return first.caps
    caps = await probe_tcg(starts[1], first)
    return replace(caps, stamp=replace(caps.stamp, microcode=case.options["fake_microcode"]))


def _guests(case: Case) -> str:
    """The host's capabilities with one guest, of which only the flags are known."""
    known, arch = from_xml(case.text("caps")), case.options["arch"]
    caps = EmulatorCapabilities(binary=case.options["binary"], arch=arch, flags=known.flags)
    host = HostCapabilities(cpu=HostCpu(arch=arch))
    return format_capabilities(Capabilities(host=host, guests=[guest_capabilities(caps, arch)]))
