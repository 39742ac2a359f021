# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connection URIs: `driver+transport://user@host:port/path?parameters`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import quote, unquote

from covirt.errors import ConfSyntax, ErrorDomain, InternalError, InvalidArg

_FORM = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):)"
    r"(?://(?:(?P<user>[^@/?#]*)@)?(?P<host>\[[^\]/?#]*\]|[^:/?#]*)(?::(?P<port>[0-9]*))?(?=[/?#]|\Z))?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?"
)
_LEGAL = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|[^\x00-\x7f]|%[0-9A-Fa-f]{2})*")
_ALIAS = re.compile(r"[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Uri:
    """A URI taken apart; `parameters` keeps the order and the repetitions of the query."""

    scheme: str
    user: str | None = None
    host: str | None = None
    port: int = 0
    path: str = ""
    parameters: tuple[tuple[str, str], ...] = field(default=())
    fragment: str | None = None
    query: str | None = field(default=None, compare=False, repr=False)
    """The query as it was written, as long as no parameter is taken away; libvirt does not rewrite it either."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take a URI apart; a text that is none is refused."""
        found = _FORM.fullmatch(text) if _LEGAL.fullmatch(text) else None
        if not found:
            raise InternalError(f"Unable to parse URI {text}", domain=ErrorDomain.URI)
        host = found["host"]
        return cls(
            scheme=found["scheme"],
            user=None if found["user"] is None else unquote(found["user"]),
            host=None if host is None else unquote(host.strip("[]")),
            port=int(found["port"] or 0) if host else 0,
            path=unquote(found["path"]),
            parameters=_parse_query(found["query"] or ""),
            query=found["query"],
            fragment=None if found["fragment"] is None else unquote(found["fragment"]),
        )

    @property
    def driver(self) -> str:
        """The part of the scheme before the plus sign."""
        return self.scheme.partition("+")[0]

    @property
    def transport(self) -> str | None:
        """The part of the scheme after the plus sign, if there is one."""
        return self.scheme.partition("+")[2] or None

    def parameter(self, name: str) -> str | None:
        """The first value of a parameter; upper and lower case are the same."""
        return next((value for key, value in self.parameters if key.lower() == name.lower()), None)

    def required(self, name: str) -> str:
        """The value of a parameter that must be there."""
        value = self.parameter(name)
        if value is None:
            raise InvalidArg(f"Missing URI parameter '{name}'", domain=ErrorDomain.URI, about=str(self))
        return value

    def without(self, names: Iterable[str]) -> Uri:
        """The same URI with the named parameters left out."""
        left_out = {name.lower() for name in names}
        kept = tuple(pair for pair in self.parameters if pair[0].lower() not in left_out)
        return replace(self, parameters=kept, query=None)

    def local(self) -> Uri:
        """The same URI as the daemon on the host itself knows it: no transport, user, host and port."""
        return replace(self, scheme=self.driver, user=None, host=None, port=0)

    def __str__(self) -> str:
        """The URI in one piece."""
        user = "" if self.user is None else quote(self.user, safe="-._~!$&'()*+,;=:") + "@"
        host = self.host or ""
        shown = f"[{host}]" if ":" in host else quote(host, safe="-._~!$&'()*+,;=")
        port = f":{self.port}" if self.port else ""
        path = quote(self.path, safe="/-._~!$&'()*+,;=:@")
        pairs = (f"{name}={quote(value, safe='-._~/')}" for name, value in self.parameters)
        query = "&".join(pairs) if self.query is None else self.query
        fragment = "" if self.fragment is None else "#" + quote(self.fragment, safe="-._~!$&'()*+,;=:@/?")
        return f"{self.scheme}://{user}{shown}{port}{path}{'?' + query if query else ''}{fragment}"


def _parse_query(query: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a query; a name alone has an empty value, a value alone is passed over."""
    separator = "&" if "&" in query else ";"
    pairs = (part.partition("=") for part in query.split(separator))
    return tuple((unquote(name), unquote(value)) for name, _, value in pairs if name)


def resolve_alias(text: str, aliases: Iterable[str]) -> str:
    """The URI that `NAME=URI` entries of the client's configuration give for a name; else the text itself."""
    if ":" in text or "/" in text:
        return text
    for entry in aliases:
        name, equals, uri = entry.partition("=")
        if not equals:
            raise ConfSyntax(
                f"Malformed 'uri_aliases' config entry '{entry}', expected 'alias=uri://host/path'",
                domain=ErrorDomain.URI,
            )
        if not _ALIAS.fullmatch(name):
            raise ConfSyntax(
                f"Malformed 'uri_aliases' config entry '{entry}', aliases may only contain 'a-Z, 0-9, _, -'",
                domain=ErrorDomain.URI,
            )
        if name == text:
            return uri
    return text
