# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client objects: one class for each kind of object, one async method for each call."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args, get_origin, get_type_hints

from covirt.api import handles
from covirt.api.call import Parameter
from covirt.api.catalogue import AnyCall, all_calls
from covirt.api.handles import Connect, Handle
from covirt.api.params import TypedParams
from generators.spelling import Spelling, client_name, is_handle

PATH = "src/covirt/client/objects_generated.py"
HEADER = '''# SPDX-License-Identifier: LGPL-2.1-or-later
# ruff: noqa: B008
"""The objects of the API with all their calls. Made by tools/generate.py from the declarations; do not edit."""

from __future__ import annotations
'''
KINDS: tuple[type[Handle], ...] = (
    handles.Connect,
    handles.Domain,
    handles.DomainSnapshot,
    handles.DomainCheckpoint,
    handles.Network,
    handles.NetworkPort,
    handles.Interface,
    handles.StoragePool,
    handles.StorageVol,
    handles.NodeDevice,
    handles.NWFilter,
    handles.NWFilterBinding,
    handles.Secret,
)


def generate() -> dict[str, str]:
    """The file with all classes."""
    spelling = Spelling()
    calls = [call for call in all_calls() if not call.daemon and not call.traits.internal]
    classes = [class_text(kind, [call for call in calls if call.subject is kind], spelling) for kind in KINDS]
    return {PATH: "\n".join([HEADER, *spelling.import_lines(), "", *classes])}


def class_text(kind: type[Handle], calls: list[AnyCall], spelling: Spelling) -> str:
    """One class."""
    name = client_name(kind)
    if kind is Connect:
        base = spelling.use("covirt.client.objects", "ConnectionObject")
    else:
        base = f"{spelling.use('covirt.client.objects', 'ClientObject')}[handles.{kind.__name__}]"
        spelling.use("covirt.api", "handles")
    parts = [f'class {name}({base}):\n    """{kind.__doc__}"""\n\n    __slots__ = ()\n']
    parts += [property_text(field.name, get_type_hints(kind)[field.name], spelling) for field in fields(kind)]  # type: ignore[arg-type]
    parts += [method_text(call, spelling) for call in calls]
    return "\n".join(parts) + "\n"


def property_text(name: str, kind: Any, spelling: Spelling) -> str:
    """One part of the handle."""
    value = f"self.handle.{name}"
    if is_handle(kind):
        value = f"{client_name(kind)}(self.channel, {value})"
    lines = ["    @property", f"    def {name}(self) -> {spelling.type(kind)}:", f'        """The {words(name)}."""']
    return "\n".join([*lines, f"        return {value}", ""])


def words(name: str) -> str:
    """A name as words."""
    return {"dom": "domain", "id": "number while it runs, else -1"}.get(name, name.replace("_", " "))


def method_text(call: AnyCall, spelling: Spelling) -> str:
    """One call."""
    parameters = ["self", *(spelling.parameter(parameter) for parameter in call.parameters)]
    if call.traits.fds_in:
        parameters.append(f"fds: {spelling.use('collections.abc', 'Sequence')}[int] = ()")
    lines = [
        f"    async def {call.name}({', '.join(parameters)}) -> {result_type(call, spelling)}:",
        f'        """{call.doc}"""',
        *(f"        {line}" for line in body(call, spelling)),
        "",
    ]
    return "\n".join(lines)


def result_type(call: AnyCall, spelling: Spelling) -> str:
    """What the method returns: the result, then the stream or the open files."""
    result = spelling.type(call.plain_result)
    if call.stream:
        extra = spelling.use("covirt.api.stream", "StreamEnd")
    elif call.traits.fds_out:
        extra = "list[int]"
    else:
        return result
    return extra if result == "None" else f"tuple[{result}, {extra}]"


def body(call: AnyCall, spelling: Spelling) -> list[str]:
    """The statements of a method."""
    theme = theme_alias(call, spelling)
    arguments = "".join(f"{argument(call, parameter, spelling)}, " for parameter in call.parameters)
    tupled = f"({arguments.rstrip(' ')})" if len(call.parameters) == 1 else f"({arguments.rstrip(', ')})"
    declared = f"{theme}.{call.name}"
    nothing = call.plain_result is type(None)
    if call.stream:
        got = f"{'_' if nothing else 'result'}, stream = await self._stream({declared}, {tupled})"
        return [got, "return stream" if nothing else f"return {wrapped(call, 'result', spelling)}, stream"]
    fds = ", fds=fds" if call.traits.fds_in else ""
    made = f"await self._perform({declared}, {tupled}{fds})"
    if call.traits.fds_out:
        files = "list(reply.fds)"
        return [
            f"reply = {made}",
            f"return {files if nothing else wrapped(call, 'reply.result', spelling) + ', ' + files}",
        ]
    if nothing:
        return [made]
    kind = call.plain_result
    if is_handle(kind) or (get_origin(kind) is list and is_handle(get_args(kind)[0])):
        return [f"reply = {made}", f"return {wrapped(call, 'reply.result', spelling)}"]
    return [f"result: {spelling.type(kind)} = ({made}).result", "return result"]


def theme_alias(call: AnyCall, spelling: Spelling) -> str:
    """The name under which the call's theme is imported."""
    package, _, theme = call.module.rpartition(".")
    alias = "_" + call.module.removeprefix("covirt.api.").replace(".", "_")
    spelling.use(package, f"{theme} as {alias}")
    return alias


def argument(call: AnyCall, parameter: Parameter, spelling: Spelling) -> str:
    """A parameter as the channel takes it."""
    name, kind = parameter.name, parameter.plain
    if kind is TypedParams:
        return f"{spelling.use('covirt.client.objects', 'typed_params')}({name}, {theme_alias(call, spelling)})"
    if is_handle(kind):
        return f"{name}.handle"
    if get_origin(kind) is list:
        return f"[item.handle for item in {name}]" if is_handle(get_args(kind)[0]) else f"list({name})"
    return name


def wrapped(call: AnyCall, value: str, spelling: Spelling) -> str:
    """A result as the caller gets it."""
    kind = call.plain_result
    if is_handle(kind):
        return f"{client_name(kind)}(self.channel, {value})"
    if get_origin(kind) is list and is_handle(get_args(kind)[0]):
        return f"[{client_name(get_args(kind)[0])}(self.channel, item) for item in {value}]"
    return value
