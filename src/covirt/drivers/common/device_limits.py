# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shares and limits of disk traffic as parameters, where a text lists devices: `/dev/sda,500,/dev/sdb,200`."""

from __future__ import annotations

from collections.abc import Iterator

from covirt.api.domain.tuning import DomainBlkioParam
from covirt.api.params import TypedParams
from covirt.errors import Error, InvalidArg
from covirt.model.domain.blkiotune import BlockTuning, DeviceLimits

FIELDS = {
    DomainBlkioParam.DEVICE_WEIGHT: "weight",
    DomainBlkioParam.DEVICE_READ_IOPS: "read_iops_sec",
    DomainBlkioParam.DEVICE_WRITE_IOPS: "write_iops_sec",
    DomainBlkioParam.DEVICE_READ_BPS: "read_bytes_sec",
    DomainBlkioParam.DEVICE_WRITE_BPS: "write_bytes_sec",
}
"""The field of a device for each parameter, in the order in which they are told."""


def tell_block_tuning(tuning: BlockTuning) -> TypedParams:
    """All parameters."""
    params = TypedParams()
    params.put(DomainBlkioParam.WEIGHT, tuning.weight)
    for name, field in FIELDS.items():
        told = [f"{device.path},{getattr(device, field)}" for device in tuning.devices if getattr(device, field)]
        params.put(name, ",".join(told))
    return params


def change_block_tuning(tuning: BlockTuning, params: TypedParams) -> None:
    """Change what the parameters say; a text that is wrong changes nothing, but the rest is done."""
    failure: Error | None = None
    for entry in params.entries:
        if entry.name == DomainBlkioParam.WEIGHT:
            tuning.weight = int(entry.value)
            continue
        try:
            values = list(read_device_values(entry.name, str(entry.value)))
        except InvalidArg as error:
            failure = error
            continue
        for path, value in values:
            _change(tuning, FIELDS[DomainBlkioParam(entry.name)], path, value)
    if failure is not None:
        raise failure


def _change(tuning: BlockTuning, field: str, path: str, value: int) -> None:
    device = next((device for device in tuning.devices if device.path == path), None)
    if device is None:
        if not value:
            return
        device = DeviceLimits(path=path)
        tuning.devices.append(device)
    setattr(device, field, value)


def read_device_values(name: str, text: str) -> Iterator[tuple[str, int]]:
    """The paths and values of such a text."""
    if not text:
        return
    words = text.split(",")
    if len(words) % 2 or not all(words[::2]):
        raise InvalidArg(f"unable to parse blkio device '{name}' '{text}'")
    for path, value in zip(words[::2], words[1::2], strict=True):
        if not value.isdecimal():
            raise InvalidArg(f"invalid value '{value}' for parameter '{name}' of device '{path}'")
        yield path, int(value)
