# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kinds of evidence from which a capability flag follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from covirt.drivers.qemu.capabilities.answers import Answers


class Rule(Protocol):
    """One kind of evidence; a flag is there when one of its rules holds."""

    def holds(self, answers: Answers) -> bool:
        """Whether QEMU's answers contain this evidence."""
        ...


@dataclass(frozen=True, slots=True)
class Flag:
    """A capability by libvirt's name, and what it follows from; without rules it is only a name to be understood."""

    name: str
    rules: tuple[Rule, ...] = field(default=())

    def __init__(self, name: str, *rules: Rule) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "rules", rules)


def retired(*names: str) -> tuple[Flag, ...]:
    """Flags that every supported QEMU has or none has; old status files still name them."""
    return tuple(Flag(name) for name in names)


class _AnyOf:
    """A rule about names, of which one is enough."""

    __slots__ = ("names",)

    def __init__(self, *names: str) -> None:
        self.names = names

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.names!r}"


class QomType(_AnyOf):
    """One of these object types is compiled in."""

    __slots__ = ()

    def holds(self, answers: Answers) -> bool:
        """Whether one of the types is listed by qom-list-types."""
        return not answers.types.isdisjoint(self.names)


class Accelerator(_AnyOf):
    """The accelerator works on this host."""

    __slots__ = ()

    def holds(self, answers: Answers) -> bool:
        """Whether it was present and enabled when QEMU was asked."""
        return not answers.accelerators.isdisjoint(self.names)


class Command(_AnyOf):
    """QMP has one of these commands."""

    __slots__ = ()

    def holds(self, answers: Answers) -> bool:
        """Whether the schema describes it."""
        return any(answers.schema.has(name) for name in self.names)


class Schema(_AnyOf):
    """The QMP schema has all of these paths; `QapiSchema` explains how they are written."""

    __slots__ = ()

    def holds(self, answers: Answers) -> bool:
        """Whether every path leads somewhere."""
        return all(answers.schema.has(path) for path in self.names)


class MigrationCapability(_AnyOf):
    """Migration has this capability."""

    __slots__ = ()

    def holds(self, answers: Answers) -> bool:
        """Whether query-migrate-capabilities names it."""
        return not answers.migration.isdisjoint(self.names)


class TpmModel(_AnyOf):
    """QEMU emulates this TPM front end."""

    __slots__ = ()

    def holds(self, answers: Answers) -> bool:
        """Whether query-tpm-models names it."""
        return not answers.tpm_models.isdisjoint(self.names)


class TpmType(_AnyOf):
    """QEMU has this TPM back end."""

    __slots__ = ()

    def holds(self, answers: Answers) -> bool:
        """Whether query-tpm-types names it."""
        return not answers.tpm_types.isdisjoint(self.names)


class CpuDefinition(_AnyOf):
    """QEMU knows this CPU model, with any accelerator."""

    __slots__ = ()

    def holds(self, answers: Answers) -> bool:
        """Whether query-cpu-definitions names it."""
        return not answers.cpu_names.isdisjoint(self.names)


class Architecture(_AnyOf):
    """The guest architecture is one of these: for what is built into boards and cannot be seen otherwise."""

    __slots__ = ()

    def holds(self, answers: Answers) -> bool:
        """Whether QEMU emulates one of them."""
        return answers.arch in self.names


class Option:
    """The command line has this option, and the parameter if one is given (query-command-line-options)."""

    __slots__ = ("option", "parameter")

    def __init__(self, option: str, parameter: str | None = None) -> None:
        self.option = option
        self.parameter = parameter

    def holds(self, answers: Answers) -> bool:
        """Whether it is listed."""
        parameters = answers.options.get(self.option)
        return parameters is not None and (self.parameter is None or self.parameter in parameters)


class Usable:
    """A type is compiled in and its platform, asked for by a query, is really there."""

    __slots__ = ("name", "platform")

    def __init__(self, name: str, platform: str) -> None:
        self.name = name
        self.platform = platform

    def holds(self, answers: Answers) -> bool:
        """Whether both are so."""
        return self.name in answers.types and self.platform in answers.platforms


class HasProperty:
    """One of these device, object or machine types has the property."""

    __slots__ = ("owner", "property")

    def __init__(self, owner: PropertyOwner, name: str) -> None:
        self.owner = owner
        self.property = name

    def holds(self, answers: Answers) -> bool:
        """Whether it is among the properties of one of the types."""
        return any(self.property in answers.properties.get(key, ()) for key in self.owner.keys)


class DefaultsToFalse(HasProperty):
    """The property is there and off unless the user says otherwise; older QEMU does not tell the default."""

    __slots__ = ()

    def holds(self, answers: Answers) -> bool:
        """Whether QEMU tells the default, and it is false."""
        found = (answers.properties.get(key, {}) for key in self.owner.keys)
        return any(properties.get(self.property) is False for properties in found)


class PropertyOwner:
    """Types whose properties are looked at; `has` makes the rule."""

    __slots__ = ("types",)
    kind = ""

    def __init__(self, *types: str) -> None:
        self.types = types

    def may_exist(self, name: str, answers: Answers) -> bool:
        """Whether it makes sense to ask for this type; only types that can be instantiated are listed."""
        return name in answers.types

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """Where the answers keep the properties of each type."""
        return tuple((self.kind, name) for name in self.types)

    def has(self, name: str) -> HasProperty:
        """The rule that one of the types has this property."""
        return HasProperty(self, name)

    def defaults_to_false(self, name: str) -> DefaultsToFalse:
        """The rule that one of the types has this property with the default false."""
        return DefaultsToFalse(self, name)


class Device(PropertyOwner):
    """Types of devices (device-list-properties)."""

    __slots__ = ()
    kind = "device"


class Object(PropertyOwner):
    """Types of other objects (qom-list-properties)."""

    __slots__ = ()
    kind = "object"


class Machine(PropertyOwner):
    """Machines by name or alias (qom-list-properties of the machine's type)."""

    __slots__ = ()
    kind = "machine"


class BaseType(PropertyOwner):
    """Types that others are made of; they are in no list, but present for certain architectures."""

    __slots__ = ("archs",)
    kind = "base"

    def __init__(self, *types: str, archs: frozenset[str]) -> None:
        super().__init__(*types)
        self.archs = archs

    def may_exist(self, name: str, answers: Answers) -> bool:
        """Whether the architecture is one of theirs."""
        return answers.arch in self.archs
