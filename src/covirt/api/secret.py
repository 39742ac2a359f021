# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets: passwords and keys that are kept for disks, pools and others."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.event import Event, event
from covirt.api.handles import Connect, Secret
from covirt.api.layout import Listed, Max, UpTo
from covirt.api.themes import SECRET
from covirt.values import Uuid

call = Calls(SECRET)


class SecretUsageType(Number, prefix="VIR_SECRET_USAGE_TYPE_"):
    """What a secret is used for."""

    NONE = 0
    VOLUME = 1
    CEPH = 2
    ISCSI = 3
    TLS = 4
    VTPM = 5


class SecretEventID(Number, prefix="VIR_SECRET_EVENT_ID_"):
    """The numbers of the kinds of secret events."""

    LIFECYCLE = 0
    VALUE_CHANGED = 1


class SecretEventLifecycleType(Number, prefix="VIR_SECRET_EVENT_"):
    """What happened in the life of a secret."""

    DEFINED = 0
    UNDEFINED = 1


class ConnectListAllSecretsFlags(Flags, prefix="VIR_CONNECT_LIST_SECRETS_"):
    """Which secrets to list."""

    EPHEMERAL = 1
    NO_EPHEMERAL = 1 << 1
    PRIVATE = 1 << 2
    NO_PRIVATE = 1 << 3


class SecretDefineFlags(Flags, prefix="VIR_SECRET_DEFINE_"):
    """How to define a secret."""

    VALIDATE = 1


@call(287, "virConnectListAllSecrets", acl="connect:search_secrets", filter="secret:getattr", high=True, since="0.10.2")
def list_all_secrets(
    conn: Connect, flags: ConnectListAllSecretsFlags
) -> Annotated[list[Secret], Listed(limits.SECRET_LIST)]:
    """List the secrets that match the flags."""


@call(139, "virConnectNumOfSecrets", acl="connect:search_secrets", filter="secret:getattr", high=True, since="0.7.1")
def num_of_secrets(conn: Connect) -> int:
    """Count the secrets."""


@call(140, "virConnectListSecrets", acl="connect:search_secrets", filter="secret:getattr", high=True, since="0.7.1")
def list_secrets(conn: Connect) -> Annotated[list[str], UpTo(limits.SECRET_LIST)]:
    """List the uuids of the secrets."""


@call(141, "virSecretLookupByUUID", acl="secret:getattr", high=True, since="0.7.1")
def secret_lookup_by_uuid(conn: Connect, uuid: Uuid) -> Secret:
    """Find a secret by its uuid."""


@call(147, "virSecretLookupByUsage", acl="secret:getattr", high=True, since="0.7.1")
def secret_lookup_by_usage(conn: Connect, usage_type: SecretUsageType, usage_id: str) -> Secret:
    """Find a secret by what it is used for."""


@call(142, "virSecretDefineXML", acl=("secret:write", "secret:save"), high=True, since="0.7.1")
def secret_define_xml(conn: Connect, xml: str, flags: SecretDefineFlags) -> Secret:
    """Define a secret from XML, or change a defined one."""


@call(143, "virSecretGetXMLDesc", acl="secret:read", high=True, since="0.7.1")
def xml_desc(secret: Secret, flags: NoFlags) -> str:
    """Describe the secret as XML, without its value."""


@call(144, "virSecretSetValue", acl="secret:write", high=True, since="0.7.1")
def set_value(secret: Secret, value: Annotated[bytes, Max(limits.SECRET_VALUE)], flags: NoFlags) -> None:
    """Set the value of a secret."""


@call(145, "virSecretGetValue", acl="secret:read_secure", high=True, since="0.7.1")
def value(secret: Secret, flags: NoFlags) -> Annotated[bytes, Max(limits.SECRET_VALUE)]:
    """Get the value of a secret that is not private."""


@call(146, "virSecretUndefine", acl="secret:delete", high=True, since="0.7.1")
def undefine(secret: Secret) -> None:
    """Remove a secret and its value."""


@event(382, id=0, symbol="VIR_SECRET_EVENT_ID_LIFECYCLE", theme=SECRET)
class SecretLifecycle(Event):
    """A secret was defined or removed."""

    secret: Secret
    event: SecretEventLifecycleType
    detail: int


@event(383, id=1, symbol="VIR_SECRET_EVENT_ID_VALUE_CHANGED", theme=SECRET)
class SecretValueChanged(Event):
    """A secret got another value."""

    secret: Secret
