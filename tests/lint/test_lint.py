# SPDX-License-Identifier: LGPL-2.1-or-later
"""Documents are checked offline, and all faults are told at once."""

from __future__ import annotations

import dataclasses

import pytest

from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.defaults.completion import QemuCompletion
from covirt.drivers.qemu.settings import QemuSettings
from covirt.errors import ConfigUnsupported, ErrorCode
from covirt.lint import Emulators, Finding, Severity, lint
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.roots import Roots
from covirt.testing.starting import NoPci, capabilities
from covirt.xml import Context

DOCUMENT = """<domain type='qemu'>
  <name>guest</name>
  <memory unit='MiB'>256</memory>{more}
  <os><type arch='x86_64' machine='pc-i440fx-9.2'>hvm</type></os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <video><model type='none'/></video>
    <memballoon model='none'/>{devices}
  </devices>
</domain>
"""


class SmallQemu(Emulators):
    """Knows one emulator that need not be installed."""

    def __init__(self) -> None:
        pass

    async def circumstances(self, guest: DomainDefinition) -> Circumstances:
        """The same for all guests."""
        return Circumstances(
            caps=capabilities(),
            settings=QemuSettings(),
            roots=Roots.system().qemu,
            host_arch="x86_64",
            context=Context.INACTIVE,
            abi_update=True,
        )

    def completion(self, about: Circumstances) -> QemuCompletion:
        """Without a host."""
        return QemuCompletion(about, NoPci(), lambda guest, about: None)


class NoQemu(SmallQemu):
    """Knows none."""

    async def circumstances(self, guest: DomainDefinition) -> Circumstances:
        """There is none."""
        raise ConfigUnsupported("No emulator found for arch 'x86_64'")


async def found(devices: str = "", *, more: str = "", strict: bool = False) -> list[Finding]:
    return await lint(DOCUMENT.format(devices=devices, more=more), strict=strict, emulators=SmallQemu())


async def test_nothing_is_wrong() -> None:
    assert await found("<disk type='file'><source file='/image'/><target dev='vda' bus='virtio'/></disk>") == []


async def test_unknown_names_are_warnings_with_a_hint() -> None:
    (finding,) = await found("\n    <disk type='file' devise='disk'><source file='/i'/><target dev='vda'/></disk>")
    assert finding == Finding(
        severity=Severity.WARNING,
        message="unknown attribute 'devise' in element 'disk'",
        code=ErrorCode.XML_INVALID_SCHEMA,
        line=9,
        column=5,
        path="/domain/devices/disk/@devise",
        hint="did you mean 'device'?",
    )
    assert str(finding) == (
        "9:5: warning: unknown attribute 'devise' in element 'disk' (did you mean 'device'?)"
        " [/domain/devices/disk/@devise]"
    )


async def test_unknown_names_are_errors_when_strict() -> None:
    (finding,) = await found(more="<memroy/>", strict=True)
    assert finding.severity is Severity.ERROR
    assert finding.hint == "did you mean 'memory'?"


FAULTS = """
    <disk type='file'><target dev='vda' bus='virto'/></disk>
    <disk type='file'><target dev='sda' bus='fdc'/></disk>
    <watchdog model='diag288'/>
    <vsock><cid address='1'/></vsock>"""


async def test_one_fault_does_not_hide_the_others() -> None:
    findings = await found(FAULTS, more="<clock offset='utcc'/>")
    assert [(one.path, one.line) for one in findings] == [
        ("/domain/clock/@offset", 3),
        ("/domain/devices/disk[1]/target/@bus", 9),
        ("/domain/devices/disk[2]", 10),
        ("/domain/devices/watchdog", 11),
        ("/domain/devices/vsock", 12),
    ]
    assert all(one.severity is Severity.ERROR for one in findings)


async def test_what_the_emulator_cannot_do_is_told() -> None:
    (finding,) = await found("<vsock model='virtio'><cid auto='yes'/></vsock>")
    assert "vsock" in finding.message
    assert finding.path == "/domain/devices/vsock"


async def test_checks_of_the_guest_are_told_together() -> None:
    device = "<disk type='file'><source file='/image'/><target dev='{}' bus='virtio'/></disk>"
    findings = await found(device.format("vda") * 2, more="<cputune><period>1</period></cputune>")
    assert len(findings) == 2
    assert {one.path for one in findings} == {"/domain"}


async def test_without_an_emulator_the_rest_is_checked() -> None:
    text = DOCUMENT.format(devices="<vsock><cid address='1'/></vsock>", more="")
    warning, error = sorted(await lint(text, emulators=NoQemu()), key=lambda one: one.message, reverse=True)
    assert error.message == "not checked against QEMU: unsupported configuration: No emulator found for arch 'x86_64'"
    assert error.severity is Severity.WARNING
    assert "CID" in warning.message
    assert len(await lint(text)) == 1


async def test_other_hypervisors_are_checked_as_far_as_all_are_alike() -> None:
    text = DOCUMENT.replace("'qemu'", "'xen'").format(devices="<vsock><cid address='1'/></vsock>", more="")
    (finding,) = await lint(text, emulators=NoQemu())
    assert "CID" in finding.message


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("<network>\n<name>n</name><forward mode='natt'/></network>", "/network/forward/@mode"),
        ("<pool type='dirr'><name>p</name></pool>", "/pool/@type"),
        ("<volume><name>v</name>\n<capacity unit='Q'>1</capacity></volume>", "/volume/capacity"),
        ("<secret ephemeral='perhaps'/>", "/secret/@ephemeral"),
        ("<interface type='ethernett' name='e'/>", "/interface/@type"),
        ("<device><name>d</name><capability type='tokenn'/></device>", "/device/capability/@type"),
        ("<domainsnapshot><memory snapshot='never'/></domainsnapshot>", "/domainsnapshot/memory/@snapshot"),
    ],
)
async def test_other_documents(text: str, path: str) -> None:
    findings = await lint(text)
    (finding,) = [one for one in findings if (one.path or "").startswith(path)]
    assert finding.severity is Severity.ERROR
    assert finding.line == (2 if "\n" in text else 1)


async def test_a_document_of_no_kind() -> None:
    (finding,) = await lint("<domian/>")
    assert (finding.message, finding.hint) == (
        "XML error: unknown kind of document 'domian'",
        "did you mean 'domain'?",
    )


async def test_text_that_is_no_xml() -> None:
    (finding,) = await lint("<domain>\n<name>", name="guest.xml")
    assert finding.severity is Severity.ERROR
    assert finding.line == 2


def test_findings_can_be_written_as_json() -> None:
    finding = Finding(severity=Severity.ERROR, message="no", code=1)
    assert dataclasses.asdict(finding)["severity"] == "error"
    assert str(finding) == "error: no"
