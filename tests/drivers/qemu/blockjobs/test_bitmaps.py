# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bitmaps of changed blocks along chains."""

from __future__ import annotations

import pytest

from covirt.drivers.qemu.blockjobs import bitmaps
from covirt.drivers.qemu.blockjobs.nodes import Bitmap, NodeImage
from covirt.errors import InternalError

CHAIN = ("top", "middle", "bottom")


def _image(*names: str, recording: bool = True) -> NodeImage:
    made = (Bitmap(name=name, recording=recording, persistent=True, granularity=65536) for name in names)
    return NodeImage(capacity=1, physical=1, bitmaps=tuple(made))


def test_a_gap_makes_a_bitmap_useless() -> None:
    """It would miss what was written in between."""
    images = {"top": _image("a", "b"), "middle": _image("b"), "bottom": _image("a", "b")}
    assert not bitmaps.is_valid(CHAIN, "a", images)
    assert bitmaps.is_valid(CHAIN, "b", images)
    assert not bitmaps.is_valid(CHAIN, "c", images)


def test_a_bitmap_that_does_not_record_is_not_trusted() -> None:
    """It has missed writes."""
    assert not bitmaps.is_valid(("top",), "a", {"top": _image("a", recording=False)})


def test_a_gap_below_the_base_counts_too() -> None:
    """The base keeps its history."""
    images = {"top": _image("a"), "middle": _image(), "bottom": _image("a")}
    assert bitmaps.after_commit(CHAIN, "middle", images, active=False) == []


def test_a_checkpoint_that_is_nowhere_cannot_be_removed() -> None:
    """The disk is named."""
    with pytest.raises(InternalError, match="not found in backing chain of 'vda'"):
        bitmaps.removal(CHAIN, "a", {}, "vda")
