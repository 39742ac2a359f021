# SPDX-License-Identifier: LGPL-2.1-or-later
"""The simulated start of a QEMU guest: everything up to the command line, with the numbers of the recorded machine."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from covirt import xml
from covirt.drivers.qemu.capabilities.host_model import HostModels, host_models
from covirt.drivers.qemu.command.argv import Argv
from covirt.drivers.qemu.command.build import build_command, new_build
from covirt.drivers.qemu.command.context import EncryptedSecret, PassedFile, Prepared
from covirt.drivers.qemu.devices.interface import TAP_TYPES, wants_vhost_net
from covirt.drivers.qemu.ready import nbdkit
from covirt.drivers.qemu.ready.blocks import numbered
from covirt.drivers.qemu.ready.channels import character_devices
from covirt.drivers.qemu.ready.definition import Starting, make_ready
from covirt.drivers.qemu.ready.secrets import Need, needed
from covirt.drivers.qemu.ready.volumes import FoundVolume
from covirt.errors import ConfigUnsupported, NoSuchNetwork, NoSuchSecret, NoSuchStoragePool, NoSuchStorageVol
from covirt.model.common.storage_source import (
    BackingStore,
    BlockLocation,
    FileLocation,
    StorageSource,
    VhostVdpaLocation,
)
from covirt.model.domain.address import UnassignedAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.chardev import FileChardev, UnixChardev
from covirt.model.domain.devices.connections import (
    ActualBridge,
    ActualConnection,
    ActualNetwork,
    HostdevConnection,
    HostPciAddress,
    NetworkConnection,
)
from covirt.model.domain.devices.disk_parts import DiskDevice
from covirt.model.domain.devices.hostdev_sources import ScsiHostdev, ScsiHostHostdev
from covirt.model.domain.devices.interface_parts import ActualInterface
from covirt.model.domain.devices.tpm import EmulatorTpm, PassthroughTpm
from covirt.model.domain.devices.video import VideoBackend
from covirt.model.network.definition import NetworkDefinition
from covirt.model.storage.pool import StoragePoolDefinition
from covirt.runtime.roots import short_name
from covirt.testing.corpus.environment import (
    INITIALIZATION_VECTOR,
    MASTER_KEY,
    PROCESS_ENVIRONMENT,
    QEMU_CPUS,
    SECRET_VALUE,
    TIME,
)
from covirt.testing.corpus.qemu_host import QemuHost
from covirt.testing.corpus.suites.domain_capabilities import host_cpu
from covirt.values import CpuSet
from covirt.xml import Element
from covirt.xml.reader import read

LISTENING = 1729
CHARDEV_FILE, CHARDEV_LOG = 1750, 1751
TPM, TPM_CANCEL, VDPA_NET = 1730, 1731, 1732
VHOST_VSOCK, AUTOMATIC_CID = 6789, 42
VHOST_SCSI = FIRST_TAP = 3
FIRST_BRIDGE_TAP = 102
FIRST_VHOST_NET = 44
SLIRP = 42
LIBRARY = "/var/lib/libvirt/qemu"
HUGE_PAGES = {2048: "/dev/hugepages2M", 1048576: "/dev/hugepages1G"}


class FixedPorts:
    """The ports of a start that allocates none."""

    def vnc(self) -> int:
        """The first VNC display."""
        return 5900

    def spice(self) -> int:
        """The one without TLS."""
        return 5901

    def spice_tls(self) -> int:
        """The one for TLS."""
        return 5902

    def websocket(self) -> int:
        """The first for web sockets."""
        return 5700

    def rdp(self) -> int:
        """The first for remote desktops."""
        return 3389


class SimulatedStart:
    """One case's start."""

    def __init__(self, host: QemuHost, guest: DomainDefinition) -> None:
        self.host, self.guest = host, guest
        self.options = host.case.options
        self.name = short_name(-1, guest.name)
        self.settings = host.settings
        self.directory = f"{LIBRARY}/domain-{self.name}"

    def command(self) -> Argv:
        """The command line."""
        starting = self._starting()
        self._connect_networks()
        make_ready(self.guest, starting)
        prepared = self._prepared(starting)
        host_arch = starting.host_arch
        build = new_build(self.guest, starting.caps, self.settings, prepared, host_arch)
        for need in needed(build):
            prepared.secrets[need.alias] = encrypted(need)
        return build_command(self.guest, starting.caps, self.settings, prepared, host_arch)

    def _starting(self) -> Starting:
        return Starting(
            caps=self.host.caps,
            settings=self.settings,
            host_arch=self.options.get("host_arch", "x86_64"),
            directory=self.directory,
            channels=f"/var/run/libvirt/qemu/channel/{self.name}",
            dbus=f"/var/run/libvirt/qemu/dbus/{self.name}-dbus.sock",
            ports=FixedPorts(),
            host_models=self._host_models,
            render_node=lambda: "/dev/dri/foo",
            network_address=self._network_address,
            host_pci=self.host.pci,
            choose_firmware=self.host.choose_firmware_again,
            find_volume=self._find_volume,
            new="migrate_from" not in self.options,
        )

    def _host_models(self) -> HostModels | None:
        arch = self.options.get("host_arch", "x86_64")
        told = self.options.get("host_cpu")
        name = told or QEMU_CPUS.get(arch)
        caps, kind = self.host.caps, self.guest.type
        if name is None:
            return host_models(caps, kind, arch, _no_processor)
        if told:
            # The case's processor takes the place of what QEMU would say of the host's.
            caps = caps.with_acceleration(kind, replace(caps.acceleration(kind), host_cpu=None))
        cpu = host_cpu(self.host.environment.host_cpus[_entry(name)])
        return host_models(caps, kind, arch, lambda _: cpu)

    # Networks and storage

    def _connect_networks(self) -> None:
        """A network is named by its definition and by what the port in it is like."""
        for card in self.guest.devices.interfaces:
            if isinstance(card.connection, NetworkConnection):
                _, separator, port = (card.connection.network or "").partition(";")
                if not separator:
                    raise NoSuchNetwork(f"Network not found: no network with matching name '{card.connection.network}'")
                text = self.host.environment.data(f"virnetworkportxml2xmldata/{port}.xml").read_text(encoding="utf-8")
                card.actual = ActualInterface(connection=_plugged(read(text)[0]))

    def _network_address(self, name: str) -> str:
        path = self.host.environment.data(f"networkxml2xmlin/{name.partition(';')[0]}.xml")
        definition = xml.parse(NetworkDefinition, path.read_text(encoding="utf-8")).value
        return str(definition.ips[0].address)

    def _find_volume(self, pool: str, volume: str) -> FoundVolume:
        if pool == "inactive":
            raise ConfigUnsupported(f"storage pool '{pool}' containing volume '{volume}' is not active")
        path = self.host.environment.data(f"storagepoolxml2xmlout/{pool}.xml")
        if not path.exists():
            raise NoSuchStoragePool(f"no storage pool with matching name '{pool}'")
        if volume == "nonexistent":
            raise NoSuchStorageVol(f"no storage vol with matching name '{volume}'")
        kind, separator, name = volume.partition("+")
        kind, name = (kind, name) if separator else ("block", volume)
        definition = xml.parse(StoragePoolDefinition, path.read_text(encoding="utf-8")).value
        return FoundVolume(pool=definition, type=kind, path=f"/some/{kind}/device/{name}")

    # What was made ready on the host

    def _prepared(self, starting: Starting) -> Prepared:
        home = self.directory
        inherited = PROCESS_ENVIRONMENT | self.options.get("env", {})
        environment = {"LC_ALL": "C", "PATH": inherited["PATH"], "HOME": home} | {
            "USER": inherited["USER"],
            "LOGNAME": inherited["LOGNAME"],
            "XDG_DATA_HOME": f"{home}/.local/share",
            "XDG_CACHE_HOME": f"{home}/.cache",
            "XDG_CONFIG_HOME": f"{home}/.config",
        }
        prepared = Prepared(
            directory=home,
            memory_directory=f"{LIBRARY}/ram/{self.name}",
            environment=environment,
            inherited=inherited,
            now=datetime.fromtimestamp(TIME, UTC),
            local_offset=-1800,
            huge_pages={size: f"{mount}/libvirt/qemu/{self.name}" for size, mount in HUGE_PAGES.items()},
            default_huge_page=2048,
            numa_advice=CpuSet(range(4)),
            host_nodes=CpuSet(range(4)),
            cpu_nodes={cpu: cpu // 4 for cpu in range(16)},
            incoming=self._incoming(),
            nodes=starting.nodes,
            certificates={name: f"/etc/pki/libvirt-{name}" for name in ("vnc", "spice", "chardev", "vxhs", "nbd")},
            host_cdroms=frozenset({"/dev/cdrom"}),
        )
        if self.settings.storage_use_nbdkit:
            plugins = [word.removeprefix("plugin-") for word in self.options.get("nbdkit_caps", ())]
            for node, _ in nbdkit.served(self.guest, plugins):
                prepared.sockets[node] = nbdkit.socket_path(home, node)
        self._open_disks(prepared)
        self._open_character_devices(prepared)
        self._open_interfaces(prepared)
        self._open_others(prepared)
        return prepared

    def _incoming(self) -> str | None:
        """Where a migrating guest's state comes from; the stream of a saved one is a descriptor."""
        told: str | None = self.options.get("migrate_from")
        return f"fd:{self.options['migrate_fd']}" if told == "stdio" else told

    def _open_disks(self, prepared: Prepared) -> None:
        groups = {group["name"]: group for group in self.options.get("fd_groups", ())}
        vdpa: Mapping[str, int] = self.options.get("vdpa_fds", {})
        for disk in reversed(self.guest.devices.disks):
            for image in numbered(disk):
                source = image.source if isinstance(image, BackingStore) else image
                if source is None:
                    continue
                node = f"libvirt-{image.index}-storage"
                if group := _group(source):
                    found = groups[group]
                    files = [PassedFile(fd, f"{node}{place}") for place, fd in enumerate(found["fds"])]
                    prepared.add_set(node, *files, writable=found["writable"])
        for disk in self.guest.devices.disks:
            if isinstance(disk.source.actual, VhostVdpaLocation):
                node = f"libvirt-{disk.source.index}-storage"
                prepared.add_set(node, PassedFile(vdpa[disk.source.actual.device], f"{node}-vdpa"))
            if disk.device is not DiskDevice.CDROM and isinstance(disk.source.actual, BlockLocation):
                prepared.host_cdroms -= {disk.source.actual.path or ""}

    def _open_character_devices(self, prepared: Prepared) -> None:
        prepared.descriptors["monitor"] = LISTENING
        for alias, source in character_devices(self.guest):
            if isinstance(source, UnixChardev) and source.listen:
                prepared.descriptors[alias] = LISTENING
            if isinstance(source, FileChardev):
                prepared.add_set(f"{alias}-source", PassedFile(CHARDEV_FILE, f"{alias}-source"))
            if source.log and source.log.file:
                prepared.add_set(f"{alias}-log", PassedFile(CHARDEV_LOG, f"{alias}-log"))

    def _open_interfaces(self, prepared: Prepared) -> None:
        for card in self.guest.devices.interfaces:
            alias, kind = str(card.info.alias), card.actual_type
            count = card.driver.queues or 1
            if kind in TAP_TYPES:
                first = FIRST_BRIDGE_TAP if kind in ("network", "bridge") else FIRST_TAP
                prepared.taps[alias] = [first + place for place in range(count)]
                # The recorded machine's vhost does not depend on KVM.
                if wants_vhost_net(card, self.guest.os.arch or "", kvm=True):
                    prepared.vhost_nets[alias] = [FIRST_VHOST_NET + place for place in range(count)]
            elif kind == "vdpa":
                prepared.add_set(f"{alias}-vdpa", PassedFile(VDPA_NET, f"{alias}-vdpa"))
            elif card.backend.passt:
                prepared.sockets[alias] = f"/var/run/libvirt/qemu/passt/{self.name}-{alias}.socket"
            elif kind == "user" and self.options.get("slirp_helper"):
                prepared.descriptors[f"{alias}-slirp"] = SLIRP

    def _open_others(self, prepared: Prepared) -> None:
        devices = self.guest.devices
        for tpm in devices.tpms:
            alias = str(tpm.info.alias)
            if isinstance(tpm.backend, PassthroughTpm):
                prepared.add_set(f"{alias}-tpm", PassedFile(TPM, f"{alias}-tpm"))
                prepared.add_set(f"{alias}-cancel", PassedFile(TPM_CANCEL, f"{alias}-cancel"))
            elif isinstance(tpm.backend, EmulatorTpm):
                prepared.sockets[alias] = "/dev/test"
        for video in devices.videos:
            if video.driver.name is VideoBackend.VHOSTUSER:
                prepared.descriptors[f"{video.info.alias}-vhost-user"] = LISTENING
        for hostdev in devices.hostdevs:
            if isinstance(hostdev.source, ScsiHostHostdev) and not isinstance(hostdev.info.address, UnassignedAddress):
                prepared.descriptors[str(hostdev.info.alias)] = VHOST_SCSI
            elif isinstance(hostdev.source, ScsiHostdev):
                prepared.scsi_generic[str(hostdev.info.alias)] = "/dev/sg0"
        if devices.vsock:
            if devices.vsock.auto:
                devices.vsock.cid = AUTOMATIC_CID
            prepared.descriptors[str(devices.vsock.info.alias)] = VHOST_VSOCK


def _group(source: StorageSource) -> str | None:
    return source.actual.fdgroup if isinstance(source.actual, FileLocation) else None


def _entry(name: str) -> str:
    """The entry of the table of processors: `POWER9` is `cpuPower9`."""
    return name if name.startswith("cpu") else f"cpu{name.capitalize()}"


def _plugged(port: Element) -> ActualConnection:
    """What a port of a network is plugged into."""
    plug = port.child("plug")
    assert plug is not None
    match plug.attributes["type"]:
        case "bridge":
            return ActualBridge(bridge=plug.attributes["bridge"])
        case "network":
            return ActualNetwork(bridge=plug.attributes["bridge"])
    place = plug.child("address")
    assert place is not None
    numbers: dict[str, Any] = {name: int(text, 16) for name, text in place.attributes.items()}
    managed = plug.attributes.get("managed") == "yes"
    return HostdevConnection(managed=managed, address=HostPciAddress(**numbers))


def _no_processor(models: object) -> Any:
    raise ConfigUnsupported("the host's processor is not known")


def encrypted(need: Need) -> EncryptedSecret:
    """A secret under the simulated master key."""
    lookup = need.lookup
    if lookup and lookup.usage and not _known(need.usage, lookup.usage):
        raise NoSuchSecret(f"no secret with matching usage '{lookup.usage}'")
    padder = PKCS7(128).padder()
    padded = padder.update(need.value or SECRET_VALUE) + padder.finalize()
    encryptor = Cipher(algorithms.AES(MASTER_KEY), modes.CBC(INITIALIZATION_VECTOR)).encryptor()
    data = encryptor.update(padded) + encryptor.finalize()
    return EncryptedSecret(b64encode(data).decode(), b64encode(INITIALIZATION_VECTOR).decode())


def _known(usage: str, name: str) -> bool:
    if usage == "volume":
        return name.startswith("/storage/guest_disks/")
    return name in ("mycluster_myname", "client.admin secret")
