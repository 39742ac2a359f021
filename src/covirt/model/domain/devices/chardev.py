# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host's side of character devices: what the bytes of a serial port, channel or backend are connected with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from covirt.errors import ConfigUnsupported, InternalError, InvalidArg, XmlError
from covirt.model.common.copying import changed, without
from covirt.model.common.seclabel import DeviceSeclabel, check_seclabels_once
from covirt.model.common.sockets import Reconnect
from covirt.model.domain.devices.common import MouseMode, count
from covirt.xml import At, Context, Element, OneZero, OnOff, Reading, YesNo

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition


@dataclass(slots=True, kw_only=True)
class ChardevLog:
    """A file that gets a copy of what the guest writes."""

    file: Annotated[str | None, At("@file")] = None
    append: Annotated[OnOff | None, At("@append")] = None

    def for_format(self, context: Context) -> ChardevLog | None:
        """No file, no log."""
        return self if self.file else None


LogField = Annotated[ChardevLog | None, At("log")]
LabelsField = Annotated[list[DeviceSeclabel], At("source/seclabel")]


class SocketMode(StrEnum):
    """Who waits for whom: we connect, or we are connected to."""

    CONNECT = "connect"
    BIND = "bind"


class TcpProtocol(StrEnum):
    """What is spoken on a TCP connection."""

    RAW = "raw"
    TELNET = "telnet"
    TELNETS = "telnets"
    TLS = "tls"


# Without a source


@dataclass(slots=True, kw_only=True)
class NullChardev:
    """Nothing: what is written is lost."""

    type: Literal["null"] = "null"
    log: LogField = None


@dataclass(slots=True, kw_only=True)
class VcChardev:
    """A text console in the guest's window."""

    type: Literal["vc"] = "vc"
    log: LogField = None


@dataclass(slots=True, kw_only=True)
class StdioChardev:
    """Standard input and output of the hypervisor."""

    type: Literal["stdio"] = "stdio"
    log: LogField = None


@dataclass(slots=True, kw_only=True)
class SpiceVmcChardev:
    """A channel of the SPICE connection, its purpose told by the device."""

    type: Literal["spicevmc"] = "spicevmc"
    log: LogField = None


# Files and devices


@dataclass(slots=True, kw_only=True)
class PtyChardev:
    """A pseudo terminal of the host, made when the guest starts."""

    type: Literal["pty"] = "pty"
    path: Annotated[str | None, At("source/@path", unless=Context.INACTIVE)] = None
    seclabels: LabelsField = field(default_factory=list)
    log: LogField = None

    def for_format(self, context: Context) -> PtyChardev:
        """Labels belong to a terminal that is there."""
        return self if self.path and not context & Context.INACTIVE else changed(self, seclabels=[])


@dataclass(slots=True, kw_only=True)
class DevChardev:
    """A character device of the host."""

    type: Literal["dev"] = "dev"
    path: Annotated[str | None, At("source/@path")] = None
    seclabels: LabelsField = field(default_factory=list)
    log: LogField = None


@dataclass(slots=True, kw_only=True)
class FileChardev:
    """A file that output goes to."""

    type: Literal["file"] = "file"
    path: Annotated[str | None, At("source/@path")] = None
    append: Annotated[OnOff | None, At("source/@append")] = None
    seclabels: LabelsField = field(default_factory=list)
    log: LogField = None


@dataclass(slots=True, kw_only=True)
class PipeChardev:
    """A pair of named pipes."""

    type: Literal["pipe"] = "pipe"
    path: Annotated[str | None, At("source/@path")] = None
    seclabels: LabelsField = field(default_factory=list)
    log: LogField = None


@dataclass(slots=True, kw_only=True)
class NmdmChardev:
    """A null modem of FreeBSD."""

    type: Literal["nmdm"] = "nmdm"
    master: Annotated[str | None, At("source/@master")] = None
    slave: Annotated[str | None, At("source/@slave")] = None
    log: LogField = None


# Sockets


@dataclass(slots=True, kw_only=True)
class UdpEnd:
    """One end of a UDP connection."""

    mode: Annotated[SocketMode, At("@mode")] = SocketMode.CONNECT
    host: Annotated[str | None, At("@host")] = None
    service: Annotated[str | None, At("@service")] = None


@dataclass(slots=True, kw_only=True)
class UdpChardev:
    """UDP packets from and to an address."""

    type: Literal["udp"] = "udp"
    ends: Annotated[list[UdpEnd], At("source")] = field(default_factory=list)
    """Where we receive (bind), then where we send (connect)."""
    log: LogField = None

    def end(self, mode: SocketMode) -> UdpEnd | None:
        """The end of that mode."""
        return next((end for end in self.ends if end.mode is mode), None)

    def after_parse(self, reading: Reading) -> None:
        """The first of each mode counts, when it says anything."""
        told = [end for end in self.ends if end.host is not None or end.service is not None]
        both = (next((end for end in told if end.mode is mode), None) for mode in (SocketMode.BIND, SocketMode.CONNECT))
        self.ends = [end for end in both if end is not None]


@dataclass(slots=True, kw_only=True)
class TcpChardev:
    """A TCP connection, perhaps under TLS."""

    type: Literal["tcp"] = "tcp"
    mode: Annotated[SocketMode, At("source/@mode")] = SocketMode.CONNECT
    host: Annotated[str | None, At("source/@host")] = None
    service: Annotated[str | None, At("source/@service")] = None
    tls: Annotated[YesNo | None, At("source/@tls")] = None
    tls_from_config: Annotated[OneZero, At("source/@tlsFromConfig", when=Context.STATUS)] = False
    """The driver's settings have decided about TLS, not the document."""
    reconnect: Annotated[Reconnect | None, At("source/reconnect")] = None
    protocol: Annotated[TcpProtocol, At("protocol/@type")] = TcpProtocol.RAW
    log: LogField = None

    @property
    def listen(self) -> bool:
        """Do we wait to be connected to?"""
        return self.mode is SocketMode.BIND

    def for_format(self, context: Context) -> TcpChardev:
        """A peer decides about TLS itself when only our settings did."""
        return without(self, "tls") if context & Context.MIGRATABLE and self.tls_from_config else self


@dataclass(slots=True, kw_only=True)
class UnixChardev:
    """A UNIX socket."""

    type: Literal["unix"] = "unix"
    mode: Annotated[SocketMode | None, At("source/@mode")] = SocketMode.CONNECT
    path: Annotated[str | None, At("source/@path")] = None
    seclabels: LabelsField = field(default_factory=list)
    reconnect: Annotated[Reconnect | None, At("source/reconnect")] = None
    log: LogField = None

    @property
    def listen(self) -> bool:
        """Do we wait to be connected to?"""
        return self.mode is SocketMode.BIND

    def for_format(self, context: Context) -> UnixChardev:
        """Without a path (one will be made) there is nothing to say."""
        return self if self.path is not None else changed(self, mode=None, seclabels=[], reconnect=None)


# Channels of displays


@dataclass(slots=True, kw_only=True)
class SpicePortChardev:
    """A named port of the SPICE connection."""

    type: Literal["spiceport"] = "spiceport"
    channel: Annotated[str | None, At("source/@channel")] = None
    log: LogField = None


@dataclass(slots=True, kw_only=True)
class DbusChardev:
    """A named channel of the D-Bus display."""

    type: Literal["dbus"] = "dbus"
    channel: Annotated[str | None, At("source/@channel")] = None
    log: LogField = None


@dataclass(slots=True, kw_only=True)
class VdagentClipboard:
    """Whether guest and viewer share their clipboards."""

    copypaste: Annotated[YesNo, At("@copypaste")]


@dataclass(slots=True, kw_only=True)
class VdagentMouse:
    """Who draws the pointer."""

    mode: Annotated[MouseMode, At("@mode")]


@dataclass(slots=True, kw_only=True)
class QemuVdagentChardev:
    """QEMU's own agent for clipboard and pointer."""

    type: Literal["qemu-vdagent"] = "qemu-vdagent"
    clipboard: Annotated[VdagentClipboard | None, At("source/clipboard")] = None
    mouse: Annotated[VdagentMouse | None, At("source/mouse")] = None
    log: LogField = None


Chardev = (
    NullChardev
    | VcChardev
    | PtyChardev
    | DevChardev
    | FileChardev
    | PipeChardev
    | StdioChardev
    | UdpChardev
    | TcpChardev
    | UnixChardev
    | SpiceVmcChardev
    | SpicePortChardev
    | NmdmChardev
    | QemuVdagentChardev
    | DbusChardev
)


def read_once(element: Element, source: Chardev, *, labelled: bool = False) -> None:
    """Refuse more source, log or protocol elements than a character device can have."""
    sources = count(element, "source")
    if sources > 1 and not isinstance(source, UdpChardev):
        raise XmlError("only one source element is allowed for character device")
    if sources > 2:
        raise XmlError("only two source elements are allowed for character device")
    for name in ("log", "protocol"):
        if count(element, name) > 1:
            raise XmlError(f"only one {name} element is allowed for character device")
    labels = labels_of(source)
    if labelled:
        check_seclabels_once(labels)
    else:
        labels.clear()


def labels_of(source: Chardev) -> list[DeviceSeclabel]:
    """The labels of a source; those that cannot have any have none."""
    return source.seclabels if isinstance(source, _LABELLED) else []


_LABELLED = (PtyChardev, DevChardev, FileChardev, PipeChardev, UnixChardev)
_WITH_PATH = (FileChardev, DevChardev, PipeChardev)


def check_chardev(source: Chardev, guest: DomainDefinition, *, path_may_be_made: bool = False) -> None:
    """Refuse a source that says too little, or contradicts itself."""
    if isinstance(source, _WITH_PATH) and source.path is None:
        raise InternalError("Missing source path attribute for char device")
    if isinstance(source, NmdmChardev) and (source.master is None) != (source.slave is None):
        raise InternalError("Should define both master and slave path attributes for nmdm device")
    if isinstance(source, TcpChardev):
        _check_present(host=source.host, service=source.service)
    if isinstance(source, UdpChardev):
        connect = source.end(SocketMode.CONNECT)
        _check_present(service=connect.service if connect else None)
    if isinstance(source, UnixChardev) and source.path is None and not path_may_be_made:
        raise InternalError("Missing source path attribute for char device")
    if isinstance(source, TcpChardev | UnixChardev):
        reconnect = source.reconnect is not None and source.reconnect.enabled is not None
        if source.listen and reconnect:
            raise InternalError("chardev reconnect is possible only for connect mode")
    if isinstance(source, SpicePortChardev | DbusChardev):
        check_channel_name(source.channel)
    guest.check_label_overrides(labels_of(source))


def _check_present(**attributes: str | None) -> None:
    for name, value in attributes.items():
        if value is None:
            raise InternalError(f"Missing source {name} attribute for char device")


def check_channel_name(name: str | None) -> None:
    """A channel has a name of letters, digits, underscores, dashes and dots."""
    if name is None:
        raise ConfigUnsupported("Missing source channel attribute for char device")
    if not re.fullmatch(r"[a-zA-Z0-9_.-]*", name):
        raise InvalidArg("Invalid character in source channel for char device")
