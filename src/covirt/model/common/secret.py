# SPDX-License-Identifier: LGPL-2.1-or-later
"""How elements name a secret, and the credentials that lead to one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from covirt.errors import ConfigUnsupported, XmlError
from covirt.values import Uuid
from covirt.xml import At, Reading

SecretUuid = Annotated[Uuid | None, At("@uuid", invalid="invalid secret uuid '{value}'")]
SecretUsage = Annotated[str | None, At("@usage")]


@dataclass(slots=True, kw_only=True)
class SecretLookup:
    """A secret, named by its uuid or by its usage."""

    type: Annotated[str | None, At("@type")] = None
    uuid: SecretUuid = None
    usage: SecretUsage = None

    def after_parse(self, reading: Reading) -> None:
        """Exactly one of the two names must be there."""
        if self.uuid is None and self.usage is None:
            raise XmlError("missing secret uuid or usage attribute")
        if self.uuid is not None and self.usage is not None:
            raise XmlError("either secret uuid or usage expected")


class AuthType(StrEnum):
    """The protocol of an authentication, told by storage pools."""

    CHAP = "chap"
    CEPH = "ceph"


@dataclass(slots=True, kw_only=True)
class Auth:
    """Who we are to a storage server, and the secret that proves it."""

    type: Annotated[AuthType | None, At("@type", invalid="unknown auth type '{value}'", error=ConfigUnsupported)] = None
    username: Annotated[str, At("@username", missing="missing username for auth")]
    secret: Annotated[SecretLookup, At("secret", missing="Missing <secret> element in auth")]

    def after_parse(self, reading: Reading) -> None:
        """An empty name is none."""
        if not self.username:
            raise XmlError("missing username for auth")
