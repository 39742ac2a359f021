# SPDX-License-Identifier: LGPL-2.1-or-later
"""Displays: passwords, pictures, moving viewers to another host."""

from __future__ import annotations

from covirt.drivers.qemu.monitor.commands.base import Execute, given


async def set_password(qemu: Execute, protocol: str, password: str, connected: str) -> None:
    """Set the password of a display; `connected` tells what becomes of those who are connected."""
    await qemu("set_password", {"protocol": protocol, "password": password, "connected": connected})


async def expire_password(qemu: Execute, protocol: str, time: str) -> None:
    """Say until when the password is good: `now`, `never`, `+SECONDS` or seconds since 1970."""
    await qemu("expire_password", {"protocol": protocol, "time": time})


async def screenshot(
    qemu: Execute, path: str, *, device: str | None = None, head: int | None = None, format: str | None = None
) -> None:
    """Write a picture of a display to a file."""
    await qemu("screendump", given(filename=path, device=device, head=head or None, format=format))


async def relocate_viewers(
    qemu: Execute, protocol: str, host: str, *, port: int, tls_port: int, certificate_subject: str | None = None
) -> None:
    """Tell viewers where the guest will be after a migration."""
    arguments = given(protocol=protocol, hostname=host, port=port, tls_port=tls_port, cert_subject=certificate_subject)
    await qemu("client_migrate_info", arguments)


async def reload_certificates(qemu: Execute, protocol: str) -> None:
    """Read the certificates of a display again."""
    await qemu("display-reload", {"type": protocol, "tls-certs": True})
