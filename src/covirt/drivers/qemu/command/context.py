# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the command line is made of: the guest, its emulator, the settings, and what was made ready on the host.

`Prepared` is filled when a guest is started, before the command line is built. Nothing here looks at the host.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.command.argv import Argv
from covirt.drivers.qemu.command.props import Props
from covirt.drivers.qemu.machine import Machine
from covirt.drivers.qemu.settings import QemuSettings
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.sysinfo import SmbiosInfo
from covirt.values import CpuSet

MASTER_KEY = "masterKey0"
"""The name of the key that all secrets of a guest are encrypted with."""


class EncryptedSecret(NamedTuple):
    """A secret under the guest's master key (AES-256-CBC), data and initialization vector in base64."""

    data: str
    iv: str


class PassedFile(NamedTuple):
    """A descriptor that QEMU gets, and the word by which it can be recognized later."""

    number: int
    word: str


@dataclass(frozen=True, slots=True)
class DescriptorSet:
    """Descriptors that QEMU opens as one file."""

    id: int
    files: tuple[PassedFile, ...]
    writable: bool = True
    """Was it opened for writing, when a client passed it in?"""

    @property
    def path(self) -> str:
        """The file name that stands for the set."""
        return f"/dev/fdset/{self.id}"


@dataclass(slots=True, kw_only=True)
class Prepared:
    """What was made ready on the host for one run of a guest; `alias` is always that of a device.

    Descriptors by name, passed directly: `monitor`, `ALIAS` (a listening socket of a character device, vhost-vsock,
    vhost-scsi), `ALIAS-slirp`, `ALIAS-vhost-user` (of a video card). Taps and vhost-net have lists of their own.
    Sets by name: `ALIAS-source`, `ALIAS-log` (files of character devices), `ALIAS-vdpa`, `ALIAS-tpm`, `ALIAS-cancel`,
    and the name of a storage node (`libvirt-1-storage`) for disks that clients pass in or that vDPA serves.
    """

    directory: str
    """The guest's own directory, with its master key and sockets."""
    memory_directory: str
    """Where files behind the guest's memory are."""
    environment: dict[str, str] = field(default_factory=dict)
    """All of the process environment that does not come from the guest."""
    inherited: dict[str, str] = field(default_factory=dict)
    """The driver's own environment; audio back ends look into it."""
    now: datetime
    """The time of the start, in UTC."""
    local_offset: int = 0
    """Seconds that local time is ahead of UTC."""
    huge_pages: dict[int, str] = field(default_factory=dict)
    """The guest's directory on the file system of each size of huge pages (KiB)."""
    default_huge_page: int | None = None
    page_size: int = 4
    """The host's usual size of pages in KiB."""
    numa_advice: CpuSet | None = None
    """The host nodes for guests that are placed automatically."""
    host_nodes: CpuSet | None = None
    """The host's NUMA nodes, when it has such."""
    cpu_nodes: dict[int, int] = field(default_factory=dict)
    """The node of each CPU of the host."""
    host_smbios: SmbiosInfo | None = None
    incoming: str | None = None
    """Where the guest's state comes from (`defer`, `fd:27`, ...), when it does not boot."""

    descriptors: dict[str, int] = field(default_factory=dict)
    sets: dict[str, DescriptorSet] = field(default_factory=dict)
    taps: dict[str, list[int]] = field(default_factory=dict)
    vhost_nets: dict[str, list[int]] = field(default_factory=dict)
    sockets: dict[str, str] = field(default_factory=dict)
    """Sockets of helper programs by alias: software TPM, virtiofsd, passt; by storage node: nbdkit."""
    secrets: dict[str, EncryptedSecret] = field(default_factory=dict)
    """By the name of the secret object, see `secrets.needed`."""
    nodes: dict[str, str] = field(default_factory=dict)
    """Block nodes that are not in the definition: by alias of a SCSI host device, by `ALIAS/GROUP` of a filter."""
    scsi_generic: dict[str, str] = field(default_factory=dict)
    """The device node of SCSI host devices, by alias."""
    host_cdroms: frozenset[str] = frozenset()
    """Block devices that are CD drives of the host."""
    vmstate_bus: str | None = None
    """The address of the bus on which helper programs give and take their part of the guest's state."""
    certificates: dict[str, str] = field(default_factory=dict)
    """The directory with certificates for `vnc`, `spice`, `chardev`, `nbd`, `vxhs`."""

    def add_set(self, name: str, *files: PassedFile, writable: bool = True) -> DescriptorSet:
        """Give descriptors to QEMU under one file name, with the next free number."""
        number = max((known.id for known in self.sets.values()), default=-1) + 1
        self.sets[name] = DescriptorSet(number, files, writable)
        return self.sets[name]


@dataclass(slots=True, kw_only=True)
class Build:
    """One command line under construction."""

    guest: DomainDefinition
    """The live definition: complete, with aliases, addresses, ports, paths, numbered images."""
    caps: EmulatorCapabilities
    settings: QemuSettings
    machine: Machine
    argv: Argv
    prepared: Prepared
    host_arch: str
    preallocated: bool = False
    """All memory is allocated at the start by one option, so that single back ends need not do it."""
    thread_contexts: list[str] = field(default_factory=list)
    """Helper objects that can be deleted once the guest has its memory."""
    shown_sets: set[int] = field(default_factory=set)

    def require(self, flag: str, message: str) -> None:
        """Refuse what this QEMU does not have."""
        if flag not in self.caps:
            raise ConfigUnsupported(message)

    def pass_set(self, name: str) -> DescriptorSet | None:
        """Hand a set of descriptors to QEMU, once; None when there is none of that name."""
        found = self.prepared.sets.get(name)
        if found is not None and found.id not in self.shown_sets:
            self.shown_sets.add(found.id)
            for file in found.files:
                self.argv.add("-add-fd", f"set={found.id},fd={file.number},opaque={file.word}")
        return found

    def secret(self, alias: str) -> Props:
        """The object of a secret, to be created before its user."""
        try:
            secret = self.prepared.secrets[alias]
        except KeyError:
            raise InternalError(f"secret '{alias}' was not prepared") from None
        return {
            "qom-type": "secret",
            "id": alias,
            "data": secret.data,
            "keyid": MASTER_KEY,
            "iv": secret.iv,
            "format": "base64",
        }

    def audio_id(self, number: int | None) -> str:
        """The name of an audio back end; without a number, of the first one."""
        for audio in self.guest.devices.audios:
            if not number or audio.id == number:
                return f"audio{audio.id}"
        raise InternalError("unable to find audio backend for sound device")


def tls_credentials(directory: str, alias: str, *, listen: bool, verify: bool, secret: str | None = None) -> Props:
    """The object with the certificates of one end of TLS connections."""
    made: Props = {
        "qom-type": "tls-creds-x509",
        "id": alias,
        "dir": directory,
        "endpoint": "server" if listen else "client",
        "verify-peer": verify if listen else True,
    }
    return made | {"passwordid": secret} if secret else made
