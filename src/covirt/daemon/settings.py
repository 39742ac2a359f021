# SPDX-License-Identifier: LGPL-2.1-or-later
"""The settings of the daemon, with the names and defaults of libvirtd.conf."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from covirt.daemon.server import Limits
from covirt.runtime.settings import Setting, Settings


class AuthName(StrEnum):
    """How clients show who they are."""

    NONE = "none"
    SASL = "sasl"
    POLKIT = "polkit"


class HostUuidSource(StrEnum):
    """Where the host's uuid comes from."""

    SMBIOS = "smbios"
    MACHINE_ID = "machine-id"


_NETWORK = "Network connectivity controls"
_SOCKETS = "UNIX socket access controls"
_AUTH = "Authentication"
_TLS = "TLS x509 certificate configuration"
_WHO = "Authorization controls"
_LIMITS = "Processing controls"
_ADMIN = "Admin interface"
_LOG = "Logging controls"
_OTHER = "Others"
_KEEPALIVE = "Keepalive protocol"


@dataclass(frozen=True, kw_only=True)
class DaemonSettings(Settings):
    """Settings of the virtualization daemon."""

    listen_tls: Annotated[bool, Setting("Listen for TLS connections, when started with --listen.", group=_NETWORK)] = (
        True
    )
    listen_tcp: Annotated[
        bool, Setting("Listen for plain TCP connections, when started with --listen.", group=_NETWORK)
    ] = False
    tls_port: Annotated[str, Setting("Port or service name for TLS.", group=_NETWORK)] = "16514"
    tcp_port: Annotated[str, Setting("Port or service name for TCP.", group=_NETWORK)] = "16509"
    listen_addr: Annotated[
        str | None, Setting("Listen on this address only.", group=_NETWORK, example="192.168.0.1")
    ] = None

    unix_sock_group: Annotated[
        str | None, Setting("Group that owns the sockets.", group=_SOCKETS, example="libvirt")
    ] = None
    unix_sock_ro_perms: Annotated[str, Setting("Mode of the read-only socket, in octal.", group=_SOCKETS)] = "0777"
    unix_sock_rw_perms: Annotated[
        str | None,
        Setting(
            "Mode of the read-write socket, in octal; 0777 with polkit, else 0700.", group=_SOCKETS, example="0770"
        ),
    ] = None
    unix_sock_admin_perms: Annotated[str, Setting("Mode of the admin socket, in octal.", group=_SOCKETS)] = "0700"
    unix_sock_dir: Annotated[
        str | None, Setting("Directory of the sockets.", group=_SOCKETS, example="/run/libvirt")
    ] = None

    auth_unix_ro: Annotated[
        AuthName | None,
        Setting(
            "Authentication on the read-only socket; polkit for the system daemon, else none.",
            group=_AUTH,
            example="polkit",
        ),
    ] = None
    auth_unix_rw: Annotated[
        AuthName | None,
        Setting(
            "Authentication on the read-write socket; polkit for the system daemon, else none.",
            group=_AUTH,
            example="polkit",
        ),
    ] = None
    auth_tcp: Annotated[AuthName, Setting("Authentication on TCP sockets.", group=_AUTH)] = AuthName.SASL
    auth_tls: Annotated[AuthName, Setting("Authentication on TLS sockets, beside the certificate.", group=_AUTH)] = (
        AuthName.NONE
    )
    tcp_min_ssf: Annotated[
        int,
        Setting("Least strength of SASL encryption on plain TCP; 0 allows mechanisms without it.", group=_AUTH, low=0),
    ] = 56
    access_drivers: Annotated[
        list[str] | None, Setting("Who decides what a client may do: none, polkit.", group=_AUTH, example=["polkit"])
    ] = None

    key_file: Annotated[str, Setting("Key of the server.", group=_TLS)] = "/etc/pki/libvirt/private/serverkey.pem"
    cert_file: Annotated[str, Setting("Certificate of the server.", group=_TLS)] = "/etc/pki/libvirt/servercert.pem"
    ca_file: Annotated[str, Setting("Certificate of the authority that clients are checked with.", group=_TLS)] = (
        "/etc/pki/CA/cacert.pem"
    )
    crl_file: Annotated[
        str | None,
        Setting("List of certificates that are not valid any more.", group=_TLS, example="/etc/pki/CA/crl.pem"),
    ] = None
    tls_no_sanity_certificate: Annotated[
        bool, Setting("Do not check the server's own certificates at start.", group=_TLS)
    ] = False
    tls_no_verify_certificate: Annotated[bool, Setting("Do not ask clients for certificates.", group=_TLS)] = False

    tls_allowed_dn_list: Annotated[
        list[str] | None,
        Setting(
            "Patterns of names in certificates that may connect; none means all.",
            group=_WHO,
            example=["C=GB,O=Example,CN=client*"],
        ),
    ] = None
    tls_priority: Annotated[str | None, Setting("Ciphers for TLS, in OpenSSL's syntax.", group=_WHO)] = None
    sasl_allowed_username_list: Annotated[
        list[str] | None,
        Setting("Patterns of SASL names that may connect; none means all.", group=_WHO, example=["joe@EXAMPLE.COM"]),
    ] = None

    max_clients: Annotated[int, Setting("Most clients at one time.", group=_LIMITS, low=1)] = 5000
    max_queued_clients: Annotated[int, Setting("Most clients that wait to be accepted.", group=_LIMITS, low=1)] = 1000
    max_anonymous_clients: Annotated[
        int, Setting("Most clients that have not shown who they are; 0 means any number.", group=_LIMITS, low=0)
    ] = 20
    min_workers: Annotated[
        int, Setting("Kept for virt-admin; calls are not bound to workers here.", group=_LIMITS, low=0)
    ] = 5
    max_workers: Annotated[
        int, Setting("Kept for virt-admin; calls are not bound to workers here.", group=_LIMITS, low=1)
    ] = 20
    prio_workers: Annotated[
        int, Setting("Kept for virt-admin; calls are not bound to workers here.", group=_LIMITS, low=0)
    ] = 5
    max_client_requests: Annotated[int, Setting("Most calls of one client at one time.", group=_LIMITS, low=1)] = 5

    admin_min_workers: Annotated[int, Setting("The same for the admin interface.", group=_ADMIN, low=0)] = 1
    admin_max_workers: Annotated[int, Setting("The same for the admin interface.", group=_ADMIN, low=1)] = 5
    admin_max_clients: Annotated[int, Setting("The same for the admin interface.", group=_ADMIN, low=1)] = 5
    admin_max_queued_clients: Annotated[int, Setting("The same for the admin interface.", group=_ADMIN, low=1)] = 5
    admin_max_client_requests: Annotated[int, Setting("The same for the admin interface.", group=_ADMIN, low=1)] = 5

    log_level: Annotated[int, Setting("1 debug, 2 information, 3 warnings, 4 errors.", group=_LOG, low=1, high=4)] = 3
    log_filters: Annotated[
        str | None, Setting("Levels for parts of the program.", group=_LOG, example="1:qemu 1:daemon")
    ] = None
    log_outputs: Annotated[str | None, Setting("Where the log goes.", group=_LOG, example="3:syslog:libvirtd")] = None
    audit_level: Annotated[
        int,
        Setting("0 no audit records, 1 where the host has them, 2 the daemon needs them.", group=_OTHER, low=0, high=2),
    ] = 1
    audit_logging: Annotated[bool, Setting("Write audit records to the log, too.", group=_OTHER)] = False
    host_uuid: Annotated[
        str | None,
        Setting(
            "The host's uuid, if the firmware's is not good.",
            group=_OTHER,
            example="00000000-0000-0000-0000-000000000000",
        ),
    ] = None
    host_uuid_source: Annotated[HostUuidSource, Setting("Where the host's uuid comes from.", group=_OTHER)] = (
        HostUuidSource.SMBIOS
    )

    keepalive_interval: Annotated[
        int, Setting("Seconds of silence after which a client is pinged; -1 switches it off.", group=_KEEPALIVE)
    ] = 5
    keepalive_count: Annotated[
        int, Setting("Pings without answer after which a client is given up.", group=_KEEPALIVE, low=0)
    ] = 5
    keepalive_required: Annotated[bool, Setting("Without meaning.", group=_KEEPALIVE)] = False
    admin_keepalive_required: Annotated[bool, Setting("Without meaning.", group=_KEEPALIVE)] = False
    admin_keepalive_interval: Annotated[int, Setting("The same for the admin interface.", group=_KEEPALIVE)] = 5
    admin_keepalive_count: Annotated[int, Setting("The same for the admin interface.", group=_KEEPALIVE, low=0)] = 5
    ovs_timeout: Annotated[int, Setting("Seconds that Open vSwitch may take.", group=_OTHER, low=0)] = 5

    def limits(self) -> Limits:
        """Those of the main server."""
        return Limits(
            max_clients=self.max_clients,
            max_anonymous_clients=self.max_anonymous_clients,
            max_client_requests=self.max_client_requests,
            keepalive_interval=self.keepalive_interval,
            keepalive_count=self.keepalive_count,
            min_workers=self.min_workers,
            max_workers=self.max_workers,
            prio_workers=self.prio_workers,
        )

    def admin_limits(self) -> Limits:
        """Those of the admin server."""
        return Limits(
            max_clients=self.admin_max_clients,
            max_anonymous_clients=0,
            max_client_requests=self.admin_max_client_requests,
            keepalive_interval=self.admin_keepalive_interval,
            keepalive_count=self.admin_keepalive_count,
            min_workers=self.admin_min_workers,
            max_workers=self.admin_max_workers,
            prio_workers=0,
        )
