# SPDX-License-Identifier: LGPL-2.1-or-later
"""The numbers by which an s390 guest knows its PCI devices."""

from __future__ import annotations

from covirt.errors import InternalError

FIRST_UID, MAX_UID = 1, 0xFFFF
FIRST_FID, MAX_FID = 0, 0xFFFFFFFF


class ZpciBook:
    """Which user-defined and function identifiers of a guest are taken."""

    def __init__(self) -> None:
        self._uids: set[int] = set()
        self._fids: set[int] = set()

    def reserve(self, uid: int | None, fid: int | None) -> tuple[int, int]:
        """Take these identifiers, the lowest free ones where none is given; returns both."""
        uid = _lowest(self._uids, FIRST_UID, MAX_UID, "uid") if uid is None else uid
        fid = _lowest(self._fids, FIRST_FID, MAX_FID, "fid") if fid is None else fid
        for taken, number, name in ((self._uids, uid, "uid"), (self._fids, fid, "fid")):
            if number in taken:
                raise InternalError(f"zPCI {name} {number:o} is already reserved")
        self._uids.add(uid)
        self._fids.add(fid)
        return uid, fid

    def release(self, uid: int, fid: int) -> None:
        """Give both back."""
        self._uids.discard(uid)
        self._fids.discard(fid)


def _lowest(taken: set[int], first: int, last: int, name: str) -> int:
    number = first
    while number in taken:
        if number == last:
            raise InternalError(f"There is no more free {name}.")
        number += 1
    return number
