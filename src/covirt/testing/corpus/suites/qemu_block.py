# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU's block nodes: sources as nodes and as backing names, new images, bitmaps along chains."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import indent

from covirt.drivers.qemu.blockjobs import bitmaps
from covirt.drivers.qemu.blockjobs.creation import format_creation, storage_creation
from covirt.drivers.qemu.blockjobs.nodes import NodeImage, images_by_node
from covirt.drivers.qemu.capabilities import EmulatorCapabilities, from_xml
from covirt.drivers.qemu.command.build import new_build
from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.devices.blocks import nodes
from covirt.drivers.qemu.devices.image import Image, images_of
from covirt.drivers.qemu.devices.storage import backing_name, place_props
from covirt.drivers.qemu.settings import QemuSettings
from covirt.errors import InternalError
from covirt.json_text import write_json
from covirt.model.common.backing_name import read_backing_name
from covirt.model.common.storage_source import StorageFormat, StorageSource
from covirt.model.domain.devices.disk import Disk
from covirt.testing.corpus.compare import CannotRun
from covirt.testing.corpus.manifest import Case
from covirt.testing.starting import capabilities, define, prepared
from covirt.xml import Context, format, parse

CHAIN = tuple(f"libvirt-{number}-format" for number in range(1, 6))
"""The nodes of image1 to image5."""
DETECTED = tuple(f"libvirt-{number}-format" for number in range(30))


def run(case: Case) -> object:
    """Carry out one case."""
    match case.kind:
        case "bitmap-detect":
            return _detected(images_by_node(case.json("json")))
        case "bitmap-validate":
            return bitmaps.is_valid(_chain(case), case.options["bitmap"], _images(case))
        case "backup-bitmap-merge":
            options = case.options
            names = (options["incremental"], options["target_node"], options["target_bitmap"])
            return _json(bitmaps.for_backup(_chain(case), *names, _images(case)))
        case "checkpoint-delete":
            return _deleted(case)
        case "bitmap-blockcopy":
            shallow, mirror = case.options["shallow"], case.options["mirror_node"]
            return _json(bitmaps.after_copy(_chain(case), mirror, _images(case), shallow=shallow) or None)
        case "bitmap-blockcommit":
            chain, base = _chain(case, "top"), _node(case.options["base"])
            active = case.options["top"] == case.options["chain_top"]
            # The expected files spell it so.
            actions = bitmaps.after_commit(chain, base, _images(case), active=active)
            return "merge bitmpas:\n" + (_json(actions) if actions else "")
        case "disk-xml2json":
            return _as_nodes(*_disk(case))
        case "disk-xml2json-srconly":
            return _as_places(*_disk(case))
        case "source-xml-json-xml":
            return _through_json(case)
        case "json2json":
            image = Image(source=read_backing_name(case.text("json")).source, format=StorageFormat.RAW, name="")
            return write_json(place_props(_plain_build(), image), pretty=True)
        case "image-create":
            return _created(*_disk(case))
    raise CannotRun(f"{case.kind} is not there")


# Nodes

CAPACITY = 2 * 4294967295
PHYSICAL = 4294967296


def _build(case: Case) -> Build:
    caps = from_xml((case.root / case.support[0]).read_text(encoding="utf-8"))
    return _plain_build(caps)


def _plain_build(caps: EmulatorCapabilities | None = None) -> Build:
    return new_build(define(), caps or capabilities(), QemuSettings(), prepared(), "x86_64")


def _running(case: Case, build: Build, role: str = "xml") -> Image:
    """The chain of a running guest's disk, with the names that the corpus gives to its secrets."""
    path = case.path(role)
    text = path.read_text(encoding="utf-8")
    if not text.startswith("<"):
        # A link, kept as the name of the file beside it.
        text = path.with_name(text.strip()).read_text(encoding="utf-8")
    top = images_of(build, parse(Disk, text, context=Context.STATUS).value)
    for image in top.layers():
        assert image.names is not None
        image.names.auth = f"{image.storage_node}-secalias"
        if image.source.encryption:
            image.names.encryption = [f"{image.format_node}-encalias"]
    return top


def _disk(case: Case) -> tuple[Build, Image]:
    build = _build(case)
    top = _running(case, build)
    if case.has("backing_xml"):
        top.backing = _running(case, build, "backing_xml")
    return build, top


def _through_json(case: Case) -> str:
    """A source, as the JSON that an image above would have, and back."""
    document = f"<disk type='{case.options['type']}'>{case.inline['xml']}<target dev='vda'/></disk>"
    source = parse(Disk, document, context=Context.STATUS).value.source
    image = Image(source=source, format=StorageFormat.RAW, name="")
    name = "json:" + write_json({"file": place_props(_plain_build(), image)})
    return shown(read_backing_name(name).source)


def shown(source: StorageSource) -> str:
    """The element of a source, with its secrets."""
    return format(source, Context.SECURE, name="source")


def _as_nodes(build: Build, top: Image) -> str:
    return "".join(_json(node) for image in top.layers() for node in reversed(list(nodes(build, image))))


def _as_places(build: Build, top: Image) -> str:
    return "".join(
        "(\n  source only properties:\n"
        + indent(write_json(place_props(build, image), pretty=True), "  ")
        + "  backing store string:\n"
        + indent(backing_name(build, image, pretty=True), "  ")
        + "\n)\n"
        for image in top.layers()
    )


def _created(build: Build, image: Image) -> str:
    storage = storage_creation(build, image, PHYSICAL)
    layout = format_creation(build, image, CAPACITY)
    texts = (write_json(made, pretty=True) if made else "<null>" for made in (storage, layout))
    return "protocol:\n{}\nformat:\n{}".format(*texts)


# Bitmaps


def _node(image: str) -> str:
    return f"libvirt-{image.removeprefix('image')}-format"


def _chain(case: Case, role: str = "chain_top") -> tuple[str, ...]:
    return CHAIN[CHAIN.index(_node(case.options[role])) :]


def _images(case: Case) -> dict[str, NodeImage]:
    return images_by_node(case.json("nodedata"))


def _json(value: object) -> str:
    return "NULL\n" if value is None else write_json(value, pretty=True)


def _deleted(case: Case) -> str:
    chain, name, disk = _chain(case), case.options["bitmap"], case.options["disk"]
    try:
        actions, reopened = bitmaps.removal(chain, name, _images(case), disk)
    except InternalError:
        return "NULL\n"
    lines = ["reopen nodes:\n", *(f"{node}\n" for node in reopened)] if reopened else []
    return _json(actions) + "".join(lines)


def _detected(images: dict[str, NodeImage]) -> str:
    return "".join(line for node in DETECTED if node in images for line in _described(node, images[node]))


def _described(node: str, image: NodeImage) -> Iterable[str]:
    yield f"{node}:\n"
    for bitmap in image.bitmaps:
        states = f"record:{bitmap.recording:d} busy:{bitmap.busy:d} persist:{bitmap.persistent:d}"
        sizes = f"gran:{bitmap.granularity} dirty:{bitmap.dirty_bytes}"
        yield f"{bitmap.name:>9}: {states} inconsist:{bitmap.inconsistent:d} {sizes}\n"
    if image.snapshots:
        names = (f"'{name}'{'(*)' if memory else ''}" for name, memory in sorted(image.snapshots))
        yield f" internal snapshots: {' '.join(names)}\n"
