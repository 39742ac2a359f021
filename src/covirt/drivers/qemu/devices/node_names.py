# SPDX-License-Identifier: LGPL-2.1-or-later
"""Names of block nodes and of their secrets in a running guest, as its status file keeps them.

They are not made anew from the image's number: the guest may have been started by a libvirt that numbered otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from covirt.xml import Element


@dataclass(slots=True, kw_only=True)
class NodeNames:
    """The names that an image's nodes have."""

    storage: str | None = None
    format: str | None = None
    slice: str | None = None
    auth: str | None = None
    cookie: str | None = None
    tls: str | None = None
    encryption: list[str] = field(default_factory=list)

    @classmethod
    def of_status(cls, private: Element | None) -> Self | None:
        """Read them; None when there are none."""
        nodes = private.child("nodenames") if private else None
        if private is None or nodes is None:
            return None
        by_type = {node.attributes.get("type"): node.attributes.get("name") for node in nodes.all("nodename")}
        objects = private.child("objects") or Element("objects")
        secrets = [(one.attributes.get("type"), one.attributes.get("alias", "")) for one in objects.all("secret")]
        single = dict(secrets)
        return cls(
            storage=by_type.get("storage"),
            format=by_type.get("format"),
            slice=by_type.get("slice-storage"),
            auth=single.get("auth"),
            cookie=single.get("httpcookie"),
            tls=objects.get("TLSx509/@alias"),
            encryption=[alias for type, alias in secrets if type == "encryption"],
        )
