# SPDX-License-Identifier: LGPL-2.1-or-later
"""The QEMU driver's settings: the keys of qemu.conf."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from covirt.runtime.settings import Setting, Settings

_DISPLAY_TLS = "Encrypt every guest's {} display with TLS."
_CERT_DIR = "Directory with the certificates for {}; without it a directory of that service or the default one."
_SECRET = "UUID of the secret with the passphrase of the server key for {}."
_VERIFY = "Ask {} for a certificate and check it."

Flag = bool | None
"""A switch whose default is another setting's value."""


@dataclass(frozen=True, kw_only=True)
class QemuSettings(Settings):
    """What the administrator of a host decides about its QEMU guests."""

    # TLS in general
    default_tls_x509_cert_dir: Annotated[str, Setting("Directory with certificates for every use of TLS.")] = (
        "/etc/pki/qemu"
    )
    default_tls_x509_verify: Annotated[Flag, Setting(_VERIFY.format("every peer"))] = None
    default_tls_x509_secret_uuid: Annotated[str | None, Setting(_SECRET.format("every use of TLS"))] = None

    # VNC
    vnc_listen: Annotated[str, Setting("Address that VNC displays listen on when the guest names none.")] = "127.0.0.1"
    vnc_auto_unix_socket: Annotated[bool, Setting("Use a UNIX socket where the guest names no address.")] = False
    vnc_tls: Annotated[bool, Setting(_DISPLAY_TLS.format("VNC"))] = False
    vnc_tls_x509_cert_dir: Annotated[str | None, Setting(_CERT_DIR.format("VNC"))] = None
    vnc_tls_x509_secret_uuid: Annotated[str | None, Setting(_SECRET.format("VNC"))] = None
    vnc_tls_x509_verify: Annotated[Flag, Setting(_VERIFY.format("VNC clients"))] = None
    vnc_password: Annotated[str | None, Setting("Password of VNC displays whose guest names none.")] = None
    vnc_sasl: Annotated[bool, Setting("Ask VNC clients to authenticate by SASL.")] = False
    vnc_sasl_dir: Annotated[str | None, Setting("Directory with the SASL configuration for VNC.")] = None
    vnc_allow_host_audio: Annotated[bool, Setting("Let guests with a VNC display play sound on the host.")] = False

    # SPICE and RDP
    spice_listen: Annotated[str, Setting("Address that SPICE displays listen on when the guest names none.")] = (
        "127.0.0.1"
    )
    spice_tls: Annotated[bool, Setting(_DISPLAY_TLS.format("SPICE"))] = False
    spice_tls_x509_cert_dir: Annotated[str | None, Setting(_CERT_DIR.format("SPICE"))] = None
    spice_auto_unix_socket: Annotated[bool, Setting("Use a UNIX socket where the guest names no address.")] = False
    spice_password: Annotated[str | None, Setting("Password of SPICE displays whose guest names none.")] = None
    spice_sasl: Annotated[bool, Setting("Ask SPICE clients to authenticate by SASL.")] = False
    spice_sasl_dir: Annotated[str | None, Setting("Directory with the SASL configuration for SPICE.")] = None
    rdp_listen: Annotated[str, Setting("Address that RDP displays listen on when the guest names none.")] = "127.0.0.1"
    rdp_tls_x509_cert_dir: Annotated[str | None, Setting(_CERT_DIR.format("RDP"))] = None
    rdp_username: Annotated[str | None, Setting("User name of RDP displays whose guest names none.")] = None
    rdp_password: Annotated[str | None, Setting("Password of RDP displays whose guest names none.")] = None
    nographics_allow_host_audio: Annotated[bool, Setting("Let guests without a display play sound on the host.")] = (
        False
    )
    remote_display_port_min: Annotated[int, Setting("Lowest port for displays.", low=5900, high=65535)] = 5900
    remote_display_port_max: Annotated[int, Setting("Highest port for displays.", low=5900, high=65535)] = 65535
    remote_websocket_port_min: Annotated[int, Setting("Lowest port for VNC web sockets.", low=1, high=65535)] = 5700
    remote_websocket_port_max: Annotated[int, Setting("Highest port for VNC web sockets.", low=1, high=65535)] = 65535

    # TLS of the other services
    chardev_tls: Annotated[bool, Setting("Encrypt TCP character devices with TLS.")] = False
    chardev_tls_x509_cert_dir: Annotated[str | None, Setting(_CERT_DIR.format("character devices"))] = None
    chardev_tls_x509_verify: Annotated[Flag, Setting(_VERIFY.format("peers of character devices"))] = None
    chardev_tls_x509_secret_uuid: Annotated[str | None, Setting(_SECRET.format("character devices"))] = None
    vxhs_tls: Annotated[bool, Setting("Encrypt VxHS disks with TLS.")] = False
    vxhs_tls_x509_cert_dir: Annotated[str | None, Setting(_CERT_DIR.format("VxHS disks"))] = None
    vxhs_tls_x509_secret_uuid: Annotated[str | None, Setting(_SECRET.format("VxHS disks"))] = None
    nbd_tls: Annotated[bool, Setting("Encrypt NBD disks with TLS.")] = False
    nbd_tls_x509_cert_dir: Annotated[str | None, Setting(_CERT_DIR.format("NBD disks"))] = None
    nbd_tls_x509_secret_uuid: Annotated[str | None, Setting(_SECRET.format("NBD disks"))] = None
    migrate_tls_x509_cert_dir: Annotated[str | None, Setting(_CERT_DIR.format("migration"))] = None
    migrate_tls_x509_verify: Annotated[Flag, Setting(_VERIFY.format("migration peers"))] = None
    migrate_tls_x509_secret_uuid: Annotated[str | None, Setting(_SECRET.format("migration"))] = None
    migrate_tls_force: Annotated[bool, Setting("Refuse migrations that are not encrypted.")] = False
    backup_tls_x509_cert_dir: Annotated[str | None, Setting(_CERT_DIR.format("backups"))] = None
    backup_tls_x509_verify: Annotated[Flag, Setting(_VERIFY.format("backup clients"))] = None
    backup_tls_x509_secret_uuid: Annotated[str | None, Setting(_SECRET.format("backups"))] = None

    # Who guests run as, and what they may touch
    security_driver: Annotated[
        list[str] | None,
        Setting(
            "Security drivers in order; without it what the host offers.",
            choices=("none", "selinux", "apparmor", "dac"),
        ),
    ] = None
    security_default_confined: Annotated[bool, Setting("Confine guests that name no security label.")] = True
    security_require_confined: Annotated[bool, Setting("Refuse guests that are not confined.")] = False
    user: Annotated[str | None, Setting("User that guests of the system run as: a name, or +UID.")] = None
    group: Annotated[str | None, Setting("Group that guests of the system run as: a name, or +GID.")] = None
    dynamic_ownership: Annotated[Flag, Setting("Give a guest's files to its user while it runs.")] = None
    remember_owner: Annotated[Flag, Setting("Give files back to the owner they had before.")] = None
    cgroup_controllers: Annotated[list[str] | None, Setting("Controllers to use; without it all that are there.")] = (
        None
    )
    cgroup_device_acl: Annotated[list[str], Setting("Devices that every guest may use.")] = field(
        default_factory=lambda: [
            "/dev/null", "/dev/full", "/dev/zero", "/dev/random", "/dev/urandom",
            "/dev/ptmx", "/dev/kvm", "/dev/userfaultfd",
        ]
    )  # fmt: skip
    namespaces: Annotated[list[str] | None, Setting("Namespaces of a guest's own.", choices=("mount",))] = None
    seccomp_sandbox: Annotated[
        int, Setting("System call filter: 1 always, 0 never, -1 when QEMU has it.", low=-1, high=1)
    ] = -1
    set_process_name: Annotated[bool, Setting("Name the process after the guest.")] = False
    max_processes: Annotated[int, Setting("Limit of processes of the guests' user; 0 keeps the system's.")] = 0
    max_files: Annotated[int, Setting("Limit of open files of each guest; 0 keeps the system's.")] = 0
    max_threads_per_process: Annotated[int, Setting("Limit of threads of each guest; 0 keeps the system's.")] = 0
    max_core: Annotated[int | str, Setting('Largest core dump in bytes, or "unlimited".', choices=("unlimited",))] = (
        "unlimited"
    )
    dump_guest_core: Annotated[bool, Setting("Put guest memory into core dumps.")] = False
    sched_core: Annotated[
        str, Setting("What shares a core with nobody else.", choices=("none", "vcpus", "emulator", "full"))
    ] = "none"

    # Saving, dumping, stopping
    save_image_format: Annotated[
        str, Setting("Compression of saved guests.", choices=("raw", "zstd", "lzop", "gzip", "bzip2", "xz", "sparse"))
    ] = "raw"
    dump_image_format: Annotated[
        str, Setting("Compression of dumps.", choices=("raw", "zstd", "lzop", "gzip", "bzip2", "xz"))
    ] = "raw"
    snapshot_image_format: Annotated[
        str, Setting("Compression of memory snapshots.", choices=("raw", "zstd", "lzop", "gzip", "bzip2", "xz"))
    ] = "raw"
    auto_dump_path: Annotated[str | None, Setting("Directory for dumps that a watchdog or a crash causes.")] = None
    auto_dump_bypass_cache: Annotated[bool, Setting("Keep such dumps out of the page cache.")] = False
    auto_start_bypass_cache: Annotated[
        bool, Setting("Keep saved guests that start by themselves out of the page cache.")
    ] = False
    auto_start_delay: Annotated[int, Setting("Pause between guests that start by themselves, in milliseconds.")] = 0
    auto_shutdown_try_save: Annotated[
        str | None, Setting("Guests to save when the host stops.", choices=("none", "persistent", "transient", "all"))
    ] = None
    auto_shutdown_try_shutdown: Annotated[
        str | None,
        Setting("Guests to shut down when the host stops.", choices=("none", "persistent", "transient", "all")),
    ] = None
    auto_shutdown_poweroff: Annotated[
        str | None, Setting("Guests to end when the host stops.", choices=("none", "persistent", "transient", "all"))
    ] = None
    auto_shutdown_wait: Annotated[int, Setting("Seconds to wait for a shutdown; 0 means 30.")] = 0
    auto_shutdown_restore: Annotated[bool, Setting("Start those guests again when the host is back.")] = True
    auto_save_bypass_cache: Annotated[bool, Setting("Keep such saves out of the page cache.")] = False

    # Memory and firmware
    hugetlbfs_mount: Annotated[list[str] | None, Setting("Mounts of hugetlbfs; without it those that are mounted.")] = (
        None
    )
    memory_backing_dir: Annotated[str | None, Setting("Directory for memory that is backed by files.")] = None
    nvram: Annotated[list[str] | None, Setting("Firmware images and their variable stores, as FIRMWARE:NVRAM.")] = None

    # Helper programs
    bridge_helper: Annotated[str, Setting("Program that connects guests of a session to a bridge.")] = (
        "/usr/lib/qemu/qemu-bridge-helper"
    )
    pr_helper: Annotated[str, Setting("Program that makes persistent reservations.")] = "qemu-pr-helper"
    slirp_helper: Annotated[str, Setting("Program for user-mode networking.")] = "slirp-helper"
    qemu_rdp: Annotated[str, Setting("Program that serves RDP.")] = "qemu-rdp"
    dbus_daemon: Annotated[str, Setting("Program that serves a guest's D-Bus.")] = "dbus-daemon"
    swtpm_user: Annotated[str | None, Setting("User that software TPMs run as.")] = None
    swtpm_group: Annotated[str | None, Setting("Group that software TPMs run as.")] = None
    virtiofsd_debug: Annotated[bool, Setting("Let virtiofsd write more into its log.")] = False
    storage_use_nbdkit: Annotated[bool, Setting("Read network disks through nbdkit where it can.")] = False
    gluster_debug_level: Annotated[int, Setting("How much gluster disks write into the log.", low=0, high=9)] = 4

    # Devices, jobs, migration, logs
    mac_filter: Annotated[bool, Setting("Drop frames of guests that use a foreign MAC address.")] = False
    relaxed_acs_check: Annotated[bool, Setting("Assign PCI devices behind a switch without access control.")] = False
    lock_manager: Annotated[
        str | None, Setting("Who sees to it that a disk has one writer.", choices=("lockd", "sanlock"))
    ] = None
    max_queued: Annotated[int, Setting("How many calls may wait for one guest; 0 is no limit.")] = 0
    keepalive_interval: Annotated[int, Setting("Seconds between signs of life to a migration peer.")] = 5
    keepalive_count: Annotated[int, Setting("Missing signs of life after which the peer counts as gone.")] = 5
    migration_address: Annotated[str | None, Setting("Address that incoming migrations listen on.")] = None
    migration_host: Annotated[str | None, Setting("Name of this host for migration peers.")] = None
    migration_port_min: Annotated[int, Setting("Lowest port for migration.", low=1, high=65535)] = 49152
    migration_port_max: Annotated[int, Setting("Highest port for migration.", low=1, high=65535)] = 49215
    log_timestamp: Annotated[bool, Setting("Let QEMU write the time into its messages.")] = True
    stdio_handler: Annotated[str, Setting("Who writes the log of a guest.", choices=("logd", "file"))] = "logd"
    capability_filters: Annotated[list[str] | None, Setting("Capabilities of QEMU to do without.")] = None
    deprecation_behavior: Annotated[
        str, Setting("What QEMU does when asked for something deprecated.", choices=("none", "omit", "reject", "crash"))
    ] = "none"
    shared_filesystems: Annotated[
        list[str], Setting("Directories that other hosts share without being network file systems.")
    ] = field(default_factory=list)
