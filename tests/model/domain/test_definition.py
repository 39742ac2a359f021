# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest beside its devices: what is settled, completed and refused."""

from __future__ import annotations

import pytest

from covirt.errors import Error
from covirt.model.domain.complete import complete
from covirt.model.domain.completing import Completing, DriverFeature
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.validate import check
from covirt.values import Uuid
from covirt.xml import Context

FEATURES = frozenset(DriverFeature) - {DriverFeature.NO_BOOT_ORDER}
EVERYTHING = Completing(features=FEATURES, host_arch="x86_64", random=bytes, context=Context.INACTIVE)


def guest(inner: str = "", *, memory: str = "<memory>1024</memory>", os: str = "<os><type>hvm</type></os>") -> str:
    """A small guest with something in it."""
    return f"<domain type='test'><name>x</name>{memory}{os}{inner}</domain>"


def stored(text: str) -> DomainDefinition:
    """The guest as it would be stored."""
    value = DomainDefinition.parse(text, Context.INACTIVE).value
    complete(value, EVERYTHING)
    check(value, EVERYTHING.features)
    return value


def refusal(text: str) -> str:
    """Why a guest is not taken."""
    with pytest.raises(Error) as caught:
        stored(text)
    return str(caught.value)


def test_smallest_guest() -> None:
    assert stored(guest()).format() == (
        "<domain type='test'>\n  <name>x</name>\n  <uuid>00000000-0000-4000-8000-000000000000</uuid>\n"
        "  <memory unit='KiB'>1024</memory>\n  <currentMemory unit='KiB'>1024</currentMemory>\n"
        "  <vcpu placement='static'>1</vcpu>\n"
        "  <os>\n    <type arch='x86_64'>hvm</type>\n    <boot dev='hd'/>\n  </os>\n"
        "  <clock offset='utc'/>\n  <on_poweroff>destroy</on_poweroff>\n  <on_reboot>restart</on_reboot>\n"
        "  <on_crash>destroy</on_crash>\n  <devices>\n  </devices>\n</domain>\n"
    )


def test_uuid_of_sysinfo_serves() -> None:
    entry = "<entry name='uuid'>c7a5fdbd-edaf-9455-926a-d65c16db1809</entry>"
    told = f"<sysinfo type='smbios'><system>{entry}</system></sysinfo>"
    assert stored(guest(told)).uuid == Uuid.parse("c7a5fdbd-edaf-9455-926a-d65c16db1809")


def test_nodes_tell_the_memory_when_the_document_does_not() -> None:
    nodes = "<vcpu>2</vcpu><cpu><numa><cell cpus='0' memory='2048'/><cell cpus='1' memory='1' unit='MiB'/></numa></cpu>"
    assert stored(guest(nodes, memory="")).memory.total == 3072


def test_adjusted_clock_becomes_variable() -> None:
    text = stored(guest("<clock offset='localtime' adjustment='3600'/>")).format()
    assert "<clock offset='variable' adjustment='3600' basis='localtime'/>" in text


def test_schedulers_are_told_one_by_one() -> None:
    tuned = "<vcpu>3</vcpu><cputune><vcpusched vcpus='0-1' scheduler='fifo' priority='2'/></cputune>"
    text = stored(guest(tuned)).format()
    assert text.count("<vcpusched ") == 2


def test_iothreads_are_numbered() -> None:
    threads = stored(guest("<iothreads>3</iothreads><iothreadids><iothread id='2'/></iothreadids>")).iothreads.threads
    assert [thread.id for thread in threads] == [2, 1, 3]


def test_distances_hold_in_both_directions() -> None:
    nodes = (
        "<vcpu>2</vcpu><cpu><numa><cell id='0' cpus='0' memory='1'><distances><sibling id='1' value='21'/></distances>"
        "</cell><cell id='1' cpus='1' memory='1'/></numa></cpu>"
    )
    cells = stored(guest(nodes, memory="")).numa_cells
    assert [(distance.id, distance.value) for distance in cells[1].distances] == [(0, 21), (1, 10)]


def test_live_things_need_a_running_guest() -> None:
    text = guest().replace("<domain ", "<domain id='3' ")
    assert DomainDefinition.parse(text).value.id == 3
    assert DomainDefinition.parse(text, Context.INACTIVE).value.id is None
    assert "id='3'" in DomainDefinition.parse(text).value.format()


def test_extensions_of_other_drivers_are_forgotten() -> None:
    text = guest("<q:commandline><q:arg value='-x'/></q:commandline>").replace(
        "<domain ", "<domain xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0' "
    )
    value = DomainDefinition.parse(text).value
    assert "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>" in value.format()
    complete(value, EVERYTHING)
    assert "qemu" not in value.format()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<domain type='test'/>", "missing name information"),
        (guest(os=""), "XML error: an os <type> must be specified"),
        (guest(os="<os><type>dos</type></os>"), "unsupported configuration: unknown OS type 'dos'"),
        (
            guest(os="<os><type arch='vax'>hvm</type></os>"),
            "unsupported configuration: Unknown architecture vax",
        ),
        (
            guest(memory=""),
            "XML error: Memory size must be specified via <memory> or in the <numa> configuration",
        ),
        (guest(memory="<memory unit='EiB'>9</memory>"), "numerical overflow: value too large: 9EiB"),
        (guest("<title>a\nb</title>"), "XML error: Domain title can't contain newlines"),
        (guest("<vcpu>x</vcpu>"), "XML error: maximum vcpus count must be an integer"),
        (
            guest("<vcpu current='3'>2</vcpu>"),
            "unsupported configuration: maximum vCPU count must not be less than current vCPU count",
        ),
        (guest("<uuid>x</uuid>"), "internal error: malformed uuid element"),
        (guest("<features><warp/></features>"), "unsupported configuration: unexpected feature 'warp'"),
        (
            guest("<features><hyperv><spinlocks state='on' retries='1'/></hyperv></features>"),
            "XML error: HyperV spinlock retry count must be at least 4095",
        ),
        (guest("<on_crash>dance</on_crash>"), "unsupported configuration: unknown on_crash action: dance"),
        (
            guest("<on_reboot>coredump-destroy</on_reboot>"),
            "unsupported configuration: Lifecycle event 'reboot' doesn't support 'coredump-destroy' action",
        ),
        (
            guest("<clock><timer name='pit' frequency='1'/></clock>"),
            "unsupported configuration: timer pit doesn't support setting of timer frequency",
        ),
        (
            guest("<cputune><period>1</period></cputune>"),
            "unsupported configuration: Value of cputune 'period' must be in range [1000, 1000000]",
        ),
        (
            guest("<cputune><iothreadpin iothread='1' cpuset='0'/></cputune>"),
            "unsupported configuration: Cannot find 'iothread' : 1",
        ),
        (
            guest("<numatune><memory mode='strict' placement='static'/></numatune>"),
            "unsupported configuration: nodeset for NUMA memory tuning must be set if 'placement' is 'static'",
        ),
        (guest("<idmap><uid start='0' target='1' count='x'/></idmap>"),
         "XML error: invalid idmap start/target/count settings"),
        (guest(os="<os><type>exe</type></os>"), "XML error: init binary must be specified"),
        (guest("<launchSecurity type='sev'/>"), "XML error: failed to get launch security policy"),
        (
            guest("<seclabel type='none' relabel='yes'/>"),
            "unsupported configuration: resource relabeling is not compatible with 'none' label type",
        ),
    ],
)  # fmt: skip
def test_refusals(text: str, message: str) -> None:
    assert refusal(text) == message
