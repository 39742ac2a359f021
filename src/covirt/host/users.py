# SPDX-License-Identifier: LGPL-2.1-or-later
"""Users and groups of this machine, found the way libvirt finds them."""

from __future__ import annotations

import grp
import os
import pwd
import re
from dataclasses import dataclass
from pathlib import Path

from covirt.errors import InternalError, InvalidArg


@dataclass(frozen=True, slots=True)
class User:
    """A user, or a number that no user has."""

    uid: int
    gid: int
    name: str | None
    home: Path
    groups: tuple[int, ...]
    """All groups it is in, its own first."""


class Users:
    """Looks up users and groups."""

    def user(self, name: str) -> User:
        """A user by name; `+1000` is a number in any case, `1000` when nobody is called so."""
        if not name.startswith("+"):
            try:
                return self._full(pwd.getpwnam(name))
            except KeyError:
                pass
        number = _number(name)
        if number is None:
            raise InvalidArg(f"Failed to parse user '{name}'")
        return self.user_of(number)

    def user_of(self, uid: int) -> User:
        """A user by number; one that has no name is in no group but its own."""
        try:
            return self._full(pwd.getpwuid(uid))
        except KeyError:
            return User(uid, uid, None, Path("/"), ())

    def group(self, name: str) -> int:
        """The number of a group by name; `+1000` is a number in any case, `1000` when no group is called so."""
        if not name.startswith("+"):
            try:
                return grp.getgrnam(name).gr_gid
            except KeyError:
                pass
        number = _number(name)
        if number is None:
            raise InvalidArg(f"Failed to parse group '{name}'")
        return number

    def group_name(self, gid: int) -> str | None:
        """The name of a group."""
        try:
            return grp.getgrgid(gid).gr_name
        except KeyError:
            return None

    def owner(self, label: str) -> tuple[int, int]:
        """User and group of a DAC label `USER:GROUP`."""
        user, colon, group = label.partition(":")
        if not colon:
            raise InternalError(f"Failed to parse uid and gid '{label}'")
        return self.user(user).uid, self.group(group)

    def me(self) -> User:
        """Who we are."""
        return self.user_of(os.geteuid())

    def _full(self, entry: pwd.struct_passwd) -> User:
        groups = tuple(os.getgrouplist(entry.pw_name, entry.pw_gid))
        return User(entry.pw_uid, entry.pw_gid, entry.pw_name, Path(entry.pw_dir), groups)


def _number(text: str) -> int | None:
    return int(text.removeprefix("+")) if re.fullmatch(r"\+?\d{1,10}", text) and int(text) < 2**32 else None
