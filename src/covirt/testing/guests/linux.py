# SPDX-License-Identifier: LGPL-2.1-or-later
"""A Linux guest: Debian's cloud kernel and an initial file system with busybox, both from their packages.

Packages are fetched with `apt-get download` and unpacked with `dpkg-deb`; neither needs root nor changes the system.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from covirt.testing.guests.cache import cache_directory, keep
from covirt.testing.guests.initramfs import Initramfs
from covirt.testing.guests.modules import load_order

BANNER = "covirt linux guest ready"
"""What the guest says on its first serial port before the shell's first prompt."""

PROMPT = "guest# "

COMMAND_LINE = "console=ttyS0 quiet"

KERNEL_PACKAGE = "linux-image-cloud-amd64"

# fmt: off
MODULES = (
    "button", "evdev",
    "virtio_pci", "virtio_blk", "virtio_net", "virtio_console", "virtio_balloon", "virtio_rng", "virtio_scsi",
    "virtio_input",
    "sd_mod", "sr_mod", "9p", "9pnet_virtio", "virtiofs", "overlay", "ext4",
)
# fmt: on
"""Kernel modules in the guest, with what they depend on; those the kernel has built in are skipped."""

INITTAB = """\
::sysinit:/etc/rc
ttyS0::respawn:-/bin/sh
hvc0::respawn:-/bin/sh
::ctrlaltdel:/bin/reboot
"""

RC = f"""\
#!/bin/sh
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev; mkdir -p /dev/pts; mount -t devpts devpts /dev/pts
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t tmpfs run /run
while read module; do insmod $module; done < /etc/modules
hostname guest
ip link set lo up
acpid
[ -d /sys/class/net/eth0 ] && udhcpc -i eth0 >/run/udhcpc.log 2>&1 &
[ -c /dev/hvc0 ] || sed -i /hvc0/d /etc/inittab
kill -HUP 1
echo "{BANNER}"
"""

LEASE = """\
#!/bin/sh
[ "$1" = deconfig ] && ip link set $interface up && ip addr flush dev $interface
[ "$1" = bound ] || [ "$1" = renew ] || exit 0
ip addr flush dev $interface; ip addr add $ip/${mask:-24} dev $interface
for gateway in $router; do ip route add default via $gateway dev $interface; done
"""

POWER_BUTTON = "#!/bin/sh\nexec poweroff\n"

PROFILE = f"export PS1='{PROMPT}' HOME=/root TERM=linux\nstty cols 80 rows 24\ncd /root\n"


@dataclass(frozen=True, slots=True)
class LinuxGuest:
    """What a domain needs to boot it: `<kernel>`, `<initrd>` and `<cmdline>`."""

    kernel: Path
    initramfs: Path
    command_line: str = COMMAND_LINE


class PackageUnavailable(Exception):
    """A Debian package that the guest is made of could not be fetched."""


def linux_guest() -> LinuxGuest:
    """The guest, made when the cache does not have it for this recipe."""
    recipe = hashlib.sha256(repr((MODULES, INITTAB, RC, LEASE, POWER_BUTTON, PROFILE)).encode()).hexdigest()
    directory = cache_directory()
    guest = LinuxGuest(directory / f"linux-{recipe[:12]}.kernel", directory / f"linux-{recipe[:12]}.initramfs")
    if not (guest.kernel.exists() and guest.initramfs.exists()):
        with tempfile.TemporaryDirectory(prefix="covirt-guest-") as scratch:
            _build(guest, Path(scratch))
    return guest


def _build(guest: LinuxGuest, scratch: Path) -> None:
    kernel = _unpack(_real_kernel_package(), scratch / "kernel")
    busybox = _unpack("busybox-static", scratch / "busybox")
    keep(guest.initramfs, file_system(next(kernel.glob("lib/modules/*")), busybox / "bin" / "busybox").archive())
    keep(guest.kernel, next(kernel.glob("boot/vmlinuz-*")).read_bytes())


def file_system(modules: Path, busybox: Path) -> Initramfs:
    """The guest's initial file system from a kernel's modules directory and a static busybox."""
    root = Initramfs()
    for directory in ("dev", "proc", "sys", "run", "root", "tmp", "mnt", "var/log", "var/run"):
        root.directory(directory)
    root.character_device("dev/console", 5, 1)
    root.file("bin/busybox", busybox.read_bytes(), executable=True)
    root.link("init", "bin/busybox")
    root.link("sbin", "bin")
    root.link("bin/sh", "busybox")
    root.file("etc/inittab", INITTAB)
    root.file("etc/profile", PROFILE)
    root.file("etc/rc", RC, executable=True)
    root.file("etc/acpi/PWRF/00000080", POWER_BUTTON, executable=True)
    root.file("etc/udhcpc/default.script", LEASE, executable=True)
    loaded = load_order(modules, MODULES)
    for module in loaded:
        root.file(f"lib/modules/{module.name}", module.read_bytes())
    root.file("etc/modules", "".join(f"/lib/modules/{module.name}\n" for module in loaded))
    return root


# Debian packages


def _real_kernel_package() -> str:
    """The package with the newest kernel; the well-known name only depends on it."""
    for line in _run("apt-cache", "depends", KERNEL_PACKAGE).splitlines():
        kind, _, name = line.strip().partition(": ")
        if kind == "Depends" and name.startswith("linux-image-"):
            return name
    raise PackageUnavailable(f"apt knows no package {KERNEL_PACKAGE}: run `apt-get update` first")


def _unpack(package: str, directory: Path) -> Path:
    directory.mkdir()
    _run("apt-get", "download", package, cwd=directory)
    (archive,) = directory.glob("*.deb")
    _run("dpkg-deb", "-x", str(archive), str(directory))
    return directory


def _run(*argv: str, cwd: Path | None = None) -> str:
    try:
        return subprocess.run(argv, cwd=cwd, check=True, capture_output=True, text=True).stdout
    except FileNotFoundError as error:
        raise PackageUnavailable(f"{argv[0]} is missing: the Linux guest is made from Debian packages") from error
    except subprocess.CalledProcessError as error:
        raise PackageUnavailable(f"{' '.join(argv)} failed: {error.stderr.strip()}") from error
