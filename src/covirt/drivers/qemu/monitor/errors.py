# SPDX-License-Identifier: LGPL-2.1-or-later
"""What can go wrong between us and QEMU, in libvirt's words."""

from __future__ import annotations

from collections.abc import Mapping

from covirt.errors import ErrorDomain, InternalError, OperationFailed


class CommandFailed(InternalError, domain=ErrorDomain.QEMU):
    """QEMU refused a command; `qemu_class` is its class of the error, `description` its sentence."""

    def __init__(self, command: str, qemu_class: str, description: str | None) -> None:
        self.command, self.qemu_class, self.description = command, qemu_class, description or _NO_DETAIL
        super().__init__(f"unable to execute QEMU command '{command}': {self.description}")

    @classmethod
    def from_reply(cls, command: str, error: object) -> CommandFailed:
        """The error that a reply's `error` member describes."""
        fields = error if isinstance(error, Mapping) else {}
        qemu_class, description = fields.get("class"), fields.get("desc")
        if not isinstance(qemu_class, str):
            # libvirt shows the sentence only of an error that has a class.
            return cls(command, "", None)
        return cls(command, qemu_class, description if isinstance(description, str) else None)


class CommandNotFound(CommandFailed):
    """This QEMU does not have the command."""


class DeviceNotFound(CommandFailed):
    """QEMU has no device or object of that name."""


class KvmMissingCapability(CommandFailed):
    """The kernel's KVM lacks what the command needs."""


class MonitorGone(Exception):
    """The connection to QEMU has ended, so there is no answer; what has ended it is in the message."""


class MonitorClosed(OperationFailed, MonitorGone, domain=ErrorDomain.QEMU):
    """We have closed the monitor."""


class MonitorEnded(InternalError, MonitorGone, domain=ErrorDomain.QEMU):
    """QEMU is gone, or has closed its side."""


class MonitorGarbage(InternalError, MonitorGone, domain=ErrorDomain.QEMU):
    """What arrived on the monitor is not QMP."""


class UnexpectedReply(InternalError, domain=ErrorDomain.QEMU):
    """QEMU's answer is not of the promised shape."""


_NO_DETAIL = "unknown QEMU command error"
_CLASSES: dict[str, type[CommandFailed]] = {
    "CommandNotFound": CommandNotFound,
    "DeviceNotFound": DeviceNotFound,
    "KVMMissingCap": KvmMissingCapability,
}


def command_failed(command: str, error: object) -> CommandFailed:
    """The error of the right class for a reply's `error` member."""
    plain = CommandFailed.from_reply(command, error)
    kind = _CLASSES.get(plain.qemu_class, CommandFailed)
    return kind(command, plain.qemu_class, plain.description)
