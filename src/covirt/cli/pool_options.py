# SPDX-License-Identifier: LGPL-2.1-or-later
"""A storage pool as options describe it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from covirt.cli.markup import element, optional
from covirt.cli.option import Say


@dataclass(kw_only=True)
class PoolOptions:
    """What `pool-define-as` and `pool-create-as` take."""

    name: Annotated[str, Say("name of the pool", positional=True)]
    type: Annotated[str, Say("kind of pool: dir, fs, logical, ...", positional=True, complete="pool-type")]
    print_xml: Annotated[bool, Say("print the description and do nothing")] = False
    source_host: Annotated[str | None, Say("host it comes from", unwanted_positional=True)] = None
    source_path: Annotated[str | None, Say("path it comes from", unwanted_positional=True)] = None
    source_dev: Annotated[str | None, Say("device it comes from", unwanted_positional=True)] = None
    source_name: Annotated[str | None, Say("what it is called where it comes from", unwanted_positional=True)] = None
    target: Annotated[str | None, Say("where it appears", unwanted_positional=True)] = None
    source_format: Annotated[str | None, Say("format of what it comes from", unwanted_positional=True)] = None
    auth_type: Annotated[str | None, Say("how to log in", unwanted_positional=True)] = None
    auth_username: Annotated[str | None, Say("who logs in", unwanted_positional=True)] = None
    secret_usage: Annotated[str | None, Say("secret to log in with, by its usage", unwanted_positional=True)] = None
    secret_uuid: Annotated[str | None, Say("secret to log in with, by its UUID", unwanted_positional=True)] = None
    adapter_name: Annotated[str | None, Say("SCSI adapter", unwanted_positional=True)] = None
    adapter_wwnn: Annotated[str | None, Say("node name of the adapter", unwanted_positional=True)] = None
    adapter_wwpn: Annotated[str | None, Say("port name of the adapter", unwanted_positional=True)] = None
    adapter_parent: Annotated[str | None, Say("adapter above", unwanted_positional=True)] = None
    adapter_parent_wwnn: Annotated[str | None, Say("node name of the adapter above", unwanted_positional=True)] = None
    adapter_parent_wwpn: Annotated[str | None, Say("port name of the adapter above", unwanted_positional=True)] = None
    adapter_parent_fabric_wwn: Annotated[str | None, Say("fabric of the adapter above", unwanted_positional=True)] = (
        None
    )
    source_protocol_ver: Annotated[str | None, Say("version of the protocol", unwanted_positional=True)] = None
    source_initiator: Annotated[str | None, Say("name of the initiator", unwanted_positional=True)] = None

    def document(self) -> str:
        """The description."""
        target = "" if self.target is None else element("target", None, optional("path", self.target))
        name = optional("name", self.name)
        return element("pool", {"type": self.type}, name, element("source", None, *self._source(), empty=False), target)

    def _source(self) -> list[str]:
        """Where it comes from."""
        initiator = element("iqn", {"name": self.source_initiator}, empty=False)
        return [
            element("host", {"name": self.source_host}, empty=False),
            element("dir", {"path": self.source_path}, empty=False),
            element("device", {"path": self.source_dev}, empty=False),
            element("initiator", None, initiator, empty=False),
            self._adapter(),
            self._login(),
            element("format", {"type": self.source_format}, empty=False),
            optional("name", self.source_name),
            element("protocol", {"ver": self.source_protocol_ver}, empty=False),
        ]

    def _adapter(self) -> str:
        """A Fibre Channel adapter has both names, a SCSI adapter one."""
        if not (self.adapter_wwnn and self.adapter_wwpn):
            attributes = {"type": "scsi_host", "name": self.adapter_name}
            return element("adapter", attributes) if self.adapter_name else ""
        if self.adapter_parent:
            above = {"parent": self.adapter_parent}
        elif self.adapter_parent_wwnn and self.adapter_parent_wwpn:
            above = {"parent_wwnn": self.adapter_parent_wwnn, "parent_wwpn": self.adapter_parent_wwpn}
        elif self.adapter_parent_fabric_wwn:
            above = {"parent_fabric_wwn": self.adapter_parent_fabric_wwn}
        else:
            above = {}
        return element("adapter", {"type": "fc_host", **above, "wwnn": self.adapter_wwnn, "wwpn": self.adapter_wwpn})

    def _login(self) -> str:
        """How to log in, when all that it takes is there."""
        if not (self.auth_type and self.auth_username and (self.secret_usage or self.secret_uuid)):
            return ""
        secret = {"usage": self.secret_usage} if self.secret_usage else {"uuid": self.secret_uuid}
        return element("auth", {"type": self.auth_type, "username": self.auth_username}, element("secret", secret))
