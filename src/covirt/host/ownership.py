# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files that are lent to a guest's user and given back to whom they belonged.

The first owner and the number of guests that use a file are remembered in its extended attributes, in libvirt's form,
so that either daemon can give back what the other one took. Where a file system keeps no such attributes, files go
back to root, as with libvirt.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from covirt.errors import InternalError, OperationInvalid, SystemCallFailed
from covirt.runtime.log import get

log = get("host.ownership")

_ATTRIBUTE = "trusted.libvirt.security.dac"
_COUNT = "trusted.libvirt.security.ref_dac"
_TIMESTAMP = "trusted.libvirt.security.timestamp_dac"
_UNSUPPORTED = (errno.ENOTSUP, errno.ENOSYS, errno.EPERM)
_NOT_OURS_TO_CHANGE = (errno.EOPNOTSUPP, errno.EINVAL, errno.EPERM, errno.EROFS)


class Ownership:
    """Takes files for guests and gives them back; all functions touch the disk and belong into a thread."""

    def take(self, path: Path, uid: int, gid: int, *, remember: bool = True) -> None:
        """Make a file belong to a guest's user; two guests can share one only as the same user."""
        with self._locked(path) as found:
            if remember and self._remember(path, found) > 1 and (found.st_uid, found.st_gid) != (uid, gid):
                self._recall(path)
                raise OperationInvalid(f"Setting different DAC user or group on {path} which is already in use")
            try:
                self._change(path, found, uid, gid)
            except SystemCallFailed:
                if remember:
                    self._recall(path)
                raise

    def give_back(self, path: Path, *, remember: bool = True) -> None:
        """Make a file belong to whom it did before, unless another guest still uses it; a missing one is no error."""
        if not path.exists():
            return
        with self._locked(path) as found:
            owner = self._recall(path) if remember else (0, 0)
            if owner is not None:
                self._change(path, found, *owner)

    def chown(self, path: Path, uid: int, gid: int) -> None:
        """Give a file of our own away for good."""
        self._change(path, self._stat(path), uid, gid)

    def _stat(self, path: Path) -> os.stat_result:
        try:
            return path.stat()
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, f"unable to stat: {path}") from error

    def _change(self, path: Path, found: os.stat_result, uid: int, gid: int) -> None:
        if (found.st_uid, found.st_gid) == (uid, gid):
            return
        try:
            os.chown(path, uid, gid)
        except OSError as error:
            if error.errno not in _NOT_OURS_TO_CHANGE:
                raise SystemCallFailed.from_oserror(
                    error, f"unable to set user and group to '{uid}:{gid}' on '{path}'"
                ) from error
            log.info("the file system keeps its owner", path=path, uid=uid, gid=gid, reason=error.strerror)

    # What is remembered in the file itself

    def _remember(self, path: Path, found: os.stat_result) -> int:
        """Note one more user of a file, and its owner when it is the first; gives how many use it (0: not known)."""
        try:
            count = self._count(path) + 1
            if count == 1:
                os.setxattr(path, _ATTRIBUTE, f"+{found.st_uid}:+{found.st_gid}".encode() + b"\0")
                os.setxattr(path, _TIMESTAMP, self.boot_time.encode() + b"\0")
            os.setxattr(path, _COUNT, str(count).encode() + b"\0")
        except OSError as error:
            if error.errno in _UNSUPPORTED:
                return 0
            raise SystemCallFailed.from_oserror(error, f"Unable to set XATTR {_COUNT} on {path}") from error
        return count

    def _recall(self, path: Path) -> tuple[int, int] | None:
        """Note one user less; gives the owner to go back to, or None while others use the file."""
        try:
            count = self._count(path)
            if count == 0:
                return 0, 0
            if count > 1:
                os.setxattr(path, _COUNT, str(count - 1).encode() + b"\0")
                return None
            owner = _text(os.getxattr(path, _ATTRIBUTE))
            self._forget(path)
        except OSError as error:
            if error.errno in _UNSUPPORTED:
                return 0, 0
            raise SystemCallFailed.from_oserror(error, f"Unable to get XATTR {_COUNT} on {path}") from error
        uid, _, gid = owner.partition(":")
        return int(uid), int(gid)

    def _count(self, path: Path) -> int:
        """How many guests use a file; what was noted before the machine booted counts no longer."""
        try:
            count = _text(os.getxattr(path, _COUNT))
            noted = _text(os.getxattr(path, _TIMESTAMP))
        except OSError as error:
            if error.errno != errno.ENODATA:
                raise
            count, noted = "", ""
        if noted == self.boot_time:
            if not count.isascii() or not count.isdigit():
                raise InternalError(f"malformed refcount {count} on {path}")
            return int(count)
        self._forget(path)
        return 0

    def _forget(self, path: Path) -> None:
        for name in (_COUNT, _ATTRIBUTE, _TIMESTAMP):
            try:
                os.removexattr(path, name)
            except OSError as error:
                if error.errno != errno.ENODATA:
                    raise

    @cached_property
    def boot_time(self) -> str:
        """When this machine booted, as libvirt notes it."""
        return str(_boot_time_of_utmp() or int(time.time() - float(Path("/proc/uptime").read_text().split()[0])))

    @contextmanager
    def _locked(self, path: Path) -> Iterator[os.stat_result]:
        """Keep other daemons away from what is remembered, with libvirt's lock on one byte of the file."""
        found = self._stat(path)
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISBLK(found.st_mode):
            yield found  # to open a device for characters may do something, as with a watchdog
            return
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError:
            yield found  # a read-only file system, a device that is busy: libvirt goes on without a lock too
            return
        try:
            lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 1, 1, 0)
            fcntl.fcntl(fd, fcntl.F_OFD_SETLKW, lock)
            yield self._stat(path)
        finally:
            os.close(fd)


def _text(value: bytes) -> str:
    return value.rstrip(b"\0").decode(errors="replace")


def _boot_time_of_utmp(path: Path = Path("/run/utmp")) -> int | None:
    """The record that the system writes when it boots."""
    size, boot = 384, 2
    try:
        data = path.read_bytes()
    except OSError:
        return None
    records = (data[at : at + size] for at in range(0, len(data) - size + 1, size))
    return next(
        (struct.unpack_from("i", one, 340)[0] for one in records if struct.unpack_from("h", one)[0] == boot), None
    )
