# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where everything lies: libvirt's directories for the system, for a user's session, or below one root.

Each directory is declared once with its place below five bases; a person who packages covirt changes the bases, and
any single directory can be replaced (`dataclasses.replace`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Annotated, TypeVar, get_args, get_type_hints

D = TypeVar("D")


class RootKind(Enum):
    """For whom the directories are."""

    SYSTEM = "system"
    SESSION = "session"
    EMBED = "embed"


class Place:
    """Below which base a directory lies: `{config}`, `{run}`, `{lib}`, `{cache}`, `{log}` or `{data}`.

    Where a session or an embedded driver differs, that is said; else it is as before.
    """

    def __init__(self, system: str, session: str | None = None, embed: str | None = None) -> None:
        session = session or system
        self.patterns = {RootKind.SYSTEM: system, RootKind.SESSION: session, RootKind.EMBED: embed or session}


@dataclass(frozen=True, kw_only=True, slots=True)
class QemuRoots:
    """Directories of the QEMU driver."""

    config: Annotated[Path, Place("{config}/qemu")]
    autostart: Annotated[Path, Place("{config}/qemu/autostart")]
    state: Annotated[Path, Place("{run}/qemu", "{run}/qemu/run", "{run}/qemu")]
    log: Annotated[Path, Place("{log}/qemu", "{cache}/qemu/log", "{log}/qemu")]
    cache: Annotated[Path, Place("{cache}/qemu", "{cache}/qemu/cache", "{cache}/qemu")]
    lib: Annotated[Path, Place("{lib}/qemu", "{config}/qemu/lib", "{lib}/qemu")]
    save: Annotated[Path, Place("{lib}/qemu/save", "{config}/qemu/save", "{lib}/qemu/save")]
    snapshot: Annotated[Path, Place("{lib}/qemu/snapshot", "{config}/qemu/snapshot", "{lib}/qemu/snapshot")]
    checkpoint: Annotated[Path, Place("{lib}/qemu/checkpoint", "{config}/qemu/checkpoint", "{lib}/qemu/checkpoint")]
    dump: Annotated[Path, Place("{lib}/qemu/dump", "{config}/qemu/dump", "{lib}/qemu/dump")]
    nvram: Annotated[Path, Place("{lib}/qemu/nvram", "{config}/qemu/nvram", "{lib}/qemu/nvram")]
    ram: Annotated[Path, Place("{lib}/qemu/ram", "{config}/qemu/ram", "{lib}/qemu/ram")]
    channel_target: Annotated[Path, Place("{run}/qemu/channel", "{run}/qemu/run/channel", "{run}/qemu/channel")]
    slirp: Annotated[Path, Place("{run}/qemu/slirp", "{run}/qemu/run/slirp", "{run}/qemu/slirp")]
    passt: Annotated[Path, Place("{run}/qemu/passt", "{run}/qemu/run/passt", "{run}/qemu/passt")]
    dbus: Annotated[Path, Place("{run}/qemu/dbus", "{run}/qemu/run/dbus", "{run}/qemu/dbus")]
    rdp: Annotated[Path, Place("{run}/qemu/rdp", "{run}/qemu/run/rdp", "{run}/qemu/rdp")]
    swtpm_storage: Annotated[Path, Place("{lib}/swtpm", "{config}/qemu/swtpm", "{lib}/swtpm")]
    swtpm_state: Annotated[Path, Place("{run}/qemu/swtpm", "{run}/qemu/run/swtpm", "{run}/swtpm")]
    swtpm_log: Annotated[Path, Place("{log}/../swtpm/libvirt/qemu", "{cache}/qemu/log", "{log}/swtpm")]


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkRoots:
    """Directories of the network driver."""

    config: Annotated[Path, Place("{config}/qemu/networks")]
    autostart: Annotated[Path, Place("{config}/qemu/networks/autostart")]
    state: Annotated[Path, Place("{run}/network", "{run}/network/lib", "{run}/network")]
    pid: Annotated[Path, Place("{run}/network", "{run}/network/run", "{run}/network")]
    dnsmasq: Annotated[Path, Place("{lib}/dnsmasq", "{run}/dnsmasq/lib", "{lib}/dnsmasq")]


@dataclass(frozen=True, kw_only=True, slots=True)
class StorageRoots:
    """Directories of the storage driver."""

    config: Annotated[Path, Place("{config}/storage")]
    autostart: Annotated[Path, Place("{config}/storage/autostart")]
    state: Annotated[Path, Place("{run}/storage", "{run}/storage/run", "{run}/storage")]
    default_pool: Annotated[Path, Place("{lib}/images", "{data}/images", "{lib}/images")]


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretRoots:
    """Directories of the secret driver."""

    config: Annotated[Path, Place("{config}/secrets")]
    state: Annotated[Path, Place("{run}/secrets", "{run}/secrets/run", "{run}/secrets")]


@dataclass(frozen=True, kw_only=True, slots=True)
class NWFilterRoots:
    """Directories of the network filter driver; libvirt has it for the system only."""

    config: Annotated[Path, Place("{config}/nwfilter")]
    state: Annotated[Path, Place("{run}/nwfilter")]
    bindings: Annotated[Path, Place("{run}/nwfilter-binding")]
    leases: Annotated[Path, Place("{run}/network/nwfilter.leases")]


@dataclass(frozen=True, kw_only=True, slots=True)
class InterfaceRoots:
    """Directories of the host interface driver."""

    state: Annotated[Path, Place("{run}/interface", "{run}/interface/run", "{run}/interface")]


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeDeviceRoots:
    """Directories of the node device driver."""

    state: Annotated[Path, Place("{run}/nodedev", "{run}/nodedev/run", "{run}/nodedev")]


@dataclass(frozen=True, kw_only=True, slots=True)
class LxcRoots:
    """Directories of the container driver; libvirt has it for the system only."""

    config: Annotated[Path, Place("{config}/lxc")]
    autostart: Annotated[Path, Place("{config}/lxc/autostart")]
    state: Annotated[Path, Place("{run}/lxc")]
    log: Annotated[Path, Place("{log}/lxc")]


@dataclass(frozen=True, kw_only=True, slots=True)
class XenRoots:
    """Directories of the Xen driver; libvirt has it for the system only."""

    config: Annotated[Path, Place("{config}/libxl")]
    autostart: Annotated[Path, Place("{config}/libxl/autostart")]
    state: Annotated[Path, Place("{run}/libxl")]
    log: Annotated[Path, Place("{log}/libxl")]
    lib: Annotated[Path, Place("{lib}/libxl")]
    save: Annotated[Path, Place("{lib}/libxl/save")]
    dump: Annotated[Path, Place("{lib}/libxl/dump")]
    channel_target: Annotated[Path, Place("{lib}/libxl/channel/target")]


@dataclass(frozen=True, kw_only=True, slots=True)
class BhyveRoots:
    """Directories of the bhyve driver; libvirt has it for the system only."""

    config: Annotated[Path, Place("{config}/bhyve")]
    autostart: Annotated[Path, Place("{config}/bhyve/autostart")]
    state: Annotated[Path, Place("{run}/bhyve")]
    log: Annotated[Path, Place("{log}/bhyve")]


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudHypervisorRoots:
    """Directories of the Cloud Hypervisor driver."""

    log: Annotated[Path, Place("{log}/ch", "{cache}/ch/log", "{log}/ch")]
    state: Annotated[Path, Place("{run}/ch", "{run}/ch/run", "{run}/ch")]
    save: Annotated[Path, Place("{lib}/ch/save", "{config}/ch/save", "{lib}/ch/save")]


@dataclass(frozen=True, kw_only=True, slots=True)
class CommonRoots:
    """What the drivers of a daemon share."""

    settings: Annotated[Path, Place("{config}")]
    sockets: Annotated[Path, Place("{run}")]
    log: Annotated[Path, Place("{log}", "{cache}", "{log}")]
    hooks: Annotated[Path, Place("{config}/hooks")]
    hostdev: Annotated[Path, Place("{run}/hostdevmgr", "{config}/hostdevmgr", "{run}/hostdevmgr")]
    identity: Annotated[Path, Place("{run}/common")]
    leases: Annotated[Path, Place("{lib}/lockd/files")]


@dataclass(frozen=True, kw_only=True)
class Roots:
    """The bases, and from them the directories of each driver."""

    kind: RootKind
    config: Path
    run: Path
    lib: Path
    cache: Path
    log: Path
    data: Path

    @classmethod
    def system(cls, *, sysconf: Path = Path("/etc"), run: Path = Path("/run"), var: Path = Path("/var")) -> Roots:
        """Those of the daemon of the system."""
        return cls(
            kind=RootKind.SYSTEM,
            config=sysconf / "libvirt",
            run=run / "libvirt",
            lib=var / "lib/libvirt",
            cache=var / "cache/libvirt",
            log=var / "log/libvirt",
            data=var / "lib/libvirt",
        )

    @classmethod
    def session(cls, env: Mapping[str, str] | None = None) -> Roots:
        """Those of a user, as the XDG variables say; without XDG_RUNTIME_DIR what is short-lived goes to the cache."""
        env = os.environ if env is None else env
        home = Path(env.get("HOME") or os.path.expanduser("~"))
        config = Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "libvirt"
        cache = Path(env.get("XDG_CACHE_HOME") or home / ".cache")
        return cls(
            kind=RootKind.SESSION,
            config=config,
            run=Path(env.get("XDG_RUNTIME_DIR") or cache) / "libvirt",
            lib=config,
            cache=cache / "libvirt",
            log=cache / "libvirt",
            data=Path(env.get("XDG_DATA_HOME") or home / ".local/share") / "libvirt",
        )

    @classmethod
    def embed(cls, root: Path) -> Roots:
        """Those of a driver inside a program, all below one directory."""
        return cls(
            kind=RootKind.EMBED,
            config=root / "etc",
            run=root / "run",
            lib=root / "lib",
            cache=root / "cache",
            log=root / "log",
            data=root / "lib",
        )

    @classmethod
    def choose(cls, *, privileged: bool, root: Path | None = None) -> Roots:
        """Those that belong to a connection: below `root` when it is embedded, else the system's or the user's."""
        if root is not None:
            return cls.embed(root)
        return cls.system() if privileged else cls.session()

    @cached_property
    def qemu(self) -> QemuRoots:
        """Directories of the QEMU driver."""
        return self._place(QemuRoots)

    @cached_property
    def network(self) -> NetworkRoots:
        """Directories of the network driver."""
        return self._place(NetworkRoots)

    @cached_property
    def storage(self) -> StorageRoots:
        """Directories of the storage driver."""
        return self._place(StorageRoots)

    @cached_property
    def secret(self) -> SecretRoots:
        """Directories of the secret driver."""
        return self._place(SecretRoots)

    @cached_property
    def nwfilter(self) -> NWFilterRoots:
        """Directories of the network filter driver."""
        return self._place(NWFilterRoots)

    @cached_property
    def interface(self) -> InterfaceRoots:
        """Directories of the host interface driver."""
        return self._place(InterfaceRoots)

    @cached_property
    def nodedev(self) -> NodeDeviceRoots:
        """Directories of the node device driver."""
        return self._place(NodeDeviceRoots)

    @cached_property
    def lxc(self) -> LxcRoots:
        """Directories of the container driver."""
        return self._place(LxcRoots)

    @cached_property
    def libxl(self) -> XenRoots:
        """Directories of the Xen driver."""
        return self._place(XenRoots)

    @cached_property
    def bhyve(self) -> BhyveRoots:
        """Directories of the bhyve driver."""
        return self._place(BhyveRoots)

    @cached_property
    def ch(self) -> CloudHypervisorRoots:
        """Directories of the Cloud Hypervisor driver."""
        return self._place(CloudHypervisorRoots)

    @cached_property
    def common(self) -> CommonRoots:
        """What the drivers share."""
        return self._place(CommonRoots)

    def _place(self, kind: type[D]) -> D:
        bases = {name: str(getattr(self, name)) for name in ("config", "run", "lib", "cache", "log", "data")}
        hints = get_type_hints(kind, include_extras=True)
        patterns = {name: get_args(hint)[1].patterns[self.kind] for name, hint in hints.items()}
        return kind(**{name: Path(os.path.normpath(text.format(**bases))) for name, text in patterns.items()})


def short_name(number: int, name: str, limit: int = 20) -> str:
    """The name of a running guest in paths: its number and the beginning of its name."""
    return f"{number}-{name[:limit]}"
