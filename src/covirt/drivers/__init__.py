# SPDX-License-Identifier: LGPL-2.1-or-later
"""The drivers: one package for each hypervisor or service, all with the same inner shape.

`TABLE` lists them all; a driver is imported when a URI first asks for it. `driver.py` tells what every driver is.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from covirt.api.themes import Family
from covirt.drivers.driver import Driver


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the driver of some URI schemes is.

    With a family it also serves that family beside hypervisors; `in_process` drivers need no daemon to live in.
    """

    schemes: tuple[str, ...]
    module: str
    cls: str
    family: Family | None = None
    in_process: bool = False

    @property
    def installed(self) -> bool:
        """Is the driver part of this installation?"""
        try:
            return find_spec(self.module) is not None
        except ModuleNotFoundError:
            return False

    def load(self) -> type[Driver]:
        """Import the driver."""
        found: type[Driver] = getattr(import_module(self.module), self.cls)
        return found


TABLE: tuple[Entry, ...] = (
    Entry(("test",), "covirt.drivers.test.driver", "TestDriver", in_process=True),
    Entry(("qemu",), "covirt.drivers.qemu.driver", "QemuDriver"),
    Entry(("lxc",), "covirt.drivers.lxc.driver", "LxcDriver"),
)


def for_scheme(scheme: str) -> Entry | None:
    """The driver of a URI scheme."""
    return next((entry for entry in TABLE if scheme in entry.schemes), None)


def for_family(family: Family) -> Entry | None:
    """The driver that serves a family beside hypervisors that do not."""
    return next((entry for entry in TABLE if entry.family is family), None)
