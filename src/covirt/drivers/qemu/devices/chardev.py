# SPDX-License-Identifier: LGPL-2.1-or-later
"""Character devices' back ends: the same for serial ports, channels, smart cards, the monitor and all others.

QEMU has two spellings: the flat one of older command lines, and that of `chardev-add`, which newer ones take too.
"""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build, tls_credentials
from covirt.drivers.qemu.command.props import Props, as_json, inline, props
from covirt.errors import ConfigUnsupported
from covirt.model.common.sockets import Reconnect
from covirt.model.domain.devices.chardev import (
    Chardev,
    DbusChardev,
    DevChardev,
    FileChardev,
    NmdmChardev,
    PipeChardev,
    QemuVdagentChardev,
    SocketMode,
    SpicePortChardev,
    SpiceVmcChardev,
    TcpChardev,
    TcpProtocol,
    UdpChardev,
    UdpEnd,
    UnixChardev,
)
from covirt.model.domain.devices.common import MouseMode


def chardev_alias(device_alias: str | None) -> str:
    """The name of the character device behind a device."""
    return f"char{device_alias}"


def add(
    build: Build, source: Chardev, alias: str, device: str | None, *, wait: bool = False, purpose: str = "vdagent"
) -> None:
    """Put a character device on the command line, after what it needs.

    `device` is the device's alias by which descriptors were prepared, None when there are none; `wait` says that QEMU
    waits for a peer before the guest starts; `purpose` is that of a SPICE channel.
    """
    if isinstance(source, NmdmChardev):
        raise ConfigUnsupported(f"unsupported chardev '{source.type}'")
    if isinstance(source, TcpChardev) and source.tls:
        _add_credentials(build, source, alias)
    if isinstance(source, FileChardev):
        build.pass_set(f"{device}-source")
    if source.log and source.log.file:
        build.pass_set(f"{device}-log")
    kind, given = backend(build, source, alias, device, flat=not build.argv.json_chardevs, wait=wait, purpose=purpose)
    if build.argv.json_chardevs:
        build.argv.add("-chardev", as_json({"id": alias, "backend": {"type": kind, "data": given}}))
    else:
        build.argv.add("-chardev", inline({"type": kind, "id": alias} | given, "type"))


def backend(
    build: Build,
    source: Chardev,
    alias: str,
    device: str | None,
    *,
    flat: bool = False,
    wait: bool = False,
    purpose: str = "vdagent",
) -> tuple[str, Props]:
    """The kind of the back end in QEMU, and its data."""
    kind, given = _own(build, source, alias, device, flat=flat, wait=wait, purpose=purpose)
    log = source.log
    if log and log.file:
        passed = build.prepared.sets.get(f"{device}-log")
        append = True if passed else log.append
        given |= props(logfile=passed.path if passed else log.file, logappend=append)
    return kind, given


def _own(
    build: Build, source: Chardev, alias: str, device: str | None, *, flat: bool, wait: bool, purpose: str
) -> tuple[str, Props]:
    match source:
        case FileChardev():
            passed = build.prepared.sets.get(f"{device}-source")
            path = passed.path if passed else source.path
            return "file", props({"path" if flat else "out": path}, append=True if passed else source.append)
        case PipeChardev():
            return "pipe", {"path" if flat else "device": source.path}
        case DevChardev():
            kind = "parallel" if alias.startswith("charparallel") else "serial"
            return kind, {"path" if flat else "device": source.path}
        case UnixChardev():
            return "socket", _unix(build, source, device, flat=flat, wait=wait)
        case TcpChardev():
            return "socket", _tcp(build, source, alias, flat=flat, wait=wait)
        case UdpChardev():
            return "udp", _udp(source, flat=flat)
        case SpiceVmcChardev():
            return "spicevmc", {"name" if flat else "type": purpose}
        case SpicePortChardev():
            return "spiceport", {"name" if flat else "fqdn": source.channel}
        case DbusChardev():
            return "dbus", {"name": source.channel}
        case QemuVdagentChardev():
            mouse = None if source.mouse is None else source.mouse.mode is MouseMode.CLIENT
            clipboard = source.clipboard.copypaste if source.clipboard else None
            return "qemu-vdagent", props(name="vdagent" if flat else None, clipboard=clipboard, mouse=mouse)
    return source.type, {}


def _unix(build: Build, source: UnixChardev, device: str | None, *, flat: bool, wait: bool) -> Props:
    # A socket that listens, or one that is already connected.
    number = build.prepared.descriptors.get(device) if device else None
    if number is not None:
        address: Props = {"fd": str(number)} if flat else {"addr": {"type": "fd", "data": {"str": str(number)}}}
        again: Props = {}
    else:
        data: Props = {"path": source.path}
        address = data if flat else {"addr": {"type": "unix", "data": data}}
        again = _reconnect(build, source.reconnect)
    return address | _server(source.listen, flat=flat, wait=wait) | again


def _tcp(build: Build, source: TcpChardev, alias: str, *, flat: bool, wait: bool) -> Props:
    data: Props = {"host": source.host, "port": source.service}
    address: Props = data if flat else {"addr": {"type": "inet", "data": data}}
    telnet = True if source.protocol is TcpProtocol.TELNET else None if flat else False
    return (
        address
        | props(telnet=telnet)
        | _server(source.listen, flat=flat, wait=wait)
        | _reconnect(build, source.reconnect)
        | props(tls_creds=credentials_alias(alias) if source.tls else None)
    )


def _udp(source: UdpChardev, *, flat: bool) -> Props:
    remote, local = source.end(SocketMode.CONNECT), source.end(SocketMode.BIND)
    far = _address(remote, usual=None)
    near = _address(local, usual="0")
    if flat:
        return props(far) | {"localaddr": near["host"], "localport": near["port"]}
    found: Props = {"remote": {"type": "inet", "data": props(far)}}
    return found | {"local": {"type": "inet", "data": near}} if local else found


def _address(end: UdpEnd | None, *, usual: str | None) -> Props:
    host, port = (end.host, end.service) if end else (None, None)
    return {"host": host or "", "port": port or usual}


def _server(listen: bool, *, flat: bool, wait: bool) -> Props:
    if not listen:
        return {} if flat else {"server": False}
    return {"server": True} if wait else {"server": True, "wait": False}


def _reconnect(build: Build, reconnect: Reconnect | None) -> Props:
    if reconnect is None or reconnect.enabled is None:
        return {}
    seconds = (reconnect.timeout or 0) if reconnect.enabled else 0
    if "chardev-reconnect-miliseconds" in build.caps:
        return {"reconnect-ms": seconds * 1000}
    return {"reconnect": seconds}


def credentials_alias(alias: str) -> str:
    """The name of the TLS credentials of a character device or block node."""
    return f"obj{alias}_tls0"


def _add_credentials(build: Build, source: TcpChardev, alias: str) -> None:
    settings = build.settings
    secret = None
    if settings.chardev_tls_x509_secret_uuid or settings.default_tls_x509_secret_uuid:
        secret = f"{alias}-secret0"
        build.argv.object(build.secret(secret))
    verify = settings.chardev_tls_x509_verify
    verify = settings.default_tls_x509_verify if verify is None else verify
    directory = build.prepared.certificates["chardev"]
    listen, verify = source.listen, verify is not False
    build.argv.object(tls_credentials(directory, credentials_alias(alias), listen=listen, verify=verify, secret=secret))
