# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices of the host."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated

from covirt.api.nodedev import (
    ConnectListAllNodeDeviceFlags,
    NodeDeviceCreateXMLFlags,
    NodeDeviceDefineXMLFlags,
    NodeDeviceUpdateFlags,
    NodeDeviceXMLFlags,
)
from covirt.cli.choose import flags
from covirt.cli.command import IMPACT, command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Option, Say, alias
from covirt.cli.output import yes_no
from covirt.cli.quoting import split_commas
from covirt.cli.shell import Shell
from covirt.cli.tree import draw
from covirt.cli.vocabulary import Config, Current, File, Live, Wrap, Xpath, read_file
from covirt.cli.xpath import print_xml
from covirt.client.objects_generated import NodeDevice
from covirt.errors import Error

CAPABILITIES = {
    "system": "SYSTEM",
    "pci": "PCI_DEV",
    "usb_device": "USB_DEV",
    "usb": "USB_INTERFACE",
    "net": "NET",
    "scsi_host": "SCSI_HOST",
    "scsi_target": "SCSI_TARGET",
    "scsi": "SCSI",
    "storage": "STORAGE",
    "fc_host": "FC_HOST",
    "vports": "VPORTS",
    "scsi_generic": "SCSI_GENERIC",
    "drm": "DRM",
    "mdev_types": "MDEV_TYPES",
    "mdev": "MDEV",
    "ccw": "CCW_DEV",
    "css": "CSS_DEV",
    "vdpa": "VDPA",
    "ap_card": "AP_CARD",
    "ap_queue": "AP_QUEUE",
    "ap_matrix": "AP_MATRIX",
    "vpd": "VPD",
    "ccwgroup": "CCWGROUP_DEV",
    "ccwgroup_member": "CCWGROUP_MEMBER",
}
"""What a device can be, and the flag that lists such devices."""


async def find_device(shell: Shell, option: Option, text: str) -> NodeDevice:
    """A device by its name, or by `WWNN,WWPN`."""
    wwnn, comma, wwpn = text.partition(",")
    if comma and "," in wwpn:
        raise CommandFailed(f"Malformed device value '{text}'")
    with failing(f"Could not find matching device '{text}'"):
        if comma:
            return await shell.conn.node_device_lookup_scsi_host_by_wwn(wwnn, wwpn)
        return await shell.conn.node_device_lookup_by_name(text)


async def find_device_by_name(shell: Shell, option: Option, text: str) -> NodeDevice:
    """A device by its name."""
    with failing(f"Could not find matching device '{text}'"):
        return await shell.conn.node_device_lookup_by_name(text)


NAME_HELP = "name of the device"
Device = Annotated[
    NodeDevice,
    Say("name of the device, or WWNN,WWPN", positional=True, complete="nodedev-name", find=find_device),
]
NamedDevice = Annotated[NodeDevice, Say(NAME_HELP, positional=True, complete="nodedev-name", find=find_device_by_name)]
Validate = Annotated[bool, Say("refuse what the schema does not know")]


@command()
async def nodedev_create(shell: Shell, *, file: File, validate: Validate = False) -> None:
    """create a device on the host from a file"""
    text = read_file("file", file)
    with failing(f"Failed to create node device from {file}"):
        device = await shell.conn.node_device_create_xml(text, flags(NodeDeviceCreateXMLFlags, VALIDATE=validate))
    shell.output.done(f"Node device {device.name} created from {file}")


@command(aliases=(alias("name", "device"),))
async def nodedev_destroy(shell: Shell, *, device: Device) -> None:
    """remove a device from the host"""
    with failing(f"Failed to destroy node device '{shell.given['device']}'"):
        await device.destroy()
    shell.output.done(f"Destroyed node device '{shell.given['device']}'")


@command()
async def nodedev_define(shell: Shell, *, file: File, validate: Validate = False) -> None:
    """define a device, without creating it"""
    text = read_file("file", file)
    with failing(f"Failed to define node device from '{file}'"):
        device = await shell.conn.node_device_define_xml(text, flags(NodeDeviceDefineXMLFlags, VALIDATE=validate))
    shell.output.done(f"Node device '{device.name}' defined from '{file}'")


@command()
async def nodedev_undefine(shell: Shell, *, device: Device) -> None:
    """forget the definition of a device"""
    with failing(f"Failed to undefine node device '{shell.given['device']}'"):
        await device.undefine()
    shell.output.done(f"Undefined node device '{shell.given['device']}'")


@command()
async def nodedev_start(shell: Shell, *, device: NamedDevice) -> None:
    """create a device that is defined"""
    with failing(f"Failed to start device {shell.given['device']}"):
        await device.create()
    shell.output.done(f"Device {shell.given['device']} started")


@command()
async def nodedev_autostart(
    shell: Shell, *, device: NamedDevice, disable: Annotated[bool, Say("do not create it any more")] = False
) -> None:
    """create a device when the host starts"""
    verb = "unmark" if disable else "mark"
    with failing(f"failed to {verb} device {shell.given['device']} as autostarted"):
        await device.set_autostart(not disable)
    shell.output.done(f"Device {shell.given['device']} {verb}ed as autostarted")


@command()
async def nodedev_info(shell: Shell, *, device: Device) -> None:
    """print the basics of a device"""
    try:
        parent = await device.parent()
    except Error:
        parent = None
    shell.output.fields([("Name", device.name), ("Parent", parent or "")])
    shell.output.fields([("Active", await _presumed(device.is_active()))])
    shell.output.fields([("Persistent", await _presumed(device.is_persistent()))])
    try:
        autostart = yes_no(await device.autostart())
    except Error:
        autostart = "no autostart"
    shell.output.fields([("Autostart", autostart)])


async def _presumed(question: Awaitable[bool]) -> str:
    """An answer in words; like virsh, "yes" where the hypervisor does not know the question."""
    try:
        return yes_no(await question)
    except Error:
        return "yes"


@command(IMPACT)
async def nodedev_update(
    shell: Shell, *, device: Device, file: File, config: Config = False, live: Live = False, current: Current = False
) -> None:
    """change a device as a file says"""
    text = read_file("file", file)
    with failing(f"Failed to update node device {device.name} from '{file}'"):
        await device.update(text, flags(NodeDeviceUpdateFlags, CONFIG=config, LIVE=live))
    if config and live:
        what = "persistent config and live state"
    elif config or not (live or await device.is_active()):
        what = "persistent config"
    else:
        what = "live state"
    shell.output.say(f"Updated node device {device.name} {what}")


@command()
async def nodedev_detach(
    shell: Shell,
    *,
    device: NamedDevice,
    driver: Annotated[str | None, Say("driver that takes it over", unwanted_positional=True)] = None,
) -> None:
    """take a device from its driver on the host, so that a guest can have it"""
    with failing(f"Failed to detach device {shell.given['device']}"):
        await (device.dettach() if driver is None else device.detach_flags(driver))
    shell.output.done(f"Device {shell.given['device']} detached")


@command()
async def nodedev_reattach(shell: Shell, *, device: NamedDevice) -> None:
    """give a device back to its driver on the host"""
    with failing(f"Failed to re-attach device {shell.given['device']}"):
        await device.re_attach()
    shell.output.done(f"Device {shell.given['device']} re-attached")


@command()
async def nodedev_reset(shell: Shell, *, device: NamedDevice) -> None:
    """reset a device"""
    with failing(f"Failed to reset device {shell.given['device']}"):
        await device.reset()
    shell.output.done(f"Device {shell.given['device']} reset")


@command()
async def nodedev_dumpxml(
    shell: Shell,
    *,
    device: Device,
    inactive: Annotated[bool, Say("as it is defined")] = False,
    xpath: Xpath = None,
    wrap: Wrap = False,
) -> None:
    """print the description of a device"""
    print_xml(shell.output, await device.xml_desc(flags(NodeDeviceXMLFlags, INACTIVE=inactive)), xpath, wrap)


@command()
async def nodedev_list(
    shell: Shell,
    *,
    tree: Annotated[bool, Say("draw which hangs on which")] = False,
    cap: Annotated[
        str | None, Say("what they can be, with commas", unwanted_positional=True, complete="nodedev-cap")
    ] = None,
    inactive: Annotated[bool, Say("those that are only defined")] = False,
    all: Annotated[bool, Say("those that are there and those that are only defined")] = False,
    persistent: Annotated[bool, Say("those with a definition that stays")] = False,
    transient: Annotated[bool, Say("those without a definition that stays")] = False,
) -> None:
    """list devices of the host"""
    if all and inactive:
        raise CommandFailed("Option --all is incompatible with --inactive")
    if transient and (persistent or inactive):
        raise CommandFailed("Option --transient is incompatible with --persistent and --inactive")
    if tree and (cap is not None or inactive or persistent or transient):
        raise CommandFailed("Option --tree is incompatible with --cap, --inactive, --persistent and --transient")
    chosen = flags(
        ConnectListAllNodeDeviceFlags,
        INACTIVE=inactive or all,
        ACTIVE=not inactive,
        PERSISTENT=persistent,
        TRANSIENT=transient,
    )
    for word in split_commas(cap) if cap else []:
        if word not in CAPABILITIES:
            raise CommandFailed("Invalid capability type")
        chosen |= ConnectListAllNodeDeviceFlags[f"CAP_{CAPABILITIES[word]}"]
    with failing("Failed to list node devices"):
        devices = sorted(await shell.conn.list_all_devices(chosen), key=lambda device: device.name)
    if tree:
        parents = {device.name: None if device.name == "computer" else await device.parent() for device in devices}
        shell.output.write(draw(parents))
        return
    shell.output.names(device.name for device in devices)
