# SPDX-License-Identifier: LGPL-2.1-or-later
"""QMP: questions to its schema, commands and what their replies mean."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Coroutine, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from covirt import xml
from covirt.drivers.qemu.capabilities.replies import cpu_models
from covirt.drivers.qemu.capabilities.schema import QapiSchema
from covirt.drivers.qemu.monitor.commands import (
    block,
    character,
    cpu_data,
    cpus,
    display,
    jobs,
    lifecycle,
    memory,
    migration,
    qom,
    vcpus,
)
from covirt.drivers.qemu.monitor.commands.base import Execute
from covirt.drivers.qemu.monitor.commands.cpus import HotpluggableCpu
from covirt.drivers.qemu.monitor.errors import command_failed
from covirt.errors import Error
from covirt.testing.corpus.compare import CannotRun, Mismatch
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.trace import Named, Out, Player
from covirt.testing.qapi import command_problems, problems
from covirt.testing.qmp import recorded_starts

_LATEST = "qemucapabilities/qemucapabilitiesdata/caps_10.0.0_x86_64.replies"


def run(case: Case) -> object:
    """Carry out one case."""
    match case.kind:
        case "QAPISchemaQuery":
            return _query(case)
        case "QAPISchemaValidate":
            return _validate(case)
        case "QueryJobs":
            return _jobs(case)
        case "QemuMonitorCPUInfo":
            return _vcpus(case)
        case "GetCPUData":
            return xml.format(asyncio.run(cpu_data.cpuid(_answering({"qom-get": case.json("json")}), "")))
        case _ if case.trace.get("steps"):
            with asyncio.Runner() as runner:
                qemu = _Replies(case)
                Player(case, _vocabulary(qemu, runner.run), field=partial(_field, qemu)).play()
            return True
        case _:
            raise CannotRun(f"{case.kind} is not there")


# The schema


def latest_schema(root: Path) -> QapiSchema:
    """The schema of the newest QEMU in the corpus."""
    return _schema(root / _LATEST)


@lru_cache(maxsize=1)
def _schema(path: Path) -> QapiSchema:
    return QapiSchema(asyncio.run(recorded_starts(path.read_text())[0]("query-qmp-schema")))


def _query(case: Case) -> int:
    """1 when the path leads somewhere, 0 when not, -1 when it makes no sense."""
    try:
        return int(latest_schema(case.root).has(case.inline["query"]))
    except Error:
        return -1


def _validate(case: Case) -> bool:
    schema = latest_schema(case.root)
    found = schema.find(case.inline["query"])
    if found is None:
        raise CannotRun("the schema has no such type")
    return not any(problems(schema, found["name"], json.loads(case.inline["json"])))


# Commands


class _Replies:
    """A QEMU that gives the recorded replies in order, and takes only what the schema allows."""

    def __init__(self, case: Case) -> None:
        self.schema = latest_schema(case.root)
        self.property: Any = None
        self._exchange = deque(case.trace.get("exchange", ()))

    async def __call__(self, command: str, arguments: Mapping[str, object] | None = None) -> Any:
        """Execute a command."""
        step = self._exchange.popleft()
        expected = step["command"]
        if expected and expected.startswith("{"):
            wanted = json.loads(expected)
            if (wanted["execute"], wanted.get("arguments")) != (command, arguments):
                raise Mismatch(f"expected {wanted}, got {command} {arguments}")
        elif expected and expected != command:
            raise Mismatch(f"expected {expected}, got {command}")
        wrong = command_problems(self.schema, command, arguments)
        if wrong:
            raise Mismatch("; ".join(wrong))
        reply = json.loads(step["reply"])
        if "error" in reply:
            raise command_failed(command, reply["error"])
        return reply["return"]


def _answering(replies: Mapping[str, Any]) -> Execute:
    """A QEMU that gives these replies."""

    async def execute(command: str, arguments: Mapping[str, object] | None = None) -> Any:
        return replies[command]["return"]

    return execute


def _jobs(case: Case) -> str:
    found = asyncio.run(jobs.jobs(_answering({"query-jobs": case.json("json")})))
    parts = (
        f"[job]\nid={job.id}\ntype={job.type}\nstatus={job.status}\nerror={job.error or '<null>'}\n" for job in found
    )
    return "\n".join(parts)


def _vcpus(case: Case) -> str:
    qemu = _answering({"query-hotpluggable-cpus": case.json("hotplug"), "query-cpus-fast": case.json("cpus")})
    found = asyncio.run(vcpus.vcpus(qemu, case.inline["maxvcpus"]))
    return "".join(line + "\n" for number, vcpu in enumerate(found) for line in _vcpu_lines(number, vcpu))


def _vcpu_lines(number: int, vcpu: vcpus.Vcpu) -> Iterator[str]:
    yield f"[vcpu libvirt-id='{number}']"
    yield f"    online={'yes' if vcpu.online else 'no'}"
    yield f"    hotpluggable={'yes' if vcpu.hotpluggable else 'no'}"
    place, cpu = vcpu.place, vcpu.cpu
    told = {
        "thread-id": cpu.thread if cpu else 0,
        "enable-id": vcpu.enable_order,
        "query-cpus-id": cpu.index if cpu else None,
        "type": place.type if place else None,
        "alias": place.alias if place else None,
        "qom_path": place.qom_path if place else None,
    }
    yield from (f"    {name}='{value}'" for name, value in told.items() if value or (value == 0 and name[0] == "q"))
    if place:
        yield f"    topology:{''.join(_topology(place))} vcpus='{place.vcpus}'"
    if cpu and cpu.halted:
        yield "    halted"


def _topology(place: HotpluggableCpu) -> Iterator[str]:
    for part in ("socket", "die", "cluster", "core", "thread", "node"):
        if place.place(f"{part}-id") != -1:
            yield f" {'cluster_id' if part == 'cluster' else part}='{place.place(f'{part}-id')}'"


def _vocabulary(qemu: _Replies, wait: Callable[[Coroutine[Any, Any, Any]], Any]) -> dict[str, Callable[..., Any]]:
    """The calls by the names in the trace."""

    def done(asked: Coroutine[Any, Any, Any]) -> bool:
        wait(asked)
        return True

    def listed(out: Out, asked: Coroutine[Any, Any, list[Any]], count: Out | None = None) -> int:
        out.value = wait(asked)
        if count is not None:
            count.value = len(out.value)
        return len(out.value)

    def version(_: object, major: Out, minor: Out, micro: Out, package: Out) -> bool:
        found = wait(lifecycle.version(qemu))
        major.value, minor.value, micro.value, package.value = found.major, found.minor, found.micro, found.package
        return True

    def status(_: object, running: Out, reason: Out) -> bool:
        running.value = wait(lifecycle.status(qemu)).running
        return True

    def definitions(_: object, out: Out) -> bool:
        out.value = cpu_models(wait(qemu("query-cpu-definitions")), "x86_64", {})
        return True

    def strings(_: object, out: Out) -> bool:
        out.value = list(wait(migration.capabilities(qemu)))
        return True

    def actions(_: object, *words: str) -> bool:
        shutdown, reboot, watchdog, panic = (word.rpartition("_")[2].lower() for word in words)
        asked = lifecycle.set_actions(qemu, shutdown=shutdown, reboot=reboot, watchdog=watchdog, panic=panic)
        return done(asked)

    def mirror(_: object, job: str, kept: int, device: str, target: str, replaces: str, *numbers: int) -> bool:
        speed, granularity, buffer, shallow, writes = numbers
        asked = jobs.mirror(
            qemu,
            job,
            device,
            target,
            shallow=bool(shallow),
            replaces=replaces,
            speed=speed,
            granularity=granularity,
            buffer=buffer,
            synchronous_writes=bool(writes),
        )
        return done(asked)

    def nbd(_: object, host: Mapping[str, Any], tls: str) -> bool:
        if "socket" in host:
            address: dict[str, Any] = {"type": "unix", "data": {"path": host["socket"]}}
        else:
            address = {"type": "inet", "data": {"host": host["name"], "port": str(host["port"])}}
        return done(block.start_nbd_server(qemu, address, tls))

    def relocate(_: object, kind: str, host: str, port: int, tls_port: int, subject: str) -> bool:
        protocol = kind.rpartition("_")[2].lower()
        asked = display.relocate_viewers(
            qemu, protocol, host, port=port, tls_port=tls_port, certificate_subject=subject
        )
        return done(asked)

    def secret(_: object, header: str, text: str, address: int, given: int) -> bool:
        return done(migration.inject_launch_secret(qemu, header, text, address if given else None))

    def disks(_: object, table: dict[str, Any]) -> bool:
        table |= {
            name: {"removable": disk.removable, "tray": disk.tray, "tray_open": disk.tray_open, "empty": disk.empty}
            for name, disk in wait(block.disks(qemu)).items()
        }
        return True

    def character_devices(_: object, table: dict[str, Any]) -> bool:
        states = {None: "DEFAULT", True: "CONNECTED", False: "DISCONNECTED"}
        table |= {
            name: {"ptyPath": device.pty, "state": f"VIR_DOMAIN_CHR_DEVICE_STATE_{states[device.open]}"}
            for name, device in wait(character.character_devices(qemu)).items()
        }
        return True

    def set_property(_: object, path: str, name: str, value: Mapping[str, Any]) -> bool:
        return done(qom.set_property(qemu, path, name, bool(value["val"]["b"])))

    def get_property(_: object, path: str, name: str, kind: object) -> bool:
        qemu.property = wait(qom.get_property(qemu, path, name))
        return True

    def find(path: str, schema: object, out: Out) -> bool:
        out.value = qemu.schema.find(path)
        return out.value is not None

    def has_members(entry: Mapping[str, Any], *template: str | None) -> bool:
        found = {f"{member['type']}:{member['name']}" for member in entry["members"]}
        return found == {word for word in template if word}

    return {
        "virHashNew": lambda free: {},
        "virHashAddEntry": lambda table, name, entry: table.setdefault(name, entry) is entry,
        "virHashEqual": lambda found, expected, how: _equal(found, expected),
        "qemuMonitorJSONGetBlockInfo": disks,
        "qemuMonitorJSONGetChardevInfo": character_devices,
        "qemuMonitorJSONSetObjectProperty": set_property,
        "qemuMonitorJSONGetObjectProperty": get_property,
        "virQEMUQAPISchemaPathGet": find,
        "testQEMUSchemaEntryMatchTemplate": has_members,
        "qemuMonitorGetVersion": version,
        "qemuMonitorGetCPUDefinitions": definitions,
        "qemuMonitorDetachCharDev": lambda _, alias: done(character.remove_character_device(qemu, alias)),
        "qemuMonitorJSONGetObjectListPaths": lambda _, path, out: listed(out, qom.members(qemu, path)),
        "qemuMonitorJSONStopCPUs": lambda _: done(lifecycle.stop(qemu)),
        "qemuMonitorJSONStartCPUs": lambda _: done(lifecycle.cont(qemu)),
        "qemuMonitorGetStatus": status,
        "qemuMonitorGetIOThreads": lambda _, out, count: listed(out, cpus.io_threads(qemu), count),
        "qemuMonitorJSONSystemPowerdown": lambda _: done(lifecycle.power_down(qemu)),
        "qemuMonitorJSONSystemReset": lambda _: done(lifecycle.reset(qemu)),
        "qemuMonitorJSONMigrateCancel": lambda _: done(migration.cancel(qemu)),
        "qemuMonitorJSONRTCResetReinjection": lambda _: done(lifecycle.reset_clock_reinjection(qemu)),
        "qemuMonitorJSONSetLink": lambda _, name, state: done(
            character.set_link(qemu, name, up=not state.endswith("_DOWN"))
        ),
        "qemuMonitorJSONBlockResize": lambda _, device, node, size: done(
            block.resize(qemu, size, device=device, node=node)
        ),
        "qemuMonitorJSONSetPassword": lambda _, *words: done(display.set_password(qemu, *words)),
        "qemuMonitorJSONExpirePassword": lambda _, *words: done(display.expire_password(qemu, *words)),
        "qemuMonitorJSONSaveVirtualMemory": lambda _, *what: done(memory.save_virtual_memory(qemu, *what)),
        "qemuMonitorJSONSavePhysicalMemory": lambda _, *what: done(memory.save_physical_memory(qemu, *what)),
        "qemuMonitorJSONMigrate": lambda _, flags, uri: done(migration.migrate(qemu, uri)),
        "qemuMonitorJSONMigrateRecover": lambda _, uri: done(migration.recover(qemu, uri)),
        "qemuMonitorJSONDump": lambda _, to, form, detach: done(
            memory.dump(qemu, to, format=form, detach=bool(detach))
        ),
        "qemuMonitorJSONGraphicsRelocate": relocate,
        "qemuMonitorJSONRemoveNetdev": lambda _, alias: done(character.remove_network(qemu, alias)),
        "qemuMonitorJSONDelDevice": lambda _, alias: done(qom.remove_device(qemu, alias)),
        "qemuMonitorJSONBlockdevMirror": mirror,
        "qemuMonitorJSONBlockStream": lambda _, device, job, base, file, speed: done(
            jobs.stream(qemu, device, job, base=base, backing_file=file, speed=speed)
        ),
        "qemuMonitorJSONBlockCommit": lambda _, device, job, top, base, file, speed, finalize: done(
            jobs.commit(qemu, device, job, top=top, base=base, backing_file=file, speed=speed, auto_finalize=True)
        ),
        "qemuMonitorJSONScreendump": lambda _, device, head, form, path: done(
            display.screenshot(qemu, path, device=device, head=head, format=form)
        ),
        "qemuMonitorJSONBlockdevTrayOpen": lambda _, device, force: done(
            block.open_tray(qemu, device, force=bool(force))
        ),
        "qemuMonitorJSONBlockdevTrayClose": lambda _, device: done(block.close_tray(qemu, device)),
        "qemuMonitorJSONBlockdevMediumRemove": lambda _, device: done(block.remove_medium(qemu, device)),
        "qemuMonitorJSONBlockdevMediumInsert": lambda _, device, node: done(block.insert_medium(qemu, device, node)),
        "qemuMonitorJSONJobComplete": lambda _, job: done(jobs.complete(qemu, job)),
        "qemuMonitorJSONJobDismiss": lambda _, job: done(jobs.dismiss(qemu, job)),
        "qemuMonitorJSONJobFinalize": lambda _, job: done(jobs.finalize(qemu, job)),
        "qemuMonitorJSONBlockJobCancel": lambda _, job, force: done(jobs.cancel(qemu, job, force=bool(force))),
        "qemuMonitorJSONBlockJobSetSpeed": lambda _, job, speed: done(jobs.set_speed(qemu, job, speed)),
        "qemuMonitorJSONSetBalloon": lambda _, kib: wait(memory.set_balloon(qemu, kib)),
        "qemuMonitorJSONDelObject": lambda _, alias, *rest: done(qom.remove_object(qemu, alias)),
        "qemuMonitorJSONBlockdevDel": lambda _, node: done(block.remove_node(qemu, node)),
        "qemuMonitorJSONMigrateIncoming": lambda _, uri, *rest: done(migration.receive(qemu, uri)),
        "qemuMonitorJSONMigrateStartPostCopy": lambda _: done(migration.start_post_copy(qemu)),
        "qemuMonitorJSONNBDServerStop": lambda _: done(block.stop_nbd_server(qemu)),
        "qemuMonitorJSONInjectNMI": lambda _: done(lifecycle.inject_nmi(qemu)),
        "qemuMonitorJSONSystemWakeup": lambda _: done(lifecycle.wake_up(qemu)),
        "qemuMonitorJSONSetAction": actions,
        "qemuMonitorJSONSetLaunchSecurityState": secret,
        "qemuMonitorJSONGetTargetArch": lambda _: wait(lifecycle.target(qemu)),
        "qemuMonitorGetMigrationCapabilities": strings,
        "g_strv_contains": lambda words, word: word in words,
        "qemuMonitorJSONQueryCPUs": lambda _, out, count, force: listed(out, cpus.cpus(qemu), count),
        "qemuMonitorJSONSendKey": lambda _, hold, keys, count: done(lifecycle.send_keys(qemu, keys[:count], hold)),
        "qemuMonitorJSONGetDumpGuestMemoryCapability": lambda _, form: int(wait(memory.can_dump(qemu, form))),
        "qemuMonitorJSONNBDServerStart": nbd,
        "qemuMonitorJSONSnapshotSave": lambda _, job, name, node, nodes: done(
            jobs.save_snapshot(qemu, job, name, node, [n for n in nodes if n])
        ),
        "qemuMonitorJSONSnapshotLoad": lambda _, job, name, node, nodes: done(
            jobs.load_snapshot(qemu, job, name, node, [n for n in nodes if n])
        ),
        "qemuMonitorJSONSnapshotDelete": lambda _, job, name, nodes: done(
            jobs.delete_snapshot(qemu, job, name, [n for n in nodes if n])
        ),
        "qemuMonitorJSONBlockdevSetActive": lambda _, node, active: done(
            block.set_active(qemu, active=bool(active), node=node)
        ),
    }


def _equal(found: Mapping[str, Mapping[str, Any]], expected: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether two tables are the same; what an entry does not name is zero."""
    if found.keys() != expected.keys():
        return False
    return all(
        (entry[field] or 0) == (expected[name].get(field) or 0) for name, entry in found.items() for field in entry
    )


def _field(qemu: _Replies, value: Any, name: str) -> Any:
    """A member of a result by its name in the trace."""
    if isinstance(value, Named):
        # A property that was read lies in a variable which the trace has no name for.
        return qemu.property
    if name.startswith("["):
        return value[int(name[1:-1])]
    match name:
        case "ncpus":
            return len(value)
        case "cpus":
            return value
        case "usable":
            return f"VIR_DOMCAPS_CPU_USABLE_{str(value.usable or 'unknown').upper()}"
    names = {"iothread_id": "number", "thread_id": "thread", "qemu_id": "index", "tid": "thread"}
    return getattr(value, names.get(name, name))
