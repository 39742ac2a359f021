# SPDX-License-Identifier: LGPL-2.1-or-later
"""The settings of the recorded QEMU driver, and what single cases change of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from covirt.drivers.qemu.settings import QemuSettings


def settings_of(settings: QemuSettings, told: Mapping[str, Any]) -> QemuSettings:
    """The settings that a case tells by the names of libvirt's structure."""
    given = {setting_name(name): value for name, value in told.items()}
    changed = {name: bool(value) if value in (0, 1) else value for name, value in given.items()}
    fixed: dict[str, Any] = {"spice_password": "123456", "vnc_sasl_dir": "/etc/sasl2", "spice_sasl_dir": "/etc/sasl2"}
    return replace(settings, **(fixed | changed))


def setting_name(name: str) -> str:
    """`vncTLSx509secretUUID` is `vnc_tls_x509_secret_uuid`."""
    spaced = re.sub(r"(TLS|SASL|UUID|Nbdkit)", lambda found: "_" + found[1].lower() + "_", name)
    spaced = re.sub(r"(x509)", r"_\1_", spaced)
    spaced = re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), spaced)
    return re.sub("_+", "_", spaced).strip("_")
