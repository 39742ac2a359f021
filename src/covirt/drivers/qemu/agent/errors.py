# SPDX-License-Identifier: LGPL-2.1-or-later
"""What can go wrong between us and a guest agent, in libvirt's words."""

from __future__ import annotations

from collections.abc import Mapping

from covirt.errors import AgentCommandFailed, ErrorDomain, InternalError

# What the classes mean, for agents that do not say it themselves.
_CLASSES = {
    "BufferOverrun": "Buffer overrun",
    "CommandDisabled": "The command has been disabled for this instance",
    "CommandNotFound": "The command has not been found",
    "FdNotFound": "File descriptor not found",
    "InvalidParameter": "Invalid parameter",
    "InvalidParameterType": "Invalid parameter type",
    "InvalidParameterValue": "Invalid parameter value",
    "OpenFileFailed": "Cannot open file",
    "QgaCommandFailed": "Guest agent command failed",
    "QMPBadInputObjectMember": "Bad QMP input object member",
    "QMPExtraInputObjectMember": "Unexpected extra object member",
    "UndefinedError": "An undefined error has occurred",
    "Unsupported": "this feature or command is not currently supported",
}


class AgentGarbage(InternalError, domain=ErrorDomain.QEMU):
    """What arrived on the agent's channel is not its protocol."""


class AgentRefused(AgentCommandFailed, domain=ErrorDomain.QEMU):
    """The agent has answered a command with an error."""

    def __init__(self, command: str, error: object) -> None:
        self.command = command
        fields = error if isinstance(error, Mapping) else {}
        agent_class, description = fields.get("class"), fields.get("desc")
        self.agent_class = agent_class if isinstance(agent_class, str) else ""
        if not isinstance(description, str):
            description = _CLASSES.get(self.agent_class, self.agent_class) or "unknown QEMU command error"
        super().__init__(f"unable to execute QEMU agent command '{command}': {description}")

    @property
    def unsupported(self) -> bool:
        """Whether this agent does not have the command, or must not run it."""
        return self.agent_class in ("CommandNotFound", "CommandDisabled")


class MalformedAnswer(InternalError, domain=ErrorDomain.QEMU):
    """The agent's answer is not of the promised shape."""
