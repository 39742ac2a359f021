# SPDX-License-Identifier: LGPL-2.1-or-later
"""Security labels of single resources, overriding the guest's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from covirt.errors import XmlDetail, XmlError
from covirt.xml import At, Context, Reading, Words, YesNo

LabelSkip = Annotated[bool, Words("yes", None)]


@dataclass(slots=True, kw_only=True)
class DeviceSeclabel:
    """The label that one security model shall give to this resource, or that it shall leave it alone."""

    model: Annotated[str | None, At("@model")] = None
    labelskip: Annotated[YesNo | None, At("@labelskip", unless=Context.INACTIVE)] = None
    """The label could not be set when the guest started (live only)."""
    relabel: Annotated[YesNo | None, At("@relabel")] = True
    label: Annotated[str | None, At("label")] = None

    def after_parse(self, reading: Reading) -> None:
        """A label is needed where relabelling is asked for, and has no sense where it is switched off."""
        model = self.model or "<null>"
        if self.label and not self.relabel:
            raise XmlError(f"Cannot specify a label if relabelling is turned off. model={model}")
        if (
            "relabel" in reading.element.attributes
            and reading.context & Context.INACTIVE
            and self.relabel
            and not self.label
        ):
            raise XmlError(f"Cannot specify relabel if label is missing. model={model}")

    def for_format(self, context: Context) -> DeviceSeclabel | None:
        """Nothing to say without a label, unless it is that there was none to set."""
        if context & Context.INACTIVE and not self.label and self.relabel:
            return None
        if self.labelskip:
            return DeviceSeclabel(model=self.model, labelskip=True, relabel=None, label=self.label)
        return DeviceSeclabel(model=self.model, relabel=bool(self.relabel), label=self.label)


def check_seclabels_once(labels: Iterable[DeviceSeclabel]) -> None:
    """Refuse two labels of the same model."""
    models = [label.model for label in labels if label.model is not None]
    for model in models:
        if models.count(model) > 1:
            raise XmlDetail(f"seclabel for model {model} is already provided")
