# SPDX-License-Identifier: LGPL-2.1-or-later
"""Directories, compared with the facts about libvirt's."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from pathlib import Path

import pytest

from covirt.runtime.roots import RootKind, Roots, short_name

SHARED = Path(os.environ.get("COVIRT_SHARED") or Path(__file__).parents[2] / "../shared")
FACTS = SHARED / "facts/paths.json"
DRIVERS = ["qemu", "network", "storage", "secret", "nwfilter", "interface", "lxc", "libxl", "ch"]
VARIABLES = {
    "XDG_CONFIG_HOME": "/h/.config",
    "XDG_CACHE_HOME": "/h/.cache",
    "XDG_RUNTIME_DIR": "/run/user/7",
    "XDG_DATA_HOME": "/h/data",
    "HOME": "/h",
}


@pytest.mark.skipif(not FACTS.exists(), reason="the facts about libvirt's paths are not there (COVIRT_SHARED)")
@pytest.mark.parametrize("kind", ["system", "session"])
@pytest.mark.parametrize(
    "driver", ["qemu", "network", "storage", "secret", "nwfilter", "interface", "lxc", "libxl", "ch"]
)
def test_places_are_libvirts(driver: str, kind: str) -> None:
    facts = json.loads(FACTS.read_text())["directories"][driver]
    roots = getattr(Roots.system() if kind == "system" else Roots.session(VARIABLES), driver)
    assert {one.name for one in fields(roots)} == set(facts)
    for name, places in facts.items():
        if (place := places[kind]) is not None:
            for variable, value in VARIABLES.items():
                place = place.replace(f"${variable}", value)
            assert str(getattr(roots, name)) == place.partition(" ")[0], name


def test_embedded_driver_stays_below_its_root() -> None:
    roots = Roots.choose(privileged=True, root=Path("/r"))
    assert roots.kind is RootKind.EMBED
    assert str(roots.qemu.config) == "/r/etc/qemu"
    assert str(roots.qemu.state) == "/r/run/qemu"
    assert str(roots.qemu.save) == "/r/lib/qemu/save"
    assert str(roots.secret.config) == "/r/etc/secrets"
    for driver in ("qemu", "network", "storage", "secret", "interface", "nodedev", "lxc", "ch", "common"):
        directories = getattr(roots, driver)
        for one in fields(directories):
            assert getattr(directories, one.name).is_relative_to("/r"), (driver, one.name)


def test_session_without_runtime_directory() -> None:
    assert str(Roots.session({"HOME": "/h"}).run) == "/h/.cache/libvirt"


def test_short_name_is_cut() -> None:
    assert short_name(3, "a" * 30) == "3-" + "a" * 20
