# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<seclabel>`: with what label a security model confines the guest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Self

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import changed
from covirt.xml import At, Context, Reading, YesNo


class SeclabelType(StrEnum):
    """Who makes the label."""

    NONE = "none"
    DYNAMIC = "dynamic"
    STATIC = "static"


@dataclass(slots=True, kw_only=True)
class Seclabel:
    """The label of one security model."""

    type: Annotated[SeclabelType, At("@type")] = SeclabelType.DYNAMIC
    model: Annotated[str | None, At("@model")] = None
    relabel: Annotated[YesNo | None, At("@relabel")] = None
    """Are the guest's resources labelled too?"""
    label: Annotated[str | None, At("label")] = None
    imagelabel: Annotated[str | None, At("imagelabel")] = None
    baselabel: Annotated[str | None, At("baselabel")] = None
    implied: bool = False
    """Was it made for the guest without being asked for?"""

    def after_parse(self, reading: Reading) -> None:
        """Keep what belongs to the type, and what only a running guest has if this is one."""
        dynamic = self.type is SeclabelType.DYNAMIC
        if self.relabel is None:
            self.relabel = dynamic
        if dynamic and not self.relabel:
            raise ConfigUnsupported("dynamic label type must use resource relabeling")
        if self.type is SeclabelType.NONE and self.relabel:
            raise ConfigUnsupported("resource relabeling is not compatible with 'none' label type")
        inactive = bool(reading.context & Context.INACTIVE)
        if self.model == "none":
            self._become_none(inactive)
            return
        live = not inactive and self.type is not SeclabelType.NONE
        self.label = self._needed(self.label, "label") if live or self.type is SeclabelType.STATIC else None
        self.imagelabel = self._needed(self.imagelabel, "imagelabel") if live and self.relabel else None
        self.baselabel = self.baselabel if dynamic else None

    def take_model(self, model: str, *, inactive: bool) -> None:
        """Old documents with a single label need not name its model; then it is the host's first one."""
        plain = self.type is SeclabelType.DYNAMIC and not self.baselabel and inactive
        if not plain and self.type is not SeclabelType.NONE:
            raise XmlError("missing security model in domain seclabel")
        self.model = model
        if model == "none" and inactive:
            self.type, self.relabel = SeclabelType.NONE, False

    def _become_none(self, inactive: bool) -> None:
        if not inactive and self.type is not SeclabelType.NONE:
            raise ConfigUnsupported(f"unsupported type='{self.type}' to model 'none'")
        self.type, self.relabel = SeclabelType.NONE, False
        self.label = self.imagelabel = self.baselabel = None

    def _needed(self, label: str | None, name: str) -> str:
        if not label:
            raise XmlError(f"security {name} is missing")
        return label

    def for_format(self, context: Context) -> Self | None:
        """Labels that older peers would not expect are left out for them."""
        if self.implied and self.model in ("dac", "none") and context & Context.MIGRATABLE:
            return None
        if self.type is SeclabelType.NONE:
            return changed(self, relabel=None, label=None, imagelabel=None, baselabel=None)
        return self if self.relabel else changed(self, imagelabel=None)
