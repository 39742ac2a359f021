# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ranges of TCP ports from which displays and migrations take theirs."""

from __future__ import annotations

import errno
import socket

from covirt.errors import InternalError


class Ports:
    """A range of ports; one that is taken stays taken until it is given back."""

    def __init__(self, name: str, low: int, high: int) -> None:
        """`name` is for messages: `display`, `migration`."""
        self._name, self._low, self._high = name, low, high
        self._taken: set[int] = set()

    def take(self) -> int:
        """The lowest port that nobody has."""
        for port in range(self._low, self._high + 1):
            if port not in self._taken and _free(port):
                self._taken.add(port)
                return port
        raise InternalError(f"Unable to find an unused port in range '{self._name}' ({self._low}-{self._high})")

    def reserve(self, port: int) -> None:
        """Note a port that is in use already."""
        self._taken.add(port)

    def give_back(self, port: int) -> None:
        """The port is free again."""
        self._taken.discard(port)


def _free(port: int) -> bool:
    """Whether nobody listens there, on any address."""
    for family, address in ((socket.AF_INET6, "::"), (socket.AF_INET, "0.0.0.0")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
    return True
