# SPDX-License-Identifier: LGPL-2.1-or-later
"""Software TPMs: one swtpm for each emulated TPM of a guest, which ends when QEMU lets go of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from covirt.drivers.qemu import prepare
from covirt.drivers.qemu.guest import Run
from covirt.errors import ConfigUnsupported, NoSupport, OperationUnsupported
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.tpm import EmulatorTpm, Tpm, TpmVersion
from covirt.runtime.command import run_command
from covirt.runtime.launch import Command
from covirt.runtime.loop import in_thread
from covirt.runtime.roots import QemuRoots

if TYPE_CHECKING:
    from covirt.drivers.qemu.start import Start

SETUP_SECONDS = 60.0


def emulated(definition: DomainDefinition) -> list[tuple[Tpm, EmulatorTpm]]:
    """The TPMs that swtpm plays."""
    return [(tpm, tpm.backend) for tpm in definition.devices.tpms if isinstance(tpm.backend, EmulatorTpm)]


async def start_all(start: Start) -> None:
    """Start an swtpm for each emulated TPM, with its socket made and listening before QEMU comes."""
    for tpm, backend in emulated(start.guest.definition):
        await _start(start, tpm, backend)


async def _start(start: Start, tpm: Tpm, backend: EmulatorTpm) -> None:
    if backend.secret is not None or backend.source is not None:
        raise NoSupport("encrypted or foreign storage of an emulated TPM")
    program = shutil.which("swtpm")
    if program is None:
        raise OperationUnsupported("'swtpm' is not installed", hint="install the package swtpm")
    roots, driver = start.driver.roots.qemu, start.driver
    path = socket_of(roots, start.run)
    log = roots.swtpm_log / f"{start.guest.name}-swtpm.log"
    state = state_directory(start, backend)
    for directory in (state, path.parent, log.parent):
        await in_thread(_make_directory, directory)
    await _set_up(start, backend, state)
    listening = await in_thread(prepare.listen, path, driver)
    start.undo.push(f"remove {path}", path.unlink, True)
    argv = [
        program, "socket", "--ctrl", f"type=unixio,fd={listening.fileno()}",
        "--tpmstate", f"dir={state},mode=0600",
        "--log", f"file={log},level={backend.debug}" if backend.debug else f"file={log}",
        "--terminate",
    ]  # fmt: skip
    if backend.version is TpmVersion.V2_0:
        argv.append("--tpm2")
    number = listening.fileno()
    with listening:
        process = await driver.supervisor.spawn(
            Command(argv=argv, fds={number: number}), name=f"swtpm of {start.guest.name}"
        )
    start.undo.push("end swtpm", process.terminate, 0)
    start.prepared.sockets[str(tpm.info.alias)] = str(path)


def socket_of(roots: QemuRoots, run: Run) -> Path:
    """Where QEMU finds the swtpm of a run."""
    return roots.swtpm_state / f"{run.directory.name.removeprefix('domain-')}-swtpm.sock"


def state_directory(start: Start, backend: EmulatorTpm) -> Path:
    """Where the TPM keeps what it must not forget."""
    kind = "tpm2" if backend.version is TpmVersion.V2_0 else "tpm1.2"
    return start.driver.roots.qemu.swtpm_storage / str(start.guest.uuid) / kind


async def _set_up(start: Start, backend: EmulatorTpm, state: Path) -> None:
    """A new TPM gets its keys and certificates, as from a factory."""
    if await in_thread(lambda: any(state.iterdir())):
        return
    program = shutil.which("swtpm_setup")
    if program is None:
        raise ConfigUnsupported("'swtpm_setup' is not installed", hint="install the package swtpm-tools")
    argv = [program, "--tpm-state", str(state), "--createek", "--lock-nvram", "--not-overwrite"]
    if backend.version is TpmVersion.V2_0:
        argv.append("--tpm2")
    await run_command(argv, timeout=SETUP_SECONDS)


def _make_directory(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
