# SPDX-License-Identifier: LGPL-2.1-or-later
"""The commands, in modules by theme; this table says which group shows them, in which order, and where they live."""

from __future__ import annotations

GROUPS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "domain",
        "Domain Management",
        {
            "autostart": "domain.define",
            "console": "domain.console",
            "create": "domain.define",
            "define": "domain.define",
            "destroy": "domain.lifecycle",
            "domid": "domain.names",
            "domname": "domain.names",
            "domrename": "domain.define",
            "domuuid": "domain.names",
            "domxml-from-native": "domain.xml",
            "domxml-to-native": "domain.xml",
            "dumpxml": "domain.xml",
            "edit": "domain.xml",
            "managedsave": "domain.save",
            "managedsave-dumpxml": "domain.save",
            "managedsave-remove": "domain.save",
            "reboot": "domain.lifecycle",
            "reset": "domain.lifecycle",
            "restore": "domain.save",
            "resume": "domain.lifecycle",
            "run": "domain.run",
            "save": "domain.save",
            "save-image-dumpxml": "domain.save",
            "shutdown": "domain.lifecycle",
            "start": "domain.lifecycle",
            "suspend": "domain.lifecycle",
            "ttyconsole": "domain.console",
            "undefine": "domain.define",
        },
    ),
    (
        "monitor",
        "Domain Monitoring",
        {
            "dominfo": "domain.info",
            "domstate": "domain.info",
            "list": "domain.list",
        },
    ),
    ("events", "Domain Events", {"event": "domain.event"}),
    (
        "host",
        "Host and Hypervisor",
        {
            "capabilities": "host",
            "domcapabilities": "host",
            "hostname": "host",
            "nodeinfo": "host",
            "sysinfo": "host",
            "uri": "host",
            "version": "host",
        },
    ),
    (
        "virsh",
        "Virsh itself",
        {
            "cd": "itself",
            "echo": "itself",
            "exit": "itself",
            "help": "itself",
            "pwd": "itself",
            "quit": "itself",
            "complete": "itself",
            "connect": "itself",
        },
    ),
)
