# SPDX-License-Identifier: LGPL-2.1-or-later
"""An embedded QEMU driver below a directory of its own, and documents for guests that are up at once."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

import covirt
from covirt.client.objects_generated import Connection

Document = Callable[..., str]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the driver keeps everything."""
    if shutil.which("qemu-system-x86_64") is None:
        pytest.skip("qemu-system-x86_64 is not installed")
    return tmp_path / "root"


@pytest.fixture
async def conn(root: Path) -> AsyncIterator[Connection]:
    """A connection; guests that still run at the end are destroyed."""
    connection = await covirt.open(f"qemu:///embed?root={root}")
    yield connection
    for domain in await connection.list_all_domains():
        if await domain.is_active():
            await domain.destroy()
    await connection.close()


@pytest.fixture
def document(rom_guest: Path) -> Document:
    """The document of a guest that is its own firmware."""

    def make(name: str = "vm", *, devices: str = "", machine: str = "pc", memory: int = 32, more: str = "") -> str:
        return f"""
<domain type='qemu'>
  <name>{name}</name>
  <memory unit='MiB'>{memory}</memory>
  <os>
    <type arch='x86_64' machine='{machine}'>hvm</type>
    <loader readonly='yes' type='rom'>{rom_guest}</loader>
  </os>
  <features><acpi/></features>{more}
  <devices>
    <serial type='pty'/>{devices}
  </devices>
</domain>"""

    return make
