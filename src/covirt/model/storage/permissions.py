# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who owns a directory or a volume, and who may do what with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from covirt.xml import At, Number, Scalar
from covirt.xml.scalars import INT64_MAX, UINT32_MAX, BadValue, read_number


@dataclass(frozen=True, slots=True)
class _Mode(Scalar):
    """Permission bits in base 8, at most 0777."""

    def read(self, text: str) -> int:
        mode = read_number(text, 8)
        if mode is None or not 0 <= mode <= 0o777:
            raise BadValue
        return mode

    def write(self, value: int) -> str:
        return f"0{value:o}"


@dataclass(frozen=True, slots=True)
class _Id(Scalar):
    """A user or group number; -1, signed or not, was once written for "none", and is still read as that."""

    def read(self, text: str) -> int | None:
        number = Number(low=-INT64_MAX - 1, high=INT64_MAX).read(text)
        if number in (-1, UINT32_MAX):
            return None
        if not 0 <= number <= UINT32_MAX:
            raise BadValue
        return number


@dataclass(slots=True, kw_only=True)
class Permissions:
    """What <permissions> says; what is not said is not changed."""

    mode: Annotated[int | None, At("mode", invalid="malformed octal mode"), _Mode()] = None
    owner: Annotated[int | None, At("owner", invalid="malformed owner element", blank_is_none=False), _Id()] = None
    group: Annotated[int | None, At("group", invalid="malformed group element", blank_is_none=False), _Id()] = None
    label: Annotated[str | None, At("label")] = None
