# SPDX-License-Identifier: LGPL-2.1-or-later
"""The commands that carry a connection: the system's ssh with a helper at its far end, or any other."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from covirt.client.transports.places import daemon_of
from covirt.client.transports.target import Proxy, Target
from covirt.errors import ErrorDomain, InvalidArg

_HANDED_ON = (
    "HOME", "PATH", "USER", "LOGNAME", "XDG_RUNTIME_DIR", "KRB5CCNAME", "SSH_AUTH_SOCK", "SSH_ASKPASS",
    "SSH_ASKPASS_REQUIRE", "OPENSSL_CONF", "DISPLAY", "XAUTHORITY", "GPG_TTY", "TERM",
)  # fmt: skip


def ssh_command(target: Target, env: Mapping[str, str]) -> list[str]:
    """The ssh command line; what it runs speaks the protocol on its standard input and output."""
    argv = [target.command or "ssh"]
    if target.port:
        argv += ["-p", str(target.port)]
    if target.user:
        argv += ["-l", target.user]
    if target.keyfile:
        argv += ["-i", target.keyfile]
    argv += ["-T", "-e", "none"]
    if target.no_tty:
        argv += ["-o", "BatchMode=yes"]
    if target.no_verify:
        argv += ["-o", "StrictHostKeyChecking=no"]
    return [*argv, "--", target.host or "localhost", far_command(target, env)]


def far_command(target: Target, env: Mapping[str, str]) -> str:
    """What the far shell gets: the helper if it is there, or netcat."""
    if target.proxy is Proxy.NATIVE and target.netcat:
        raise InvalidArg("netcat path not valid with native proxy mode", domain=ErrorDomain.RPC)
    netcat = shlex.quote(target.netcat or "nc")
    socket = shlex.quote(str(daemon_of(target, env).socket))
    by_netcat = (
        f'if {netcat} -q 2>&1 | grep "requires an argument" >/dev/null 2>&1; then ARG=-q0;else ARG=;fi;'
        f"{netcat} $ARG -U {socket}"
    )
    by_helper = f"virt-ssh-helper {'-r ' if target.read_only else ''}{shlex.quote(target.name)}"
    match target.proxy:
        case Proxy.NETCAT:
            script = by_netcat
        case Proxy.NATIVE:
            script = by_helper
        case Proxy.AUTO:
            script = f"if command -v virt-ssh-helper >/dev/null 2>&1; then {by_helper}; else {by_netcat}; fi"
    return f"sh -c {shlex.quote(script)}"


def ext_command(target: Target) -> list[str]:
    """The command that a URI names."""
    if not target.command:
        raise InvalidArg("remote_open: for 'ext' transport, command is required", domain=ErrorDomain.REMOTE)
    return [target.command]


def command_environment(env: Mapping[str, str]) -> dict[str, str]:
    """What of our environment such a command needs."""
    return {name: env[name] for name in _HANDED_ON if name in env}
