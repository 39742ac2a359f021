# SPDX-License-Identifier: LGPL-2.1-or-later
"""Networks, interfaces and devices of the host, read and written back, networks also after a change of one part."""

from __future__ import annotations

from covirt import xml
from covirt.model.filter_binding import FilterBindingDefinition
from covirt.model.interface import HostInterface
from covirt.model.network.definition import NetworkDefinition
from covirt.model.network.port import NetworkPortDefinition
from covirt.model.network.update import Command, Section, update
from covirt.model.nodedev.definition import NodeDeviceDefinition
from covirt.testing.corpus.manifest import Case
from covirt.xml import Context


def run(case: Case) -> object:
    """Carry out one case."""
    if case.suite == "interfacexml2xml":
        return xml.format(xml.parse(HostInterface, case.text()).value)
    if case.suite == "virnetworkportxml2xml":
        return xml.format(xml.parse(NetworkPortDefinition, case.text()).value)
    if case.suite == "virnwfilterbindingxml2xml":
        return xml.format(xml.parse(FilterBindingDefinition, case.text()).value)
    if case.suite == "nodedevxml2xml":
        device = xml.parse(NodeDeviceDefinition, case.text()).value
        return xml.format(device, context=Context.INACTIVE if case.options["inactive"] else Context.NONE)
    if case.suite == "networkxml2xml":
        return NetworkDefinition.parse(case.text()).format(_context(case))
    network = NetworkDefinition.parse(case.text("network"))
    command = Command[case.options["command"].upper().replace("-", "_")]
    section = Section[case.options["section"].upper().replace("-", "_")]
    update(network, command.value, section.value[0], case.options["parent_index"], case.text("update"))
    return network.format(_context(case))


def _context(case: Case) -> Context:
    return Context.INACTIVE if case.options.get("inactive_format") else Context.NONE
