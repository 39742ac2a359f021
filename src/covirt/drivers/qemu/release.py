# SPDX-License-Identifier: LGPL-2.1-or-later
"""What hangs on a definition and must be decided about before it is undefined."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from covirt.api.domain.define import DomainUndefineFlags
from covirt.drivers.qemu.guest import QemuGuest
from covirt.errors import InternalError, OperationInvalid, SystemCallFailed
from covirt.model.common.storage_source import FileLocation
from covirt.runtime.files import remove_file
from covirt.runtime.loop import in_thread

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver


async def release(driver: QemuDriver, guest: QemuGuest, flags: DomainUndefineFlags) -> None:
    """Remove managed save image and firmware variables as the flags say; refuse when they do not say it."""
    saved = driver.roots.qemu.save / f"{guest.name}.save"
    if await in_thread(saved.exists):
        if DomainUndefineFlags.MANAGED_SAVE not in flags:
            raise OperationInvalid("Refusing to undefine while domain managed save image exists")
        await _remove(saved, InternalError("Failed to remove domain managed save image"))
        guest.managed_save = False
    variables = _variables(guest)
    if variables is None or not await in_thread(variables.exists):
        return
    if DomainUndefineFlags.NVRAM in flags:
        await _remove(variables, None)
    elif DomainUndefineFlags.KEEP_NVRAM not in flags:
        raise OperationInvalid("cannot undefine domain with nvram")


def _variables(guest: QemuGuest) -> Path | None:
    nvram = guest.definition.os.nvram
    location = nvram.source.location if nvram and nvram.source else None
    return Path(location.path) if isinstance(location, FileLocation) and location.path else None


async def _remove(path: Path, failure: InternalError | None) -> None:
    try:
        await in_thread(remove_file, path)
    except OSError as error:
        raise failure or SystemCallFailed.from_oserror(error, f"failed to remove nvram: {path}") from error
