# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client's configuration: libvirt.conf of the system or of the user."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from covirt.runtime.settings import Setting, Settings
from covirt.uri import resolve_alias


class RemoteMode(StrEnum):
    """Which daemon is looked for."""

    AUTO = "auto"
    DIRECT = "direct"
    LEGACY = "legacy"


class RemoteProxy(StrEnum):
    """What passes bytes on at the far end of ssh."""

    AUTO = "auto"
    NETCAT = "netcat"
    NATIVE = "native"


@dataclass(frozen=True, kw_only=True)
class ClientSettings(Settings):
    """Settings of clients."""

    uri_aliases: Annotated[
        list[str] | None, Setting("Short names for URIs.", example=["hail=qemu+ssh://root@hail.example.com/system"])
    ] = None
    uri_default: Annotated[str | None, Setting("The URI when none is given.", example="qemu:///system")] = None
    remote_mode: Annotated[RemoteMode, Setting("Which local daemon is looked for.")] = RemoteMode.AUTO
    remote_proxy: Annotated[RemoteProxy, Setting("What passes bytes on at the far end of ssh.")] = RemoteProxy.AUTO
    tls_priority: Annotated[str | None, Setting("Ciphers for TLS.", example="NORMAL")] = None


def settings_path(env: Mapping[str, str], uid: int) -> Path:
    """Where the configuration of this user lies."""
    if uid == 0:
        return Path("/etc/libvirt/libvirt.conf")
    config = env.get("XDG_CONFIG_HOME") or str(Path(env.get("HOME", "/")) / ".config")
    return Path(config) / "libvirt" / "libvirt.conf"


def wanted_uri(given: str | None, env: Mapping[str, str], settings: ClientSettings) -> str | None:
    """The URI that is meant: what is given, the environment's, the configuration's; None if nobody says."""
    text = given or env.get("LIBVIRT_DEFAULT_URI") or settings.uri_default
    return resolve_alias(text, settings.uri_aliases or []) if text else None


def load_settings(env: Mapping[str, str] | None = None) -> ClientSettings:
    """The configuration of this user."""
    return ClientSettings.load(settings_path(os.environ if env is None else env, os.geteuid()))
