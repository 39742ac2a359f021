# SPDX-License-Identifier: LGPL-2.1-or-later
"""Users and groups that are there on every fake machine."""

from __future__ import annotations

from pathlib import Path

from covirt.errors import InvalidArg
from covirt.host.users import User, Users

USERS = {"root": 0, "libvirt-qemu": 64055, "nobody": 65534}
GROUPS = {"root": 0, "kvm": 107, "libvirt-qemu": 64055, "nogroup": 65534}


class FakeUsers(Users):
    """A machine with few users."""

    def user(self, name: str) -> User:
        """A user by name or number."""
        if name in USERS:
            return self.user_of(USERS[name])
        return self.user_of(_number(name, "user"))

    def user_of(self, uid: int) -> User:
        """A user by number."""
        name = next((name for name, number in USERS.items() if number == uid), None)
        return User(uid, uid, name, Path("/var/lib/libvirt"), (uid,))

    def group(self, name: str) -> int:
        """A group by name or number."""
        return GROUPS[name] if name in GROUPS else _number(name, "group")

    def group_name(self, gid: int) -> str | None:
        """The name of a group."""
        return next((name for name, number in GROUPS.items() if number == gid), None)

    def me(self) -> User:
        """Root, who may do everything here."""
        return self.user_of(0)


def _number(text: str, kind: str) -> int:
    digits = text.removeprefix("+")
    if not digits.isdigit():
        raise InvalidArg(f"Failed to parse {kind} '{text}'")
    return int(digits)
