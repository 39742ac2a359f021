# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table of capability flags and what it is judged by."""

from __future__ import annotations

import pytest

from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.answers import Answers
from covirt.drivers.qemu.capabilities.domain_caps import _PARTS
from covirt.drivers.qemu.capabilities.flags import BY_NAME, FLAGS
from covirt.drivers.qemu.capabilities.probe import flags_from
from covirt.drivers.qemu.capabilities.schema import QapiSchema
from covirt.errors import InternalError

SCHEMA = QapiSchema(
    [
        {"name": "screendump", "meta-type": "command", "arg-type": "0", "ret-type": "1", "features": ["new"]},
        {"name": "0", "meta-type": "object", "members": [{"name": "format", "type": "2", "default": None}]},
        {"name": "1", "meta-type": "object", "tag": "kind", "members": [], "variants": [{"case": "a", "type": "[0]"}]},
        {"name": "2", "meta-type": "enum", "members": [{"name": "png", "features": ["deprecated"]}], "values": ["ppm"]},
        {"name": "[0]", "meta-type": "array", "element-type": "3"},
        {"name": "3", "meta-type": "alternate", "members": [{"type": "str"}, {"type": "0"}]},
        {"name": "str", "meta-type": "builtin", "json-type": "string"},
        {"name": "loop", "meta-type": "array", "element-type": "loop"},
        {"name": "round", "meta-type": "command", "arg-type": "loop"},
    ]
)


def test_every_flag_has_its_own_name() -> None:
    assert len(BY_NAME) == len(FLAGS)


def test_domain_capabilities_only_ask_for_flags_that_exist() -> None:
    needs = {need for part in _PARTS.values() for values in part.values() for need in values.values()}
    assert {need for need in needs if isinstance(need, str)} <= BY_NAME.keys()


def test_misspelt_flag_is_our_mistake() -> None:
    caps = EmulatorCapabilities(binary="/usr/bin/qemu", arch="x86_64")
    with pytest.raises(KeyError, match="'no-such-flag' is not a QEMU capability"):
        _ = "no-such-flag" in caps


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("screendump", True),
        ("screendump/$new", True),
        ("screendump/$old", False),
        ("screendump/arg-type/format", True),
        ("screendump/arg-type/*format", True),
        ("screendump/arg-type/format/^png", True),
        ("screendump/arg-type/format/^png/$deprecated", True),
        ("screendump/arg-type/format/^png/$other", False),
        ("screendump/arg-type/format/^gif", False),
        ("screendump/ret-type/+a/!string", True),
        ("screendump/ret-type/+a/!number", False),
        ("screendump/ret-type/+a/format", True),
        ("screendump/ret-type/+b", False),
        ("nothing", False),
    ],
)
def test_schema_answers_paths(path: str, there: bool) -> None:
    assert SCHEMA.has(path) is there


@pytest.mark.parametrize("path", ["round/arg-type/x", "screendump/$new/more", "screendump/arg-type/format/^png/x"])
def test_senseless_path_is_refused(path: str) -> None:
    with pytest.raises(InternalError):
        SCHEMA.has(path)


def test_flags_follow_from_evidence() -> None:
    answers = Answers(
        arch="sparc",
        schema=SCHEMA,
        accelerators=frozenset({"kvm"}),
        types=frozenset({"virtio-scsi-ccw", "sev-guest"}),
        properties={("device", "virtio-blk-pci"): {"scsi": False, "acpi-index": None}},
        options={"spice": frozenset({"gl"}), "sandbox": frozenset()},
        cpu_names=frozenset({"max"}),
    )
    assert flags_from(answers) == {
        "kvm",
        "virtio-scsi-pci",
        "virtio-blk-pci.scsi",
        "virtio-blk-pci.scsi.default.disabled",
        "acpi-index",
        "spice",
        "spice-gl",
        "seccomp-sandbox",
        "cpu-max",
        "ncr53c90",
        "screenshot-format-png",
    }
