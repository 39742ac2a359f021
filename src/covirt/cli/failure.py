# SPDX-License-Identifier: LGPL-2.1-or-later
"""How commands fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from covirt.errors import Error


class CommandFailed(Exception):
    """A command ends without success; the message goes to the user, before that of its cause."""

    def __init__(self, message: str = "", cause: Error | None = None) -> None:
        """Say what did not work; an empty message leaves the word to the cause, or to what was said before."""
        super().__init__(message)
        self.message = message
        self.cause = cause


@contextmanager
def failing(message: str) -> Iterator[None]:
    """Put a sentence in front of an error that happens inside."""
    try:
        yield
    except Error as error:
        raise CommandFailed(message, error) from error
