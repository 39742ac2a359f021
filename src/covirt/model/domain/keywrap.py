# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<keywrap>`: which protected key operations a mainframe guest may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from covirt.errors import InternalError
from covirt.xml import At, OnOff, Reading


@dataclass(slots=True, kw_only=True)
class KeyWrap:
    """The ciphers."""

    aes: Annotated[OnOff | None, At("cipher[@name='aes']/@state")] = None
    dea: Annotated[OnOff | None, At("cipher[@name='dea']/@state")] = None

    def after_parse(self, reading: Reading) -> None:
        """Each cipher is told once, with its state."""
        names = [cipher.attributes.get("name") for cipher in reading.element.all("cipher")]
        for name in ("aes", "dea"):
            if names.count(name) > 1:
                raise InternalError(f"A domain definition can have no more than one cipher node with name {name}")
