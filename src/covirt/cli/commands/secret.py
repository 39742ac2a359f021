# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets that guests and storage need."""

from __future__ import annotations

import base64
import binascii
import getpass
import sys
from pathlib import Path
from typing import Annotated

from covirt.api.secret import ConnectListAllSecretsFlags, SecretDefineFlags, SecretUsageType
from covirt.cli.choose import flags
from covirt.cli.command import Exclusive, command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Option, Say
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.vocabulary import File, Wrap, Xpath, read_file
from covirt.cli.xpath import print_xml
from covirt.client.objects_generated import Secret
from covirt.values import Uuid


async def find_secret(shell: Shell, option: Option, text: str) -> Secret:
    """A secret by its UUID."""
    shell.explain(f"found option <{option.name}>: {text}")
    with failing(f"failed to get secret '{text}'"):
        return await shell.conn.secret_lookup_by_uuid(Uuid.parse(text))


TheSecret = Annotated[Secret, Say("UUID of the secret", positional=True, complete="secret-uuid", find=find_secret)]


@command()
async def secret_define(
    shell: Shell, *, file: File, validate: Annotated[bool, Say("refuse what the schema does not know")] = False
) -> None:
    """define a secret, or change what is known of it"""
    text = read_file("file", file)
    with failing(f"Failed to set attributes from {file}"):
        secret = await shell.conn.secret_define_xml(text, flags(SecretDefineFlags, VALIDATE=validate))
    shell.output.done(f"Secret {secret.uuid} created")


@command()
async def secret_dumpxml(shell: Shell, *, secret: TheSecret, xpath: Xpath = None, wrap: Wrap = False) -> None:
    """print the description of a secret"""
    print_xml(shell.output, await secret.xml_desc(), xpath, wrap)


@command(
    Exclusive("file", "base64"),
    Exclusive("plain", "base64"),
    Exclusive("interactive", "base64"),
    Exclusive("interactive", "plain"),
    Exclusive("interactive", "file"),
)
async def secret_set_value(
    shell: Shell,
    *,
    secret: TheSecret,
    file: Annotated[str | None, Say("file with the value", complete="path-local-existing")] = None,
    plain: Annotated[bool, Say("the file has the value itself, not its base64 form")] = False,
    interactive: Annotated[bool, Say("ask for the value on the terminal")] = False,
    base64: Annotated[
        str | None, Say("the value in base64; others on this host can see it", unwanted_positional=True)
    ] = None,
) -> None:
    """set the value of a secret"""
    if base64 is not None:
        shell.output.warn("Passing secret value as command-line argument is insecure!")
        value = decoded(base64.encode())
    elif file is not None:
        octets = read_octets(file)
        value = octets if plain else decoded(octets)
    elif interactive:
        value = getpass.getpass("Enter new value for secret:").encode()
    else:
        raise CommandFailed("Input secret value is missing")
    with failing("Failed to set secret value"):
        await secret.set_value(value)
    shell.output.done("Secret value set")


def read_octets(path: str) -> bytes:
    """What is in a file."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandFailed(f"Failed to open file '{path}': {error.strerror}") from error


def decoded(text: bytes) -> bytes:
    """The value of a base64 text."""
    try:
        return base64.b64decode(text)
    except binascii.Error as error:
        raise CommandFailed(f"the value is not in base64: {error}") from error


@command()
async def secret_get_value(
    shell: Shell,
    *,
    secret: TheSecret,
    plain: Annotated[bool, Say("print the value itself, not its base64 form")] = False,
) -> None:
    """print the value of a secret"""
    value = await secret.value()
    if plain:
        sys.stdout.flush()
        sys.stdout.buffer.write(value)
        sys.stdout.buffer.flush()
    else:
        shell.output.write(base64.b64encode(value).decode())


@command()
async def secret_undefine(shell: Shell, *, secret: TheSecret) -> None:
    """forget a secret"""
    with failing(f"Failed to delete secret {shell.given['secret']}"):
        await secret.undefine()
    shell.output.done(f"Secret {shell.given['secret']} deleted")


@command()
async def secret_list(
    shell: Shell,
    *,
    ephemeral: Annotated[bool, Say("those that are kept in memory only")] = False,
    no_ephemeral: Annotated[bool, Say("those that are kept on disk")] = False,
    private: Annotated[bool, Say("those whose value is not told")] = False,
    no_private: Annotated[bool, Say("those whose value is told")] = False,
) -> None:
    """list secrets"""
    chosen = flags(
        ConnectListAllSecretsFlags,
        EPHEMERAL=ephemeral,
        NO_EPHEMERAL=no_ephemeral,
        PRIVATE=private,
        NO_PRIVATE=no_private,
    )
    with failing("Failed to list node secrets"):
        secrets = sorted(await shell.conn.list_all_secrets(chosen), key=lambda secret: str(secret.uuid))
    table = Table("UUID", "Usage")
    for secret in secrets:
        kind = SecretUsageType(secret.usage_type)
        usage = "Unused" if kind is SecretUsageType.NONE else f"{kind.name.lower()} {secret.usage_id}"
        table.append(str(secret.uuid), usage)
    shell.output.table(table)
