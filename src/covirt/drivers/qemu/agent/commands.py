# SPDX-License-Identifier: LGPL-2.1-or-later
"""What one can ask a guest agent for, with typed answers; nothing an agent says is believed unseen."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from covirt.drivers.qemu.agent.answers import flag, integer, listing, number, optional_text, record, text
from covirt.drivers.qemu.agent.client import Agent, GuestEvent
from covirt.drivers.qemu.agent.errors import MalformedAnswer
from covirt.errors import ErrorDomain, InvalidArg

# Commands that stop the guest take longer, and may never be answered: the agent is gone before it can.
_SHUTDOWN_PATIENCE = 60.0
_NANOSECONDS = 1_000_000_000
_INT64_MAX = 2**63 - 1


# The guest as a whole


async def shut_down(agent: Agent, mode: str) -> None:
    """Power the guest down, halt or reboot it (`powerdown`, `halt`, `reboot`)."""
    event = GuestEvent.RESET if mode == "reboot" else GuestEvent.SHUTDOWN
    await agent.execute("guest-shutdown", {"mode": mode}, within=_SHUTDOWN_PATIENCE, or_event=event)


async def suspend(agent: Agent, target: str) -> None:
    """Suspend the guest to `ram`, `disk` or both (`hybrid`)."""
    await agent.execute(f"guest-suspend-{target}", within=agent.patience, or_event=GuestEvent.SUSPEND)


async def host_name(agent: Agent) -> str:
    """The guest's name for itself."""
    answer = await agent.execute("guest-get-host-name", within=agent.patience)
    return text(record(answer, "malformed return value"), "host-name", "guest-get-host-name reply")


async def get_time(agent: Agent) -> tuple[int, int]:
    """The guest's time: seconds and nanoseconds."""
    answer = await agent.execute("guest-get-time", within=agent.patience)
    if not isinstance(answer, int) or isinstance(answer, bool) or answer < 0:
        raise MalformedAnswer("malformed return value")
    return divmod(answer, _NANOSECONDS)


async def set_time(agent: Agent, seconds: int, nanoseconds: int) -> None:
    """Set the guest's time."""
    if seconds > _INT64_MAX // _NANOSECONDS:
        raise InvalidArg(f"Time '{seconds}' is too big for guest agent", domain=ErrorDomain.QEMU)
    moment = seconds * _NANOSECONDS + nanoseconds
    await agent.execute("guest-set-time", {"time": moment}, within=agent.patience)


async def set_time_from_clock(agent: Agent) -> None:
    """Let the guest take its time from its hardware clock."""
    await agent.execute("guest-set-time", within=agent.patience)


@dataclass(frozen=True, slots=True)
class Timezone:
    """The guest's time zone: seconds east of UTC."""

    name: str | None
    offset: int


async def timezone(agent: Agent) -> Timezone:
    """The guest's time zone."""
    answer = record(
        await agent.execute("guest-get-timezone", within=agent.patience),
        "guest-get-timezone reply was missing return data",
    )
    return Timezone(optional_text(answer, "zone"), integer(answer, "offset", "guest-get-timezone"))


_OS_FIELDS = (
    "id", "name", "pretty-name", "version", "version-id", "machine", "variant", "variant-id", "kernel-release",
    "kernel-version",
)  # fmt: skip


async def os_info(agent: Agent) -> dict[str, str]:
    """What the guest tells of its operating system, by the agent's names."""
    answer = record(
        await agent.execute("guest-get-osinfo", within=agent.patience),
        "guest-get-osinfo reply was missing return data",
    )
    told = ((name, optional_text(answer, name)) for name in _OS_FIELDS)
    return {name: value for name, value in told if value is not None}


@dataclass(frozen=True, slots=True)
class LoadAverages:
    """How busy the guest was in the last 1, 5 and 15 minutes."""

    one: float
    five: float
    fifteen: float


async def load_averages(agent: Agent) -> LoadAverages:
    """The guest's load."""
    answer = record(
        await agent.execute("guest-get-load", within=agent.patience), "qemu agent didn't return an array of loads"
    )
    problem = "parameter '{name}' is missing in reply of guest-get-load"
    one, five, fifteen = (number(answer, name, problem) for name in ("load1m", "load5m", "load15m"))
    return LoadAverages(one, five, fifteen)


# Users


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is logged in; the time is in milliseconds."""

    name: str
    domain: str | None
    login_time: int


async def users(agent: Agent) -> list[User]:
    """Who is logged in."""
    answer = await agent.execute("guest-get-users", within=agent.patience)
    return [
        User(
            name=text(entry, "user", "reply of guest-get-users"),
            domain=optional_text(entry, "domain"),
            login_time=int(number(entry, "login-time", "'{name}' missing in reply of guest-get-users") * 1000),
        )
        for entry in listing(answer, "guest-get-users reply was missing return data")
    ]


async def set_password(agent: Agent, user: str, password: str, *, crypted: bool) -> None:
    """Set a user's password, given in clear or as its hash."""
    encoded = base64.b64encode(password.encode()).decode()
    arguments = {"crypted": crypted, "username": user, "password": encoded}
    await agent.execute("guest-set-user-password", arguments, within=agent.patience)


async def ssh_keys(agent: Agent, user: str) -> list[str]:
    """The public keys that may log in as a user."""
    answer = await agent.execute("guest-ssh-get-authorized-keys", {"username": user}, within=agent.patience)
    keys = answer.get("keys") if isinstance(answer, Mapping) else None
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise MalformedAnswer("qemu agent didn't return an array of keys")
    return keys


async def add_ssh_keys(agent: Agent, user: str, keys: Sequence[str], *, replace: bool = False) -> None:
    """Let more keys log in as a user, or only these."""
    arguments = {"username": user, "keys": list(keys), "reset": replace}
    await agent.execute("guest-ssh-add-authorized-keys", arguments, within=agent.patience)


async def remove_ssh_keys(agent: Agent, user: str, keys: Sequence[str]) -> None:
    """Keep keys from logging in as a user."""
    arguments = {"username": user, "keys": list(keys)}
    await agent.execute("guest-ssh-remove-authorized-keys", arguments, within=agent.patience)


# Network


@dataclass(frozen=True, slots=True)
class IpAddress:
    """An address of an interface; `family` is ipv4 or ipv6."""

    family: str
    address: str
    prefix: int


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface of the guest, with the addresses of its aliases."""

    name: str
    mac: str | None
    addresses: tuple[IpAddress, ...]


async def interfaces(agent: Agent) -> list[Interface]:
    """The guest's network interfaces."""
    answer = await agent.execute("guest-network-get-interfaces", within=agent.patience)
    macs: dict[str, str | None] = {}
    addresses: dict[str, list[IpAddress]] = {}
    for entry in listing(answer, "qemu agent didn't return an array of interfaces"):
        full_name = optional_text(entry, "name")
        if full_name is None:
            raise MalformedAnswer("qemu agent didn't provide 'name' field")
        # eth0:1 is another name for more addresses of eth0.
        name = full_name.partition(":")[0]
        macs.setdefault(name, optional_text(entry, "hardware-address"))
        found = entry.get("ip-addresses", [])
        addresses.setdefault(name, []).extend(
            _address(item, full_name) for item in listing(found, "malformed addresses")
        )
    return [Interface(name, mac, tuple(addresses[name])) for name, mac in macs.items()]


def _address(entry: Mapping[str, Any], interface: str) -> IpAddress:
    family, address = optional_text(entry, "ip-address-type"), optional_text(entry, "ip-address")
    if family is None:
        raise MalformedAnswer(f"qemu agent didn't provide 'ip-address-type' field for interface '{interface}'")
    if family not in ("ipv4", "ipv6"):
        raise MalformedAnswer(f"unknown ip address type '{family}'")
    if address is None:
        raise MalformedAnswer(f"qemu agent didn't provide 'ip-address' field for interface '{interface}'")
    prefix = entry.get("prefix")
    if not isinstance(prefix, int) or prefix not in range(2**32):
        raise MalformedAnswer("malformed 'prefix' field")
    return IpAddress(family, address, prefix)


# CPUs


@dataclass(frozen=True, slots=True)
class GuestCpu:
    """A CPU as the guest's kernel sees it."""

    number: int
    online: bool
    can_be_offline: bool


async def cpus(agent: Agent) -> list[GuestCpu]:
    """The guest's CPUs."""
    answer = await agent.execute("guest-get-vcpus", within=agent.patience)
    what = "guest-get-vcpus"
    return [
        GuestCpu(integer(cpu, "logical-id", what), flag(cpu, "online", what), cpu.get("can-offline") is True)
        for cpu in listing(answer, "guest-get-vcpus reply was missing return data")
    ]


def cpu_changes(cpus: Sequence[GuestCpu], count: int) -> dict[int, bool]:
    """Which CPUs to bring online (True) or offline so that this many are online; kept in the order of the list."""
    if any(not cpu.online and not cpu.can_be_offline for cpu in cpus):
        raise MalformedAnswer("Invalid data provided by guest agent")
    online = [cpu for cpu in cpus if cpu.online]
    spare = [cpu for cpu in online if cpu.can_be_offline]
    if len(spare) == len(online):
        # Linux can take CPU 0 offline, but parts of it (suspend to RAM) do not cope with that.
        spare = [cpu for cpu in spare if cpu.number != 0]
    if count > len(cpus):
        raise MalformedAnswer("guest agent reports less cpu than requested")
    if count < len(online) - len(spare):
        raise InvalidArg("Cannot offline enough CPUs", domain=ErrorDomain.QEMU)
    if count < len(online):
        return {cpu.number: False for cpu in spare[: len(online) - count]}
    idle = [cpu for cpu in cpus if not cpu.online]
    return {cpu.number: True for cpu in idle[: count - len(online)]}


async def set_cpus(agent: Agent, changes: Mapping[int, bool]) -> None:
    """Bring CPUs online or offline; the agent may do only some of them at a time."""
    left = dict(changes)
    while left:
        wanted = [{"logical-id": cpu, "online": online} for cpu, online in left.items()]
        done = await agent.execute("guest-set-vcpus", {"vcpus": wanted}, within=agent.patience)
        if not isinstance(done, int) or isinstance(done, bool) or not 0 < done <= len(left):
            raise MalformedAnswer("guest agent returned malformed or invalid return value")
        for cpu in list(left)[:done]:
            del left[cpu]
