# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trusted platform modules."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices import chardev
from covirt.drivers.qemu.devices.common import place
from covirt.errors import InternalError
from covirt.model.domain.devices.chardev import UnixChardev
from covirt.model.domain.devices.tpm import EmulatorTpm, ExternalTpm, PassthroughTpm, Tpm, TpmModel

CHARDEV = "chrtpm"
"""The name of the connection to the program that plays the TPM."""


def build(tpm: Tpm, build: Build) -> None:
    """The back end, and the device."""
    if tpm.model is TpmModel.SPAPR_PROXY:
        build.argv.device(proxy_props(tpm))
        return
    build.argv.add("-tpmdev", _backend(tpm, build))
    build.argv.device(frontend(tpm, build))


def _backend(tpm: Tpm, build: Build) -> str:
    alias = tpm.info.alias
    match tpm.backend:
        case PassthroughTpm():
            device, cancel = build.pass_set(f"{alias}-tpm"), build.pass_set(f"{alias}-cancel")
            if device is None or cancel is None:
                raise InternalError(f"TPM device of '{alias}' was not opened")
            return f"passthrough,id=tpm-{alias},path={device.path},cancel-path={cancel.path}"
        case EmulatorTpm():
            chardev.add(build, UnixChardev(path=build.prepared.sockets[str(alias)]), CHARDEV, None)
        case ExternalTpm():
            chardev.add(build, UnixChardev(path=tpm.backend.source.path), CHARDEV, None)
    return f"emulator,id=tpm-{alias},chardev={CHARDEV}"


def frontend(tpm: Tpm, build: Build) -> Props:
    """The device."""
    # Boards that are no PCs have no ISA bus for it.
    on_board = tpm.model is TpmModel.TIS and not build.machine.x86
    driver = "tpm-tis-device" if on_board else tpm.model
    return props(driver=driver, tpmdev=f"tpm-{tpm.info.alias}", id=tpm.info.alias) | place(build, tpm.info)


def proxy_props(tpm: Tpm) -> Props:
    """A proxy, by which the hypervisor of a POWER guest reaches the host's TPM."""
    path = tpm.backend.path if isinstance(tpm.backend, PassthroughTpm) else None
    return props(driver=tpm.model, id=tpm.info.alias, host_path=path)
