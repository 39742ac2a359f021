# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the makers of this host wrote into it: from dmidecode, or from /proc where there are no such tables."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from covirt.errors import Error, InternalError
from covirt.host import sysfs
from covirt.model.domain.sysinfo import (
    BaseBoardTable,
    BiosTable,
    ChassisTable,
    MemoryTable,
    ProcessorTable,
    SmbiosInfo,
    SystemTable,
)
from covirt.runtime.command import Finished, run_command
from covirt.runtime.loop import in_thread

T = TypeVar("T")
Run = Callable[..., Awaitable[Finished]]

DMIDECODE = ["dmidecode", "-q", "-t", "0,1,2,3,4,11,17"]

_MAKER = {"manufacturer": "Manufacturer", "version": "Version", "serial": "Serial Number"}
_BIOS = {"vendor": "Vendor", "version": "Version", "date": "Release Date", "release": "BIOS Revision"}
_SYSTEM = {**_MAKER, "product": "Product Name", "uuid": "UUID", "sku": "SKU Number", "family": "Family"}
_BOARD = {**_MAKER, "product": "Product Name", "asset": "Asset Tag", "location": "Location In Chassis"}
_CHASSIS = {**_MAKER, "asset": "Asset Tag", "sku": "SKU Number"}
_PROCESSOR = {
    "socket_destination": "Socket Designation",
    "type": "Type",
    "family": "Family",
    "manufacturer": "Manufacturer",
    "signature": "Signature",
    "version": "Version",
    "external_clock": "External Clock",
    "max_speed": "Max Speed",
    "status": "Status",
    "serial_number": "Serial Number",
    "part_number": "Part Number",
}
_MEMORY = {
    "size": "Size",
    "form_factor": "Form Factor",
    "locator": "Locator",
    "bank_locator": "Bank Locator",
    "type": "Type",
    "type_detail": "Type Detail",
    "speed": "Speed",
    "manufacturer": "Manufacturer",
    "serial_number": "Serial Number",
    "part_number": "Part Number",
}


async def read_host_sysinfo(arch: str, proc: Path = Path("/proc"), run: Run = run_command) -> SmbiosInfo:
    """What the host says of itself, found the way its architecture offers."""
    if arch.startswith("ppc"):
        return parse_ppc(await _read(proc / "cpuinfo"))
    if arch.startswith("s390"):
        return parse_s390(await _read(proc / "cpuinfo"), await _read(proc / "sysinfo"))
    if arch.startswith(("arm", "aarch64")):
        try:
            found = await _read_tables(run)
        except Error:
            found = SmbiosInfo()
        return found if found != SmbiosInfo() else parse_arm(await _read(proc / "cpuinfo"))
    return await _read_tables(run)


async def _read(path: Path) -> str:
    return await in_thread(sysfs.read_text, path) + "\n"


async def _read_tables(run: Run) -> SmbiosInfo:
    text = (await run(DMIDECODE)).text
    info = parse_tables(text)
    info.oem_strings = [await _raw(one, run) for one in parse_oem_strings(text)]
    return info


# The tables of the firmware


def parse_tables(text: str) -> SmbiosInfo:
    """Everything in dmidecode's output but the strings of the maker."""
    boards = [_filled(BaseBoardTable, section, _BOARD) for section in _sections(text, "Base Board Information")]
    return SmbiosInfo(
        bios=_single(BiosTable, text, "BIOS Information", _BIOS),
        system=_single(SystemTable, text, "System Information", _SYSTEM),
        boards=[board for board in boards if board != BaseBoardTable()],
        chassis=_single(ChassisTable, text, "Chassis Information", _CHASSIS),
        processors=[_filled(ProcessorTable, one, _PROCESSOR) for one in _sections(text, "Processor Information")],
        memory=[
            _filled(MemoryTable, one, _MEMORY)
            for one in _sections(text, "Memory Device")
            if _label(one, "Size") != "No Module Installed"
        ],
    )


def _sections(text: str, title: str) -> Iterator[str]:
    """The text from each section on; as in libvirt, what a section does not say is looked for in those after it."""
    for match in re.finditer(re.escape(title), text):
        yield text[match.end() :]


def _single(kind: type[T], text: str, title: str, labels: dict[str, str]) -> T | None:
    section = next(_sections(text, title), None)
    if section is None:
        return None
    found = _filled(kind, section, labels)
    return None if found == kind() else found


def _filled(kind: type[T], section: str, labels: dict[str, str]) -> T:
    values: dict[str, Any] = {name: _label(section, label) for name, label in labels.items()}
    return kind(**values)


def _label(section: str, label: str) -> str | None:
    _, found, rest = section.partition(f"{label}: ")
    return (rest.partition("\n")[0].rstrip() or None) if found else None


@dataclass(frozen=True, slots=True)
class OemString:
    """A string of the maker; in a text with dots, dots may stand for line breaks."""

    number: int
    text: str


def parse_oem_strings(text: str) -> list[OemString]:
    """The strings of the maker, as dmidecode shows them."""
    section = text.partition("OEM Strings")[2]
    found = []
    for line in re.findall(r"String (.*)\n", section):
        match = re.fullmatch(r"\s*(\d+): ?(.*)", line)
        if match is None:
            raise InternalError("Malformed output of dmidecode")
        if match[2].strip():
            found.append(OemString(int(match[1]), match[2].rstrip()))
    return found


async def _raw(one: OemString, run: Run) -> str:
    if "." not in one.text:
        return one.text
    done = await run(["dmidecode", "--dump", "--oem-string", str(one.number)])
    if not done.stdout and done.stderr:
        raise InternalError(f"dmidecode has no string {one.number} of the maker")
    return done.text.removesuffix("\n")


# What the kernel says elsewhere


def parse_ppc(cpuinfo: str) -> SmbiosInfo:
    """POWER machines."""
    processors = []
    for match in re.finditer(r"processor\s*:\s*(.*)\n", cpuinfo):
        rest = cpuinfo[match.end() :]
        processors.append(
            ProcessorTable(socket_destination=match[1], type=_value(rest, "cpu"), version=_value(rest, "revision"))
        )
    return SmbiosInfo(system=_platform(cpuinfo), processors=processors)


def parse_arm(cpuinfo: str) -> SmbiosInfo:
    """ARM machines without tables."""
    kind = _value(cpuinfo, "model name") or _value(cpuinfo, "Processor")
    numbers = re.findall(r"processor\s*:\s*(.*)\n", cpuinfo) if kind is not None else []
    processors = [ProcessorTable(socket_destination=number, type=kind) for number in numbers]
    return SmbiosInfo(system=_platform(cpuinfo), processors=processors)


def _platform(cpuinfo: str) -> SystemTable | None:
    at = cpuinfo.find("platform")
    if at < 0:
        return None
    rest = cpuinfo[at:]
    return SystemTable(family=_value(rest, "platform"), serial=_value(rest, "model"), version=_value(rest, "machine"))


def parse_s390(cpuinfo: str, sysinfo: str) -> SmbiosInfo:
    """Mainframes."""
    maker = _value(cpuinfo, "vendor_id")
    processors = [
        ProcessorTable(manufacturer=maker, version=version.strip(), serial_number=serial.strip(), family=family.strip())
        for version, serial, family in re.findall(
            r"^processor \d+:.*?version\s*=([^,\n]*),\s*identification\s*=([^,\n]*),\s*machine\s*=(.*)$",
            cpuinfo,
            re.MULTILINE,
        )
    ]
    speeds = re.findall(r"cpu number\s*:\s*(\d+)\s.*?cpu MHz static\s*:\s*(\S+)", cpuinfo, re.DOTALL)
    for number, speed in speeds:
        if int(number) < len(processors):
            processors[int(number)].max_speed = speed
    system = SystemTable(
        manufacturer=_value(sysinfo, "Manufacturer"),
        family=_value(sysinfo, "Type"),
        serial=_value(sysinfo, "Sequence Code"),
    )
    return SmbiosInfo(system=None if system == SystemTable() else system, processors=processors)


def _value(text: str, name: str) -> str | None:
    """The value after the first place where a name stands."""
    at = text.find(name)
    return None if at < 0 else text[at:].partition(":")[2].partition("\n")[0].strip()
