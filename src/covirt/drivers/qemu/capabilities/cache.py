# SPDX-License-Identifier: LGPL-2.1-or-later
"""The capabilities of the QEMU binaries on this host: probed once, kept on disk, void when anything changes."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from covirt.drivers.qemu.capabilities.cache_reading import from_xml
from covirt.drivers.qemu.capabilities.cache_writing import to_xml
from covirt.drivers.qemu.capabilities.emulator import CacheStamp, EmulatorCapabilities
from covirt.drivers.qemu.capabilities.host_state import HostState
from covirt.errors import Error, SystemCallFailed
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread
from covirt.runtime.store import Store

log = get("qemu.capabilities")

_MODULES = ("/usr/lib64/qemu", f"/usr/lib/{os.uname().machine}-linux-gnu/qemu", "/usr/lib/qemu")

#: Counts up when we learn to see more in a binary: what was kept before does not have it.
_EDITION = 1

Probe = Callable[[str], Awaitable[EmulatorCapabilities]]
ReadHost = Callable[[], HostState]


def modules_directory() -> Path:
    """Where the distribution puts what QEMU loads when needed: devices and block drivers may come and go with it."""
    known = [Path(name) for name in _MODULES]
    return next((path for path in known if path.is_dir()), known[0])


class EmulatorCache:
    """Knows the capabilities of every binary it was asked for.

    Each answer is checked against the binary and the host as they are now, so that an update of QEMU or the kernel, or
    KVM coming and going, is noticed without a restart.
    """

    def __init__(self, store: Store, probe: Probe, read_host: ReadHost, *, modules: Path | None = None) -> None:
        self._store = store
        self._probe = probe
        self._read_host = read_host
        self._modules = modules or modules_directory()
        self._known: dict[str, EmulatorCapabilities] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(self, binary: str) -> EmulatorCapabilities:
        """The capabilities of a binary; raises when it cannot be asked."""
        # One probe at a time for each binary: who comes meanwhile gets its result.
        async with self._locks.setdefault(binary, asyncio.Lock()):
            host, stamp = await in_thread(self._look, binary)
            known = self._known.get(binary) or await self._read(binary)
            if known is None or not still_true(known, stamp, host):
                known = await self._ask(binary, stamp, host)
            self._known[binary] = known
            return known

    def _look(self, binary: str) -> tuple[HostState, CacheStamp]:
        """The host and the binary as they are."""
        try:
            ctime = int(os.stat(binary).st_ctime)
        except OSError as error:
            message = f"Cannot check QEMU binary {binary}"
            raise SystemCallFailed.from_oserror(error, message) from error
        if not os.access(binary, os.X_OK):
            raise SystemCallFailed.from_errno(13, f"QEMU binary {binary} is not executable")
        modules = int(self._modules.stat().st_mtime) if self._modules.is_dir() else 0
        host = self._read_host()
        return host, CacheStamp(
            binary_ctime=ctime,
            modules_mtime=modules,
            self_version=_EDITION,
            microcode=host.microcode,
            cpu_signature=host.cpu_signature,
            kernel=host.kernel,
        )

    async def _read(self, binary: str) -> EmulatorCapabilities | None:
        """What is kept of a binary; nothing when it cannot be read."""
        try:
            caps = from_xml((await self._store.read(_file_name(binary))).decode())
        except FileNotFoundError:
            return None
        except (Error, UnicodeDecodeError) as error:
            log.warning("kept capabilities cannot be read", binary=binary, error=error)
            return None
        return caps if caps.binary == binary else None

    async def _ask(self, binary: str, stamp: CacheStamp, host: HostState) -> EmulatorCapabilities:
        log.info("asking QEMU for its capabilities", binary=binary)
        try:
            probed = await self._probe(binary)
        except Error as error:
            log.warning("failed to probe capabilities", binary=binary, error=error)
            raise
        caps = with_host(probed, stamp, host)
        try:
            await self._store.write(_file_name(binary), to_xml(caps))
        except OSError as error:
            log.warning("capabilities cannot be kept", binary=binary, error=error)
        return caps


def with_host(caps: EmulatorCapabilities, stamp: CacheStamp, host: HostState) -> EmulatorCapabilities:
    """Freshly probed capabilities with what the host adds, as they are kept."""
    if not caps.accelerated:
        stamp = replace(stamp, microcode=0, cpu_signature=None, kernel=None)
    kvm = "kvm" in caps
    return replace(
        caps,
        stamp=stamp,
        kvm_nesting=kvm and host.kvm_nesting,
        kvm_secure_guest=kvm and host.kvm_secure_guest,
    )


def still_true(caps: EmulatorCapabilities, stamp: CacheStamp, host: HostState) -> bool:
    """Whether capabilities that were probed earlier hold for the binary and the host as they are now."""
    if not caps.native(host.arch):
        return _unaccelerated(caps.stamp) == _unaccelerated(stamp)
    if host.kvm_usable != ("kvm" in caps):
        return False
    return with_host(caps, stamp, host) == caps


def _unaccelerated(stamp: CacheStamp) -> CacheStamp:
    return replace(stamp, microcode=0, cpu_signature=None, kernel=None)


def _file_name(binary: str) -> str:
    return f"{hashlib.sha256(binary.encode()).hexdigest()}.xml"
