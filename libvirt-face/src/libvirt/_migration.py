# SPDX-License-Identifier: LGPL-2.1-or-later
"""Moving a guest to another host: the source's daemon does it alone, or we lead both sides through the steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from libvirt._base import Wrapped

if TYPE_CHECKING:
    from libvirt import virConnect, virDomain

_NAMES = {"dname": "destination_name", "uri": "migrate_uri", "dxml": "destination_xml", "bandwidth": "bandwidth"}


class Migration(Wrapped):
    """The ways to move a guest."""

    def migrate(
        self, dconn: virConnect, flags: int = 0, dname: str | None = None, uri: str | None = None, bandwidth: int = 0
    ) -> virDomain:
        """Move the guest to another connection's host."""
        return self._lead(dconn, _given(dname=dname, uri=uri, bandwidth=bandwidth), flags, "virDomainMigrate")

    def migrate2(
        self,
        dconn: virConnect,
        dxml: str | None = None,
        flags: int = 0,
        dname: str | None = None,
        uri: str | None = None,
        bandwidth: int = 0,
    ) -> virDomain:
        """Move the guest, and change its definition on the way."""
        given = _given(dname=dname, uri=uri, dxml=dxml, bandwidth=bandwidth)
        return self._lead(dconn, given, flags, "virDomainMigrate2")

    def migrate3(self, dconn: virConnect, params: Mapping[str, Any], flags: int = 0) -> virDomain:
        """Move the guest, with parameters."""
        return self._lead(dconn, dict(params), flags, "virDomainMigrate3")

    def migrateToURI(self, duri: str, flags: int = 0, dname: str | None = None, bandwidth: int = 0) -> int:
        """Have the guest's daemon move it to another daemon."""
        from libvirt._migrate import send

        return send(self, duri, _given(dname=dname, bandwidth=bandwidth), flags, "virDomainMigrateToURI")

    def migrateToURI2(
        self,
        dconnuri: str | None = None,
        miguri: str | None = None,
        dxml: str | None = None,
        flags: int = 0,
        dname: str | None = None,
        bandwidth: int = 0,
    ) -> int:
        """Have the guest's daemon move it, and change its definition on the way."""
        from libvirt._migrate import send

        given = _given(dname=dname, uri=miguri, dxml=dxml, bandwidth=bandwidth)
        return send(self, dconnuri, given, flags, "virDomainMigrateToURI2")

    def migrateToURI3(self, dconnuri: str | None, params: Mapping[str, Any], flags: int = 0) -> int:
        """Have the guest's daemon move it, with parameters."""
        from libvirt._migrate import send

        return send(self, dconnuri, dict(params), flags, "virDomainMigrateToURI3")

    def _lead(self, dconn: virConnect, params: dict[str, Any], flags: int, function: str) -> virDomain:
        from libvirt._migrate import lead

        return lead(self, dconn, params, flags, function)


def _given(**values: Any) -> dict[str, Any]:
    """The parameters that were given."""
    return {_NAMES[name]: value for name, value in values.items() if value}
