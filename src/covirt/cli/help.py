# SPDX-License-Identifier: LGPL-2.1-or-later
"""Help in virsh's form, from the declarations."""

from __future__ import annotations

from collections.abc import Iterator

from covirt.cli.command import Command
from covirt.cli.option import Kind, Option


def command_help(command: Command) -> str:
    """All about one command."""
    parts = [f"  NAME\n    {command.name} - {command.help}\n", f"\n  SYNOPSIS\n    {synopsis(command)}\n"]
    if command.description:
        parts.append(f"\n  DESCRIPTION\n    {command.description}\n")
    if command.options:
        parts.append("\n  OPTIONS\n")
        parts.extend(f"    {_form(option):<15}  {option.help}\n" for option in command.options)
    return "".join(parts)


def synopsis(command: Command) -> str:
    """The command with its options, as one would type it."""
    return " ".join([command.name, *(_usage(option) for option in command.options)])


def group_help(title: str, keyword: str, commands: Iterator[Command], colon: str = ":") -> str:
    """One line for each command of a group."""
    lines = [f"    {command.name:<30} {command.help}\n" for command in commands if not command.hidden]
    return f" {title} (help keyword '{keyword}'){colon}\n" + "".join(lines)


def _placeholder(option: Option) -> str:
    return "<number>" if option.kind is Kind.INT else "<string>"


def _usage(option: Option) -> str:
    if option.kind is Kind.BOOL:
        return f"[--{option.name}]"
    shown = f"<{option.name}>" if option.positional else f"--{option.name} {_placeholder(option)}"
    repeated = "..." if option.kind is Kind.ARGV else ""
    return f"{shown}{repeated}" if option.required else f"[{shown}]{repeated}"


def _form(option: Option) -> str:
    if option.kind is Kind.BOOL:
        return f"--{option.name}"
    repeated = "..." if option.kind is Kind.ARGV else ""
    name = f"[--{option.name}]" if option.positional else f"--{option.name}"
    return f"{name} {_placeholder(option)}{repeated}"
