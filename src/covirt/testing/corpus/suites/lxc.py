# SPDX-License-Identifier: LGPL-2.1-or-later
"""Containers: their documents, and lxc-tools' configurations turned into documents."""

from __future__ import annotations

from covirt.drivers.lxc.native import read_native
from covirt.drivers.lxc.reading import Circumstances, complete_native, read_definition
from covirt.testing.corpus.manifest import Case
from covirt.values import Uuid
from covirt.xml import Context

HOST = Circumstances(arch="x86_64")


def run(case: Case) -> object:
    """The document as it comes out again, or that of a configuration."""
    if case.suite == "lxcxml2xml":
        context = Context.NONE if case.options.get("live") else Context.INACTIVE
        return read_definition(case.text(), HOST, context).format(context | Context.SECURE)
    guest = read_native(case.text("conf"))
    complete_native(guest, HOST)
    guest.uuid = Uuid.parse(str(case.options["uuid"]))
    return guest.format()
