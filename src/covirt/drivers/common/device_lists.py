# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which devices of the host a list asks for."""

from __future__ import annotations

from covirt.api.nodedev import ConnectListAllNodeDeviceFlags as List
from covirt.model.nodedev.definition import NodeDeviceDefinition

WORDS = {
    List.CAP_SYSTEM: "system",
    List.CAP_PCI_DEV: "pci",
    List.CAP_USB_DEV: "usb_device",
    List.CAP_USB_INTERFACE: "usb",
    List.CAP_NET: "net",
    List.CAP_SCSI_HOST: "scsi_host",
    List.CAP_SCSI_TARGET: "scsi_target",
    List.CAP_SCSI: "scsi",
    List.CAP_STORAGE: "storage",
    List.CAP_FC_HOST: "fc_host",
    List.CAP_VPORTS: "vports",
    List.CAP_SCSI_GENERIC: "scsi_generic",
    List.CAP_DRM: "drm",
    List.CAP_MDEV_TYPES: "mdev_types",
    List.CAP_MDEV: "mdev",
    List.CAP_CCW_DEV: "ccw",
    List.CAP_CSS_DEV: "css",
    List.CAP_VDPA: "vdpa",
    List.CAP_AP_CARD: "ap_card",
    List.CAP_AP_QUEUE: "ap_queue",
    List.CAP_AP_MATRIX: "ap_matrix",
    List.CAP_VPD: "vpd",
    List.CAP_CCWGROUP_DEV: "ccwgroup",
    List.CAP_CCWGROUP_MEMBER: "ccwgroup_member",
}
"""The word for what each flag asks for."""


def matches(device: NodeDeviceDefinition, flags: List, *, active: bool, persistent: bool) -> bool:
    """Whether a list with these flags holds the device: groups narrow, flags of a group widen."""
    words = {word for flag, word in WORDS.items() if flag & flags}
    if words and not words & device.abilities:
        return False
    return _asked(flags, {List.ACTIVE: active, List.INACTIVE: not active}) and _asked(
        flags, {List.PERSISTENT: persistent, List.TRANSIENT: not persistent}
    )


def _asked(flags: List, group: dict[List, bool]) -> bool:
    told = [yes for flag, yes in group.items() if flag & flags]
    return not told or any(told)
