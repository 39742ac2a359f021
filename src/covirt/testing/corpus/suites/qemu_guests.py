# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU's guests, running and as numbers: documents of running guests, memory that is locked."""

from __future__ import annotations

from dataclasses import replace

from covirt.drivers.qemu import memory_lock
from covirt.drivers.qemu.firmware.search import description_files, directories
from covirt.testing.corpus.compare import CannotRun
from covirt.testing.corpus.environment import Environment
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.qemu_host import QemuHost
from covirt.xml import Context


def run(case: Case) -> object:
    """Carry out one case."""
    match case.kind:
        case "live-xml2xml":
            return _shown(case)
        case "memlock-bytes":
            limit = memory_lock.limit(QemuHost(_with_latest(case)).define())
            return "unlimited" if limit is None else limit
        case "precedence":
            return _descriptions(case)
    raise CannotRun(f"{case.kind} is not there")


def _shown(case: Case) -> str:
    """What a client is told of a running guest, or of how it would start again."""
    guest = QemuHost(case).define(Context.NONE)
    if guest.id is None:
        guest.id = case.options["domain_id_if_unset"]
    inactive = case.options["format"] == "inactive"
    return guest.format(Context.SECURE | (Context.INACTIVE if inactive else Context.NONE))


def _descriptions(case: Case) -> list[str]:
    """Descriptions of programs that are devices, in order of precedence."""
    data = case.root / "qemuvhostuser" / "qemuvhostuserdata"
    where = directories(
        privileged=case.options["privileged"],
        config_home=data / case.options["xdg_config_home"],
        root=data,
        kind="vhost-user",
    )
    return [f"/{path.relative_to(data)}" for path in description_files(where)]


def _with_latest(case: Case) -> Case:
    """The case with the newest QEMU of the host's architecture."""
    arch = case.options["host_arch"]
    file = Environment(case.root).latest_capabilities(arch).relative_to(case.root)
    caps = {"arch": arch, "file": str(file), "strip_machine_aliases": True}
    return replace(case, options={**case.options, "caps": caps})
