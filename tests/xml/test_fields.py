# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each shape a declaration can have, read and written back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pytest

from covirt import xml
from covirt.errors import ConfigUnsupported, Error, XmlError, XmlInvalidSchema
from covirt.xml import ANY, At, Choice, Context, Element, Foreign, Hex, OnOff, OnOffDefault, Present, Reading, Size
from covirt.xml.spec import DeclarationError

PREFIX = {"q": "urn:q"}


class Bus(StrEnum):
    """Some words."""

    IDE = "ide"
    VIRTIO = "virtio"


@dataclass(slots=True, kw_only=True)
class PciAddress:
    """Chosen by the word pci."""

    type: Literal["pci"] = "pci"
    slot: Annotated[int, At("@slot"), Hex(2)]


@dataclass(slots=True, kw_only=True)
class DriveAddress:
    """Chosen by two words."""

    type: Literal["drive", "ccid"]
    unit: Annotated[int, At("@unit")] = 0


@dataclass(slots=True, kw_only=True)
class Info:
    """Embedded in others."""

    alias: Annotated[str | None, At("alias/@name", unless=Context.INACTIVE)] = None
    address: Annotated[PciAddress | DriveAddress | None, At("address"), Choice()] = None


@dataclass(slots=True, kw_only=True)
class Virtio:
    """Embedded in a shared child."""

    iommu: Annotated[OnOff | None, At("@iommu")] = None


@dataclass(slots=True, kw_only=True)
class FileSource:
    """Chosen by the parent's word file."""

    type: Literal["file"] = "file"
    path: Annotated[str | None, At("@file")] = None


@dataclass(slots=True, kw_only=True)
class Host:
    """One of several."""

    name: Annotated[str, At("@name")]


@dataclass(slots=True, kw_only=True)
class NetworkSource:
    """Chosen by the parent's word network."""

    type: Literal["network"] = "network"
    protocol: Annotated[str | None, At("@protocol")] = None
    hosts: Annotated[list[Host], At("host")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Chain:
    """Contains itself."""

    format: Annotated[str | None, At("format/@type")] = None
    below: Annotated[Chain | None, At("below")] = None


@dataclass(slots=True, kw_only=True)
class Tcp:
    """Chosen by its element's name."""

    kind: Literal["tcp"] = "tcp"
    port: Annotated[int, At("@port")]


@dataclass(slots=True, kw_only=True)
class Udp:
    """Chosen by its element's name."""

    kind: Literal["udp"] = "udp"
    port: Annotated[int, At("@port")]


@dataclass(slots=True, kw_only=True)
class Everything:
    """Has a field of each shape."""

    ELEMENT: ClassVar[str] = "all"
    NAMESPACES: ClassVar[dict[str, str]] = PREFIX

    name: Annotated[str, At("name")]
    device: Annotated[str, At("@device", omit="disk")] = "disk"
    driver: Annotated[str | None, At("driver/@name")] = None
    virtio: Annotated[Virtio | None, At("driver/.")] = None
    cache: Annotated[str | None, At("driver/@cache")] = None
    source: Annotated[FileSource | NetworkSource, At("source"), Choice("../@type", default="file")] = field(
        default_factory=FileSource
    )
    chain: Annotated[Chain | None, At("chain")] = None
    bus: Annotated[Bus | None, At("target/@bus", also=("@oldbus",))] = None
    readonly: Annotated[Present, At("readonly")] = False
    size: Annotated[int | None, At("size"), Size("KiB")] = None
    length: Annotated[int, At("part/@length", omit=0), Size("bytes", pretty=True)] = 0
    words: Annotated[list[str], At("words/word")] = field(default_factory=list)
    buses: Annotated[set[Bus], At("buses")] = field(default_factory=set)
    rules: Annotated[list[Tcp | Udp], At(f"rules/{ANY}"), Choice(".", field="kind")] = field(default_factory=list)
    vendor: Annotated[str | None, At("entry[@name='vendor']")] = None
    serial: Annotated[str | None, At("entry[@name='serial']")] = None
    secret: Annotated[str | None, At("secret", write_when=Context.SECURE)] = None
    rom: Annotated[bool | None, At("rom/@bar"), OnOffDefault.__metadata__[0]] = None
    meta: Annotated[Foreign | None, At("meta")] = None
    tree: Annotated[Element | None, At("tree", when=Context.STATUS)] = None
    arguments: Annotated[list[Host], At("q:line/q:arg")] = field(default_factory=list)
    info: Annotated[Info, At(".")] = field(default_factory=Info)


SAMPLES = sorted(Path(__file__).with_name("samples").glob("*.xml"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_round_trip(sample: Path) -> None:
    text = sample.read_text()
    parsed = xml.parse(Everything, text)
    assert not parsed.problems
    assert xml.format(parsed.value) == text
    assert xml.parse(Everything, xml.format(parsed.value)).value == parsed.value


def read(inner: str, context: Context = Context.NONE) -> Everything:
    return xml.parse(Everything, f"<all><name>x</name>{inner}</all>", context=context).value


def test_sizes_are_rounded_up_to_their_unit() -> None:
    assert read("<size unit='bytes'>1025</size>").size == 2
    assert read("<size unit='MB'>1</size>").size == 977


def test_older_place_is_read_only_without_the_right_one() -> None:
    assert xml.parse(Everything, "<all oldbus='ide'><name>x</name></all>").value.bus is Bus.IDE
    assert xml.parse(Everything, "<all oldbus='ide'><name>x</name><target bus='virtio'/></all>").value.bus is Bus.VIRTIO


def test_contexts_decide_what_is_read_and_written() -> None:
    live = read("<alias name='a'/><secret>s</secret><tree/>")
    assert live.info.alias == "a"
    assert live.tree is None
    assert read("<alias name='a'/>", Context.INACTIVE).info.alias is None
    assert "secret" not in xml.format(live)
    assert "<secret>s</secret>" in xml.format(live, Context.SECURE)
    assert "alias" not in xml.format(live, Context.INACTIVE)
    status = read("<tree a='1'><b/></tree>", Context.STATUS)
    assert "<tree a='1'>\n    <b/>\n  </tree>" in xml.format(status, Context.STATUS)


def test_default_word_reads_as_absent() -> None:
    assert read("<rom bar='default'/>").rom is None
    assert read("<rom bar='off'/>").rom is False


def test_first_of_repeated_elements_counts() -> None:
    parsed = xml.parse(Everything, "<all><name>x</name><name>y</name></all>")
    assert parsed.value.name == "x"
    assert [problem.fatal for problem in parsed.problems] == [False]


def test_other_prefix_of_a_known_name_space_is_understood() -> None:
    text = "<all xmlns:other='urn:q'><name>x</name><other:line><other:arg name='a'/></other:line></all>"
    assert xml.parse(Everything, text).value.arguments == [Host(name="a")]


def test_prefix_of_another_name_space_is_not_ours() -> None:
    text = "<all xmlns:q='urn:other'><name>x</name><q:line><q:arg name='a'/></q:line></all>"
    assert xml.parse(Everything, text).value.arguments == []


def test_declared_name_space_of_surroundings_stays_with_foreign_elements() -> None:
    text = "<all xmlns:a='urn:a'><name>x</name><meta><a:b/></meta></all>"
    assert '<meta xmlns:a="urn:a">' in xml.format(xml.parse(Everything, text).value)


# Inheritance and hooks


@dataclass(slots=True, kw_only=True)
class Base:
    """Two fields."""

    ELEMENT: ClassVar[str] = "it"

    last: Annotated[str | None, At("last")] = None
    first: Annotated[str | None, At("first")] = None


@dataclass(slots=True, kw_only=True)
class Derived(Base):
    """Moves a field behind the others by declaring it again."""

    last: Annotated[str | None, At("last")] = None

    def after_parse(self, reading: Reading) -> None:
        """Refuses one value."""
        if self.first == "bad":
            raise ConfigUnsupported("no")

    def for_format(self, context: Context) -> Derived:
        """Writes less for older readers."""
        return Derived(first=self.first) if Context.MIGRATABLE in context else self


def test_declaring_a_field_again_moves_it() -> None:
    assert xml.format(Derived(first="1", last="2")) == "<it>\n  <first>1</first>\n  <last>2</last>\n</it>\n"


def test_hooks() -> None:
    assert "last" not in xml.format(Derived(first="1", last="2"), Context.MIGRATABLE)
    with pytest.raises(ConfigUnsupported) as caught:
        xml.parse(Derived, "<it>\n <first>bad</first></it>")
    assert caught.value.path == "/it"
    assert caught.value.line == 1


# Refusals


@pytest.mark.parametrize(
    ("inner", "message", "path"),
    [
        (
            "<target bus='x'/>",
            "XML error: Invalid value for attribute 'bus' in element 'target': 'x'.",
            "/all/target/@bus",
        ),
        (
            "<address type='pci' slot='-1'/>",
            "XML error: Invalid value for attribute 'slot' in element 'address': '-1'. "
            "Expected non-negative integer value",
            "/all/address/@slot",
        ),
        (
            "<address type='pci'/>",
            "XML error: Missing required attribute 'slot' in element 'address'",
            "/all/address/@slot",
        ),
        ("<address/>", "XML error: Missing required attribute 'type' in element 'address'", "/all/address/@type"),
        (
            "<address type='x'/>",
            "XML error: Invalid value for attribute 'type' in element 'address': 'x'.",
            "/all/address/@type",
        ),
        (
            "<rules><tcp port='1'/><tcp port='y'/></rules>",
            "XML error: Invalid value for attribute 'port' in element 'tcp': 'y'. Expected non-negative integer value",
            "/all/rules/tcp[2]/@port",
        ),
        ("<size unit='Q'>1</size>", "invalid argument: unknown suffix 'Q'", "/all/size"),
    ],
)
def test_refusals_have_libvirts_words_and_a_place(inner: str, message: str, path: str) -> None:
    with pytest.raises(Error) as caught:
        read(inner)
    assert str(caught.value) == message
    assert caught.value.path == path
    assert caught.value.line == 1


def test_missing_element() -> None:
    with pytest.raises(XmlError, match="Missing required element 'name' in element 'all'"):
        xml.parse(Everything, "<all/>")


def test_wrong_root() -> None:
    with pytest.raises(XmlError, match="expecting root element of 'all', not 'none'"):
        xml.parse(Everything, "<none/>")


def test_unknown_things_are_warnings_with_a_hint() -> None:
    parsed = xml.parse(Everything, "<all>\n <name>x</name>\n <readnly/>\n <driver nam='a'/>\n</all>")
    assert [str(problem) for problem in parsed.problems] == [
        "3:2: warning: unknown element 'readnly' (did you mean 'readonly'?) at /all/readnly",
        "4:2: warning: unknown attribute 'nam' in element 'driver' (did you mean 'name'?) at /all/driver/@nam",
    ]


def test_unknown_things_are_errors_when_validating() -> None:
    with pytest.raises(XmlInvalidSchema, match="unknown element 'more'"):
        xml.parse(Everything, "<all><name>x</name><more/></all>", validate=True)


def test_all_problems_are_collected() -> None:
    text = "<all><target bus='x'/><size>y</size><address type='z'/></all>"
    reading, _ = xml.read_document(Everything, text)
    assert len([problem for problem in reading.problems.found if problem.fatal]) == 3


# Declarations that make no sense


@dataclass(slots=True, kw_only=True)
class Doubled:
    """Reads the same twice."""

    ELEMENT: ClassVar[str] = "it"

    one: Annotated[str | None, At("@a")] = None
    two: Annotated[str | None, At("@a")] = None


@dataclass(slots=True, kw_only=True)
class Unspelled:
    """Has a value that nobody can spell."""

    ELEMENT: ClassVar[str] = "it"

    one: Annotated[float | None, At("@a")] = None


@pytest.mark.parametrize("cls", [Doubled, Unspelled])
def test_senseless_declarations_are_refused(cls: type) -> None:
    with pytest.raises(DeclarationError):
        xml.parse(cls, "<it/>")
