# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commands against a scripted hypervisor: which calls they make, and what they print."""

from __future__ import annotations

import json
from pathlib import Path

from covirt.api.connect import host
from covirt.api.connect import open as opening
from covirt.api.domain import define, events, info, lifecycle, save
from covirt.api.domain.lifecycle import DomainShutdownFlags
from covirt.api.domain.states import DomainState
from covirt.errors import OperationInvalid
from covirt.testing.shell_session import GUEST, Session


async def test_lifecycle(session: Session) -> None:
    session.answer(lifecycle.suspend, None)
    assert await session.type("suspend test") == "Domain 'test' suspended\n\n"
    assert session.succeeded


async def test_domain_is_found_by_id(session: Session) -> None:
    session.answer(lifecycle.resume, None)
    assert await session.type("resume 1") == "Domain '1' resumed\n\n"


async def test_unknown_domain(session: Session) -> None:
    assert await session.type("suspend other") == "error: failed to get domain 'other'\n\n"
    assert not session.succeeded


async def test_failure_is_told_with_its_cause(session: Session) -> None:
    session.answer(lifecycle.destroy, OperationInvalid("domain is not running"))
    printed = await session.type("destroy test")
    assert printed == (
        "error: Failed to destroy domain 'test'\nerror: Requested operation is not valid: domain is not running\n\n"
    )


async def test_running_domain_is_not_started(session: Session) -> None:
    assert await session.type("start test") == "error: Domain is already active\n\n"


async def test_ways_to_shut_down(session: Session) -> None:
    session.answer(lifecycle.shutdown_flags, None)
    await session.type("shutdown test --mode acpi,agent")
    assert session.called("shutdown_flags") == [(DomainShutdownFlags.ACPI_POWER_BTN | DomainShutdownFlags.GUEST_AGENT,)]
    assert "Unknown mode nope value" in await session.type("shutdown test nope")


async def test_define_from_file(session: Session, tmp_path: Path) -> None:
    session.answer(define.define_xml, GUEST)
    file = tmp_path / "guest.xml"
    file.write_text("<domain/>")
    assert await session.type(f"define {file}") == f"Domain 'test' defined from {file}\n\n"
    assert session.called("define_xml") == [("<domain/>",)]


async def test_missing_file(session: Session) -> None:
    assert await session.type("define /nonexistent") == (
        "error: Failed to open file '/nonexistent': No such file or directory\n\n"
    )


async def test_list(session: Session) -> None:
    session.answer(info.state, info.StateAndReason(DomainState.RUNNING, 1))
    assert await session.type("list") == (" Id   Name   State\n----------------------\n 1    test   running\n\n")
    assert await session.type("list --name") == "test\n\n"
    assert await session.type("list --uuid --name") == f"{GUEST.uuid} test\n\n"


async def test_state_with_reason(session: Session) -> None:
    session.answer(info.state, info.StateAndReason(DomainState.PAUSED, 5))
    assert await session.type("domstate test --reason") == "paused (I/O error)\n\n"


async def test_nodeinfo(session: Session) -> None:
    session.answer(host.get_info, host.NodeInfo("x86_64", 3145728, 16, 1400, 2, 2, 2, 2))
    assert await session.type("nodeinfo") == (
        "CPU model:           x86_64\n"
        "CPU(s):              16\n"
        "CPU frequency:       1400 MHz\n"
        "CPU socket(s):       2\n"
        "Core(s) per socket:  2\n"
        "Thread(s) per core:  2\n"
        "NUMA cell(s):        2\n"
        "Memory size:         3145728 KiB\n\n"
    )


async def test_version(session: Session) -> None:
    session.answer(opening.get_type, "Test")
    session.answer(opening.get_version, 2)
    assert (await session.type("version")).endswith("Using API: Test 11.3.0\nRunning hypervisor: Test 0.0.2\n\n")


async def test_save(session: Session) -> None:
    session.answer(save.save, None)
    assert await session.type("save test /tmp/saved") == "\nDomain 'test' saved to /tmp/saved\n\n"


async def test_event_loop(session: Session) -> None:
    session.channel.happenings = [events.Lifecycle(GUEST, events.DomainEventType.STARTED, 0)]
    assert await session.type("event test lifecycle") == (
        "event 'lifecycle' for domain 'test': Started Booted\nevents received: 1\n\n"
    )


async def test_event_without_a_choice(session: Session) -> None:
    assert await session.type("event") == "error: one of --list, --all, or --event <type> is required\n\n"


async def test_dumpxml_with_expression(session: Session) -> None:
    document = "<domain>\n  <name>test</name>\n  <devices><disk type='file'/></devices>\n</domain>\n"
    session.answer(info.xml_desc, document)
    assert await session.type("dumpxml test") == document + "\n"
    assert await session.type("dumpxml test --xpath //disk") == '<disk type="file"/>\n\n'
    assert await session.type("dumpxml test --xpath //disk/@type") == ' type="file"\n\n'


async def test_disk_from_options(session: Session) -> None:
    line = "attach-disk --print-xml none /images/a.img vda --driver qemu --subdriver qcow2 --address pci:0.0.4.0"
    assert await session.type(line) == (
        "<disk type='file'>\n"
        "  <driver name='qemu' type='qcow2'/>\n"
        "  <source file='/images/a.img'/>\n"
        "  <target dev='vda'/>\n"
        "  <address type='pci' domain='0x0000' bus='0x00' slot='0x04' function='0x0'/>\n"
        "</disk>\n\n"
    )


async def test_snapshot_from_options(session: Session) -> None:
    line = "snapshot-create-as --print-xml test name --memspec /m,snapshot=external vda vdb,snapshot=no"
    assert await session.type(line) == (
        "<domainsnapshot>\n"
        "  <name>name</name>\n"
        "  <description>vda</description>\n"
        "  <memory snapshot='external' file='/m'/>\n"
        "  <disks>\n"
        "    <disk name='vdb' snapshot='no'/>\n"
        "  </disks>\n"
        "</domainsnapshot>\n\n\n"
    )


async def test_several_commands(session: Session) -> None:
    assert await session.type("echo a; uri") == "a\ntest:///scripted\n\n"


async def test_json_table(json_session: Session) -> None:
    json_session.answer(info.state, info.StateAndReason(DomainState.RUNNING, 1))
    assert json.loads(await json_session.type("list")) == [{"id": "1", "name": "test", "state": "running"}]


async def test_json_fields(json_session: Session) -> None:
    json_session.answer(host.get_info, host.NodeInfo("x86_64", 3145728, 16, 1400, 2, 2, 2, 2))
    assert json.loads(await json_session.type("nodeinfo"))["cpu_s"] == 16


async def test_json_error(json_session: Session) -> None:
    assert json.loads(await json_session.type("domstate other")) == {"errors": ["failed to get domain 'other'"]}


async def test_completion(session: Session) -> None:
    assert await session.type("complete -- ech") == "echo\n\n"
    assert await session.type("complete -- domstate te") == "test\n\n"
    assert await session.type("complete -- domstate ''") == "--domain\n--reason\n\n"
    assert await session.type("complete -- domstate --domain ''") == "test\n\n"
    assert await session.type("complete -- echo --xm --s") == "--shell\n--split\n--string\n\n"
