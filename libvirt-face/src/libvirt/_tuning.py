# SPDX-License-Identifier: LGPL-2.1-or-later
"""Setting parameters whose types the other side tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libvirt._arguments import typed_like
from libvirt._asking import guarded, plan_of
from libvirt._base import Wrapped


def set_like(
    about: Wrapped,
    params: Mapping[str, Any],
    get: str,
    put: str,
    first: tuple[Any, ...] = (),
    flags: tuple[int, ...] = (),
) -> int:
    """Ask for the present parameters, give the new ones their types, and set them."""
    if not isinstance(params, Mapping):
        raise TypeError(f"a dictionary is required, not {type(params).__name__}")
    if not params:
        raise LookupError("Need non-empty dictionary to set attributes")
    typed = typed_like(params, about._reply(get, *first, *flags))
    call, takers, _ = plan_of(put)
    at = [parameter.name for parameter in call.parameters].index("params")
    given = [*first, typed, *flags]
    values = tuple(value if place == at else takers[place](value) for place, value in enumerate(given))
    guarded(about, call.spelled, lambda link, handle: link.perform(call, handle, values))
    return 0
