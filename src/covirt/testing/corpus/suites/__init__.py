# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the cases of each suite are carried out, one module per family of suites.

A module has one function, `run(case)`, plain or async. It puts the case through the code that serves users and gives
back what came out: a text, a JSON value, or a mapping of several texts by role; what covirt refuses raises covirt's own
error. A condition in words or a trace is checked by the module: it raises `Mismatch` when it does not hold. A
kind that cannot be carried out yet raises `CannotRun`.
"""

from __future__ import annotations

SUITES: dict[str, str] = {
    "qemuxmlconf": "qemu",
    "storagevolxml2xml": "storage",
    "storagepoolxml2xml": "storage",
    "secretxml2xml": "secret",
    "interfacexml2xml": "network",
    "nodedevxml2xml": "network",
    "virnetworkportxml2xml": "network",
    "virnwfilterbindingxml2xml": "network",
    "qemudomainsnapshotxml2xml": "moments",
    "qemudomaincheckpointxml2xml": "moments",
    "networkxml2xml": "network",
    "networkxml2xmlupdate": "network",
    "genericxml2xml": "domain_xml",
    "cputest": "cpu",
    "virbitmap": "values",
    "virjson": "json_text",
    "virkeycode": "values",
    "virtypedparam": "values",
    "viruri": "values",
    "virtime": "places",
    "virfile": "places",
    "socket": "places",
    "domaincaps": "domain_capabilities",
    "qemuagent": "qemu_agent",
    "qemucapabilities": "qemu_capabilities",
    "qemucaps2xml": "qemu_capabilities",
    "qemufirmware": "qemu_firmware",
    "qemumemlock": "qemu_guests",
    "qemuvhostuser": "qemu_guests",
    "qemuxmlactive2xml": "qemu_guests",
    "qemumonitorjson": "qemu_monitor",
    "qemublock": "qemu_block",
    "qemunbdkit": "qemu_nbdkit",
    "qemumigparams": "qemu_migration",
    "domainbackupxml2xml": "backup",
    "virstorage": "backing_names",
    "virconf": "conf",
    "virlog": "log",
    "virsh": "shell",
    "vshtable": "tables",
    "virhostcpu": "host_cpu",
    "vircaps2xml": "host_capabilities",
    "vircgroup": "cgroup",
    "sysinfo": "sysinfo",
    "lxcconf2xml": "lxc",
    "lxcxml2xml": "lxc",
}
"""Suite name to the module of this package that runs it. A suite that is not here counts as not passed."""
