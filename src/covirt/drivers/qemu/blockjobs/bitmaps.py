# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bitmaps of changed blocks along a chain: which can be trusted, and how they are merged when images are.

Each checkpoint is a bitmap of the checkpoint's name. A snapshot puts a new image on top and starts the same bitmaps
there, so what has changed since a checkpoint is the bitmap of that name in all images together. Results are actions of
QMP's `transaction`. A chain is the names of its nodes, the top one first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from covirt.drivers.qemu.blockjobs.nodes import Bitmap, NodeImage
from covirt.drivers.qemu.command.props import Props
from covirt.errors import InternalError

WRITES = "libvirt-tmp-activewrite"
"""The bitmap of what the guest writes between the end of a job on its active image and the merging of bitmaps."""

Images = Mapping[str, NodeImage]


def find(images: Images, node: str, name: str) -> Bitmap | None:
    """The bitmap of that name in a node's image."""
    image = images.get(node)
    return image.bitmap(name) if image else None


def is_valid(chain: Sequence[str], name: str, images: Images) -> bool:
    """Is the bitmap in the top image and in those right below it, without gaps, and trustworthy in all of them?"""
    found = [find(images, node, name) for node in chain]
    depth = next((place for place, bitmap in enumerate(found) if bitmap is None), len(found))
    return depth > 0 and not any(found[depth:]) and all(bitmap.trustworthy for bitmap in found[:depth] if bitmap)


def _add(node: str, name: str, *, persistent: bool, disabled: bool, granularity: int) -> Props:
    data: Props = {"node": node, "name": name, "persistent": persistent, "disabled": disabled}
    return {"type": "block-dirty-bitmap-add", "data": data | {"granularity": granularity}}


def _merge(node: str, target: str, bitmaps: Iterable[tuple[str, str]]) -> Props:
    sources = [{"node": node, "name": name} for node, name in bitmaps]
    return {"type": "block-dirty-bitmap-merge", "data": {"node": node, "target": target, "bitmaps": sources}}


def _remove(node: str, name: str) -> Props:
    return {"type": "block-dirty-bitmap-remove", "data": {"node": node, "name": name}}


def merge(
    chain: Sequence[str],
    target: str,
    images: Images,
    *,
    base: str | None = None,
    only: str | None = None,
    into: str | None = None,
    writes: str | None = None,
) -> list[Props]:
    """Merge the valid bitmaps of a chain, down to above `base`, into those of the node `target`.

    `only` names the one bitmap that counts. `into` makes one temporary bitmap of that name that sees no further
    writes, as backups need it. `writes` is the node that has the bitmap of writes since the job's end.
    """
    actions: list[Props] = []
    top = images.get(chain[0]) if chain else None
    part = chain[: chain.index(base)] if base in chain else chain
    # The newest of QEMU's list first.
    for bitmap in reversed(top.bitmaps if top else ()):
        if only in (None, bitmap.name) and is_valid(chain, bitmap.name, images):
            sources = [(node, bitmap.name) for node in part if find(images, node, bitmap.name)]
            if into or not find(images, target, bitmap.name):
                # An explicit target is for the moment only; everything else goes on recording.
                kept = into is None
                added = _add(
                    target, into or bitmap.name, persistent=kept, disabled=not kept, granularity=bitmap.granularity
                )
                actions.append(added)
            if writes:
                sources.append((writes, WRITES))
            actions.append(_merge(target, into or bitmap.name, sources))
    if writes:
        actions.append(_remove(writes, WRITES))
    return actions


def after_copy(chain: Sequence[str], mirror: str, images: Images, *, shallow: bool, raw: bool = False) -> list[Props]:
    """Bitmaps for the copy of a disk, once it is complete; a raw image keeps none."""
    base = chain[1] if shallow and len(chain) > 1 else None
    return [] if raw else merge(chain, mirror, images, base=base, writes=mirror)


def after_commit(chain: Sequence[str], base: str, images: Images, *, active: bool, raw: bool = False) -> list[Props]:
    """Bitmaps for the image that those above it were merged into; the chain begins with the job's top."""
    return [] if raw else merge(chain, base, images, base=base, writes=base if active else None)


def for_backup(chain: Sequence[str], since: str, target: str, name: str, images: Images) -> list[Props]:
    """One bitmap on the backup's target of all that has changed since a checkpoint."""
    return merge(chain, target, images, only=since, into=name)


def removal(chain: Sequence[str], name: str, images: Images, disk: str) -> tuple[list[Props], list[str]]:
    """Forget a checkpoint: the actions, and the nodes that must be made writable for them, the lowest first."""
    nodes = [node for node in chain if find(images, node, name)]
    if not nodes:
        raise InternalError(f"bitmap '{name}' not found in backing chain of '{disk}'")
    reopened = [node for node in reversed(nodes) if node != chain[0]]
    return [_remove(node, name) for node in nodes], reopened
