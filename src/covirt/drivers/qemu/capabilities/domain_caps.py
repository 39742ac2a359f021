# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domain capabilities of a QEMU binary: for each kind of device the values it can have, one line each.

The values stand in libvirt's order. What a value needs is a capability flag, a test of the machine, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from covirt.drivers.qemu.capabilities.cpu_support import cpu_modes
from covirt.drivers.qemu.capabilities.emulator import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.host_model import HostModels
from covirt.drivers.qemu.firmware import FirmwareSupport
from covirt.drivers.qemu.firmware.description import Interface
from covirt.drivers.qemu.machine import S390, X86, Machine
from covirt.model.domain_capabilities.document import (
    Boot,
    Devices,
    DomainCapabilities,
    Features,
    Loader,
    Part,
)
from covirt.model.domain_capabilities.enums import CapsEnum
from covirt.model.domain_capabilities.security import SevSupport, SgxSectionSize, SgxSupport


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSupport:
    """What the host adds to what QEMU can do."""

    arch: str
    models: HostModels | None = None
    address_bits: int = 0
    kvm_max_vcpus: int = 0
    firmware: FirmwareSupport = field(default_factory=lambda: FirmwareSupport(frozenset(), False, ()))
    loaders: Sequence[str] = ()
    """Firmware images to be told, those that exist."""
    vfio: bool = False
    tpm_versions: frozenset[str] | None = None
    """What swtpm can emulate; None without swtpm."""
    rdp: bool = False
    sev_guests: tuple[int, int] = (0, 0)
    """How many encrypted guests there can be, with plain and with encrypted registers."""


@dataclass(frozen=True, slots=True)
class _Question:
    """One binary with one machine on one host."""

    caps: EmulatorCapabilities
    machine: Machine
    host: HostSupport


_Need = str | Callable[[_Question], bool] | None
_Values = dict[str, _Need]

_TRANSITIONAL = "virtio-pci-non-transitional"


def _any(*flags: str) -> Callable[[_Question], bool]:
    """Any of these flags."""
    return lambda question: any(flag in question.caps for flag in flags)


def _all(*flags: str) -> Callable[[_Question], bool]:
    """All of these flags."""
    return lambda question: question.caps.has(*flags)


def _swtpm(*flags: str) -> Callable[[_Question], bool]:
    """swtpm and all of these flags."""
    return lambda question: question.host.tpm_versions is not None and question.caps.has(*flags)


_USB_CONTROLLERS = (
    "piix3-usb-uhci", "piix4-usb-uhci", "usb-ehci", "ich9-usb-ehci1", "vt82c686b-usb-uhci", "pci-ohci",
    "nec-usb-xhci", "qemu-xhci",
)  # fmt: skip

_PARTS: dict[str, dict[str, _Values]] = {
    "memory_backing": {
        "sourceType": {"file": None, "anonymous": None, "memfd": "memory-backend-memfd"},
    },
    "disk": {
        "diskDevice": {"disk": None, "cdrom": None, "floppy": lambda q: not q.machine.pseries, "lun": None},
        "bus": {
            "ide": lambda q: q.machine.builtin_ide,
            "fdc": lambda q: not q.machine.pseries,
            "scsi": None,
            "virtio": None,
            "usb": "usb-storage",
            "sata": "ich9-ahci",
        },
        "model": {
            "virtio": None,
            "virtio-transitional": _TRANSITIONAL,
            "virtio-non-transitional": _TRANSITIONAL,
        },
    },
    "graphics": {
        "type": {
            "sdl": "sdl",
            "vnc": "vnc",
            "rdp": lambda q: q.host.rdp and "display-dbus" in q.caps,
            "spice": "spice",
            "egl-headless": "egl-headless",
            "dbus": "display-dbus",
        },
    },
    "video": {
        "modelType": {
            "vga": "VGA",
            "cirrus": "cirrus-vga",
            "vmvga": "vmware-svga",
            "qxl": "qxl",
            "virtio": "virtio-gpu",
            "none": None,
            "bochs": "bochs-display",
            "ramfb": "ramfb",
        },
    },
    "hostdev": {
        "mode": {"subsystem": None},
        "startupPolicy": {"default": None, "mandatory": None, "requisite": None, "optional": None},
        "subsysType": {"usb": _any(*_USB_CONTROLLERS), "pci": None, "scsi": None},
        "capsType": {},
        "pciBackend": {
            "default": lambda q: q.host.vfio and "vfio-pci" in q.caps,
            "vfio": lambda q: q.host.vfio and "vfio-pci" in q.caps,
        },
    },
    "rng": {
        "model": {
            "virtio": "virtio-rng",
            "virtio-transitional": _all("virtio-rng", _TRANSITIONAL),
            "virtio-non-transitional": _all("virtio-rng", _TRANSITIONAL),
        },
        "backendModel": {"random": "rng-random", "egd": "rng-egd", "builtin": "rng-builtin"},
    },
    "filesystem": {
        "driverType": {"path": None, "handle": None, "virtiofs": "vhost-user-fs"},
    },
    "tpm": {
        "model": {
            "tpm-tis": "tpm-tis",
            "tpm-crb": "tpm-crb",
            "tpm-spapr": "tpm-spapr",
            "spapr-tpm-proxy": "spapr-tpm-proxy",
        },
        "backendModel": {
            "passthrough": "tpm-passthrough",
            "emulator": _swtpm("tpm-emulator"),
            "external": _swtpm("tpm-emulator"),
        },
        "backendVersion": {
            "1.2": lambda q: "1.2" in (q.host.tpm_versions or ()),
            "2.0": lambda q: "2.0" in (q.host.tpm_versions or ()),
        },
    },
    "redirdev": {"bus": {"usb": "usb-redir"}},
    "channel": {"type": {"pty": None, "unix": None, "spicevmc": "spice"}},
    "crypto": {
        "model": {"virtio": "virtio-crypto"},
        "type": {"qemu": None},
        "backendModel": {"builtin": None, "lkcf": "cryptodev-backend-lkcf"},
    },
    "interface": {
        "backendType": {"default": "netdev.user", "passt": "netdev.stream"},
    },
    "panic": {
        "model": {
            "isa": "pvpanic",
            "pseries": lambda q: q.machine.pseries,
            "hyperv": lambda q: q.caps.arch in X86,
            "s390": lambda q: q.caps.arch in S390,
            "pvpanic": "pvpanic-pci",
        },
    },
    "launch_security": {
        "sectype": {
            "sev": "sev-guest",
            "sev-snp": "sev-snp-guest",
            "s390-pv": _all("s390-pv-guest", "confidential-guest-support"),
        },
    },
}

# Parts that cannot be had at all when this attribute has no value.
_NEEDS_VALUE = {"tpm": "model", "redirdev": "bus", "panic": "model", "launch_security": "sectype"}

# Attributes that are not told when they have no value.
_UNTOLD_WHEN_EMPTY = {("tpm", "backendVersion")}


def domain_capabilities(
    caps: EmulatorCapabilities, *, arch: str, virt_type: str, machine: str, host: HostSupport
) -> DomainCapabilities:
    """What guests of a type and machine can have with a binary; the machine by its canonical name."""
    question = _Question(caps, Machine(caps.arch, machine), host)
    cpu = cpu_modes(
        caps,
        virt_type,
        arch,
        host_arch=host.arch,
        models=host.models,
        machine=machine,
        address_bits=host.address_bits if virt_type in ("kvm", "hvf") else 0,
    )
    return DomainCapabilities(
        path=caps.binary,
        domain=virt_type,
        machine=machine,
        arch=arch,
        max_vcpus=_max_vcpus(question, virt_type, machine),
        iothreads=True,
        boot=_boot(host),
        cpu=cpu,
        memory_backing=_part(question, "memory_backing"),
        devices=_devices(question),
        features=_features(question, arch, virt_type, machine),
    )


def offers(
    caps: EmulatorCapabilities, machine: Machine, host: HostSupport, part: str, attribute: str, value: str
) -> bool:
    """Whether a device, part of these capabilities, can have this value of an attribute."""
    values = _PARTS[part][attribute]
    return value in values and _met(_Question(caps, machine, host), values[value])


def sev_guests(ecx: int, edx: int) -> tuple[int, int]:
    """How many encrypted guests there can be, without and with encrypted registers, by CPUID leaf 0x8000001F.

    The processor has `ecx` numbers for guests; those below `edx` are for guests with encrypted registers.
    """
    return (ecx - edx + 1, edx - 1) if ecx and edx else (0, 0)


def _max_vcpus(question: _Question, virt_type: str, machine: str) -> int:
    most = question.caps.machine_max_cpus(virt_type, machine)
    return min(most, question.host.kvm_max_vcpus) if virt_type == "kvm" else most


def _boot(host: HostSupport) -> Boot:
    known = {"bios": Interface.BIOS, "efi": Interface.UEFI}
    kinds = [word for word, interface in known.items() if interface in host.firmware.interfaces]
    loader = Loader(
        supported=True,
        images=list(dict.fromkeys(host.loaders)),
        enums=[
            CapsEnum(name="type", values=["rom", "pflash"]),
            CapsEnum(name="readonly", values=["yes", "no"]),
            CapsEnum(name="secure", values=["yes", "no"] if host.firmware.secure else ["no"]),
        ],
    )
    return Boot(supported=True, enums=[CapsEnum(name="firmware", values=kinds)], loader=loader)


def _devices(question: _Question) -> Devices:
    return Devices(
        disk=_part(question, "disk"),
        graphics=_part(question, "graphics"),
        video=_part(question, "video"),
        hostdev=_part(question, "hostdev"),
        rng=_part(question, "rng"),
        filesystem=_part(question, "filesystem"),
        tpm=_part(question, "tpm"),
        redirdev=_part(question, "redirdev"),
        channel=_part(question, "channel"),
        crypto=_part(question, "crypto"),
        interface=_part(question, "interface"),
        panic=_part(question, "panic"),
    )


def _part(question: _Question, name: str) -> Part:
    values = {
        attribute: [value for value, need in known.items() if _met(question, need)]
        for attribute, known in _PARTS[name].items()
    }
    if name in _NEEDS_VALUE and not values[_NEEDS_VALUE[name]]:
        return Part()
    told = {key: found for key, found in values.items() if found or (name, key) not in _UNTOLD_WHEN_EMPTY}
    return Part.of(**told)


def _met(question: _Question, need: _Need) -> bool:
    if isinstance(need, str):
        return need in question.caps
    return need is None or need(question)


def _features(question: _Question, arch: str, virt_type: str, machine: str) -> Features:
    caps = question.caps
    return Features(
        gic=_gic(caps, Machine(arch, machine), virt_type),
        vmcoreinfo="vmcoreinfo" in caps,
        genid="vmgenid" in caps,
        backing_store_input=True,
        backup=True,
        async_teardown="run-with.async-teardown" in caps,
        s390_pv=_s390_pv(caps),
        ps2=_ps2(caps, Machine(arch, machine)),
        sev=_sev(question),
        sgx=_sgx(caps),
        hyperv=None if caps.hyperv is None else Part.of(features=list(caps.hyperv)),
        launch_security=_part(question, "launch_security"),
    )


def _gic(caps: EmulatorCapabilities, machine: Machine, virt_type: str) -> Part:
    if not machine.arm_virt:
        return Part()
    usable = {"kvm": "kernel", "qemu": "emulated"}.get(virt_type)
    versions = sorted(gic.version for gic in caps.gic if usable and getattr(gic, usable))
    return Part.of(version=[str(version) for version in versions]) if versions else Part()


def _s390_pv(caps: EmulatorCapabilities) -> bool | None:
    if caps.arch not in S390:
        return None
    return caps.has("confidential-guest-support", "s390-pv-guest") and caps.kvm_secure_guest


def _ps2(caps: EmulatorCapabilities, machine: Machine) -> bool:
    """Whether the machine's PS/2 controller can be left out."""
    has_controller = machine.i440fx or machine.q35 or machine.xenfv or machine.type == "isapc"
    return has_controller and "machine-i8042-opt" in caps


def _sev(question: _Question) -> SevSupport:
    sev = question.caps.sev
    if sev is None:
        return SevSupport()
    guests, encrypted_state = question.host.sev_guests
    return SevSupport(
        supported=True,
        cbitpos=sev.cbitpos,
        reduced_phys_bits=sev.reduced_phys_bits,
        max_guests=guests,
        max_es_guests=encrypted_state,
        cpu0_id=sev.cpu0_id,
    )


def _sgx(caps: EmulatorCapabilities) -> SgxSupport:
    sgx = caps.sgx
    if sgx is None:
        return SgxSupport()
    return SgxSupport(
        supported=True,
        flc=sgx.flc,
        sgx1=sgx.sgx1,
        sgx2=sgx.sgx2,
        section_size=sgx.section_size,
        sections=[SgxSectionSize(node=section.node, size=section.size) for section in sgx.sections],
    )
