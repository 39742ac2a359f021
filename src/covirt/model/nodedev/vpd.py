# SPDX-License-Identifier: LGPL-2.1-or-later
"""Vital product data: what the maker of a card and its owner have written into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from covirt.errors import XmlError
from covirt.xml import At, Reading


@dataclass(slots=True, kw_only=True)
class CustomField:
    """A text of one's own, under a letter or digit."""

    index: Annotated[str, At("@index")]
    value: Annotated[str | None, At(".")] = None

    def after_parse(self, reading: Reading) -> None:
        """One letter."""
        if len(self.index) != 1:
            raise XmlError(f"'{reading.element.name}' 'index' value '{self.index}' malformed")


@dataclass(slots=True, kw_only=True)
class VitalFields:
    """The texts of the maker, or those of the owner."""

    access: Annotated[str, At("@access")]
    change_level: Annotated[str | None, At("change_level")] = None
    manufacture_id: Annotated[str | None, At("manufacture_id")] = None
    part_number: Annotated[str | None, At("part_number")] = None
    serial_number: Annotated[str | None, At("serial_number")] = None
    asset_tag: Annotated[str | None, At("asset_tag")] = None
    vendor_fields: Annotated[list[CustomField], At("vendor_field")] = field(default_factory=list)
    system_fields: Annotated[list[CustomField], At("system_field")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """Each side has its own texts."""
        if self.access == "readonly":
            self.asset_tag, self.system_fields = None, []
        elif self.access == "readwrite":
            self.change_level = self.manufacture_id = self.part_number = self.serial_number = None
        else:
            raise XmlError(f"Unsupported VPD field access type '{self.access}'")


@dataclass(slots=True, kw_only=True)
class VitalData:
    """The name of the product, and the texts."""

    type: Literal["vpd"] = "vpd"
    name: Annotated[str, At("name", missing="Could not read a device name from the <name> element")]
    fields: Annotated[list[VitalFields], At("fields")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """The maker's texts stand first."""
        self.fields.sort(key=lambda one: one.access)
