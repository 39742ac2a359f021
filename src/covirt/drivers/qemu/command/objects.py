# SPDX-License-Identifier: LGPL-2.1-or-later
"""Objects that belong to no single device: master key, reservations, throttling, encrypted memory, enclosure."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import MASTER_KEY, Build
from covirt.drivers.qemu.command.props import Props, as_json, props
from covirt.drivers.qemu.devices.storage import PR_MANAGER
from covirt.model.domain.launch_security import Sev, SevSnp
from covirt.model.domain.throttle import IoTune

SANDBOX = "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"

_LIMITS = {
    "bps-total": "total_bytes_sec",
    "bps-read": "read_bytes_sec",
    "bps-write": "write_bytes_sec",
    "iops-total": "total_iops_sec",
    "iops-read": "read_iops_sec",
    "iops-write": "write_iops_sec",
    "bps-total-max": "total_bytes_sec_max",
    "bps-read-max": "read_bytes_sec_max",
    "bps-write-max": "write_bytes_sec_max",
    "iops-total-max": "total_iops_sec_max",
    "iops-read-max": "read_iops_sec_max",
    "iops-write-max": "write_iops_sec_max",
    "iops-size": "size_iops_sec",
    "bps-total-max-length": "total_bytes_sec_max_length",
    "bps-read-max-length": "read_bytes_sec_max_length",
    "bps-write-max-length": "write_bytes_sec_max_length",
    "iops-total-max-length": "total_iops_sec_max_length",
    "iops-read-max-length": "read_iops_sec_max_length",
    "iops-write-max-length": "write_iops_sec_max_length",
}
"""QEMU's names of limits, and ours."""


def add_master_key(build: Build) -> None:
    """The key that all other secrets are encrypted with."""
    path = f"{build.prepared.directory}/master-key.aes"
    build.argv.object({"qom-type": "secret", "id": MASTER_KEY, "format": "raw", "file": path})


def add_helper_states(build: Build) -> None:
    """The states of helper programs, which move with the guest."""
    address = build.prepared.vmstate_bus
    if address and "dbus-vmstate" in build.caps:
        build.argv.object({"qom-type": "dbus-vmstate", "id": "dbus-vmstate0", "addr": address})


def add_reservations(build: Build) -> None:
    """The connection to our helper for persistent reservations."""
    for disk in build.guest.devices.disks:
        for source in disk.sources():
            if source.reservations and source.reservations.managed:
                path = f"{build.prepared.directory}/{PR_MANAGER}.sock"
                build.argv.object({"qom-type": "pr-manager-helper", "id": PR_MANAGER, "path": path})
                return


def limits_props(limits: IoTune) -> Props:
    """The limits as QEMU names them; times only where one is set."""
    return props(
        {name: getattr(limits, ours) or (None if ours.endswith("_length") else 0) for name, ours in _LIMITS.items()}
    )


def add_throttle_groups(build: Build) -> None:
    """Limits that several disks share."""
    for group in build.guest.throttle_groups:
        if group.group_name and group.any:
            name = f"throttle-{group.group_name}"
            build.argv.object({"qom-type": "throttle-group", "id": name, "limits": limits_props(group)})


def add_launch_security(build: Build) -> None:
    """Memory that the host cannot read."""
    security = build.guest.launch_security
    if security is None:
        return
    name = "lsec0"
    if isinstance(security, Sev):
        directory = build.prepared.directory
        made = props(
            qom_type="sev-guest",
            id=name,
            cbitpos=security.cbitpos,
            reduced_phys_bits=security.reduced_phys_bits,
            policy=security.policy,
            dh_cert_file=f"{directory}/dh_cert.base64" if security.dh_cert else None,
            session_file=f"{directory}/session.base64" if security.session else None,
            kernel_hashes=security.kernel_hashes,
        )
    elif isinstance(security, SevSnp):
        made = props(
            qom_type="sev-snp-guest",
            id=name,
            cbitpos=security.cbitpos,
            reduced_phys_bits=security.reduced_phys_bits,
            kernel_hashes=security.kernel_hashes,
            policy=security.policy,
            guest_visible_workarounds=security.guest_visible_workarounds,
            id_block=security.id_block,
            id_auth=security.id_auth,
            host_data=security.host_data,
            author_key_enabled=security.author_key,
            vcek_disabled=None if security.vcek is None else not security.vcek,
        )
    else:
        made = props(qom_type="s390-pv-guest", id=name)
    build.argv.object(made)


def add_core_info(build: Build) -> None:
    """The note by which a dump of the guest can be read."""
    if build.guest.features.vmcoreinfo:
        build.argv.device(props(driver="vmcoreinfo"))


def add_sandbox(build: Build) -> None:
    """The filter for system calls."""
    if "seccomp-sandbox" in build.caps:
        build.argv.add("-sandbox", SANDBOX if build.settings.seccomp_sandbox else "off")


def add_teardown(build: Build) -> None:
    """Whether memory may be given back after the process has ended."""
    wanted = build.guest.features.async_teardown
    if wanted is not None and "run-with.async-teardown" in build.caps:
        build.argv.add("-run-with", f"async-teardown={'on' if wanted else 'off'}")


_INPUT = {"reject": "reject", "crash": "crash"}


def add_compatibility(build: Build) -> None:
    """What QEMU does when it is asked for something deprecated."""
    extension = build.guest.extensions.qemu
    behavior = (extension.deprecation if extension else None) or build.settings.deprecation_behavior
    if behavior in ("omit", "reject", "crash"):
        wanted = props({"deprecated-output": "hide", "deprecated-input": _INPUT.get(behavior)})
        build.argv.add("-compat", as_json(wanted))
