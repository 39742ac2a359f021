# SPDX-License-Identifier: LGPL-2.1-or-later
"""The simulated machine that the corpus was recorded on: its processors, devices, directories, numbers and secrets.

Everything comes from `facts/` of the corpus or from its description of the environment. Suite modules turn it into
settings and in-memory hosts; nothing outside the corpus runner reads it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

TIME = 1234567890
TIME_ZONE = "VIR00:30"
MASTER_KEY = bytes(range(32))
INITIALIZATION_VECTOR = bytes(range(16))
SECRET_VALUE = b"AQCVn5hO6HzFAhAAq0NCv8jtJcIcE+HOBlMQ1A"
SYSTEM_TOKEN = "3de80bcbf22d4833897f1638e01be9b2"
PROCESS_ENVIRONMENT = {"PATH": "/bin", "USER": "test", "LOGNAME": "test", "HOME": "/home/test"}

DOMAINCAPS_CPUS = {
    "i686": "cpuBroadwell",
    "x86_64": "cpuBroadwell",
    "ppc64": "cpuPower8",
    "ppc64le": "cpuPower8",
    "aarch64": "cpuAarch64",
    "armv7l": "cpuArmV7l",
    "s390x": "cpuS390",
    "sparc": "cpuSparc",
    "ppc": "cpuPPC",
    "riscv64": "cpuRiscv64",
    "loongarch64": "cpuLoongArch64",
}
"""Which entry of `Environment.host_cpus` the domain capabilities of an architecture were recorded with."""

QEMU_CPUS = {"i686": "cpuDefault", "x86_64": "cpuDefault", "ppc64": "cpuPower8", "ppc64le": "cpuPower8"}
"""Which entry of `Environment.host_cpus` a QEMU host of an architecture has; the others have none."""


def shared_directory() -> Path:
    """Where corpus and facts lie: COVIRT_SHARED, or `shared` beside the checkout."""
    if named := os.environ.get("COVIRT_SHARED"):
        return Path(named)
    return Path(__file__).resolve().parents[4].parent / "shared"


def default_corpus() -> Path:
    """The corpus to run when none is named."""
    return shared_directory() / "corpus"


def random_bytes(count: int) -> bytes:
    """The simulated source of randomness: 00 01 02 and so on."""
    return bytes(number & 0xFF for number in range(count))


def random_bits(count: int) -> int:
    """So many bits of the simulated source of randomness."""
    return 0x0706050403020100 & ((1 << count) - 1)


class Environment:
    """The tables of one corpus, each read when first needed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def host_cpus(self) -> Mapping[str, Any]:
        """The host processors by the names that cases use (`cpuDefault`, `cpuHaswell`, ...)."""
        return self._table("host_cpus")

    @cached_property
    def cpu_map(self) -> Mapping[str, Any]:
        """The table of processor models, vendors and features."""
        return self._table("cpu_map")

    @cached_property
    def qemu_settings(self) -> Mapping[str, Any]:
        """Settings of the QEMU driver as its configuration file names them."""
        settings: Mapping[str, Any] = self._facts("qemu_driver")["config"]
        return settings

    @cached_property
    def pci_bus(self) -> Mapping[str, Any]:
        """The devices and drivers of the fake PCI bus."""
        return self._table("pci_bus")

    @cached_property
    def capability_flags(self) -> list[str]:
        """The names of the emulator capability flags, in order."""
        document = self._facts("capability_flags")
        flags: list[str] = document if isinstance(document, list) else document["flags"]
        return flags

    @cached_property
    def constants(self) -> Mapping[str, int]:
        """The numbers of the constants that traces and options name."""
        return self._table("constants")

    @cached_property
    def architectures(self) -> list[str]:
        """The architecture names, in order."""
        names: list[str] = self._facts("architectures")
        return names

    def latest_capabilities(self, architecture: str, variant: str = "") -> Path:
        """The capability file that `latest` means for an architecture."""
        name = self._facts("latest_capabilities")[architecture + variant]
        return self.root / "qemucapabilities" / "qemucapabilitiesdata" / f"{name}.xml"

    def redirections(self, suite: str) -> dict[str, Path]:
        """Which directory of the corpus stands in for which path of the machine."""
        table: Mapping[str, str] = self._facts("path_redirections").get(f"{suite}test", {})
        return {place: self.data(relative) for place, relative in table.items()}

    def data(self, relative: str) -> Path:
        """Find a data directory, which lies in the directory of the suite that owns it."""
        first = relative.split("/", 1)[0]
        owners = sorted(self.root.glob(f"*/{first}"))
        return (owners[0].parent if owners else self.root) / relative

    def replace_paths(self, path: str, redirections: Mapping[str, Path]) -> Path:
        """Where a path of the simulated machine really lies."""
        for place in sorted(redirections, key=len, reverse=True):
            if path == place or path.startswith(place + "/"):
                return Path(str(redirections[place]) + path[len(place) :])
        return Path(path)

    def _table(self, name: str) -> dict[str, Any]:
        table: dict[str, Any] = self._facts(name)
        return table

    def _facts(self, name: str) -> Any:
        return json.loads((self.root / "facts" / f"{name}.json").read_text(encoding="utf-8"))
