# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests on disk: saved, restored, dumped."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.access import when
from covirt.api.call import Calls, Job, exclusive
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Connect, Domain
from covirt.api.layout import Max, Width
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainSaveRestoreFlags(Flags, prefix="VIR_DOMAIN_SAVE_"):
    """How to save and restore."""

    BYPASS_CACHE = 1
    RUNNING = 1 << 1
    PAUSED = 1 << 2
    RESET_NVRAM = 1 << 3


class DomainSaveImageXMLFlags(Flags, prefix="VIR_DOMAIN_SAVE_IMAGE_XML_"):
    """What the description in a saved file holds."""

    SECURE = 1


class DomainCoreDumpFlags(Flags, prefix="VIR_DUMP_"):
    """How to dump a guest."""

    CRASH = 1
    LIVE = 1 << 1
    BYPASS_CACHE = 1 << 2
    RESET = 1 << 3
    MEMORY_ONLY = 1 << 4


class DomainCoreDumpFormat(Number, prefix="VIR_DOMAIN_CORE_DUMP_FORMAT_"):
    """The form of a dump."""

    RAW = 0
    KDUMP_ZLIB = 1
    KDUMP_LZO = 2
    KDUMP_SNAPPY = 3
    WIN_DMP = 4


class DomainSaveParam(ParamName, prefix="VIR_DOMAIN_SAVE_PARAM_"):
    """How to save and restore."""

    DXML = "dxml", ParamType.STRING
    FILE = "file", ParamType.STRING
    IMAGE_FORMAT = "image_format", ParamType.STRING
    PARALLEL_CHANNELS = "parallel.channels", ParamType.INT


@call(55, "virDomainSave", acl="domain:hibernate", since="0.0.3")
def save(dom: Domain, to: str) -> None:
    """Write the guest's memory to a file and stop it."""


@call(
    232,
    "virDomainSaveFlags",
    acl="domain:hibernate",
    rules=(exclusive(DomainSaveRestoreFlags.RUNNING, DomainSaveRestoreFlags.PAUSED),),
    since="0.9.4",
)
def save_flags(dom: Domain, to: str, dxml: str | None, flags: DomainSaveRestoreFlags) -> None:
    """Write the guest's memory to a file and stop it, perhaps with another description inside."""


@call(
    440,
    "virDomainSaveParams",
    acl="domain:hibernate",
    rules=(exclusive(DomainSaveRestoreFlags.RUNNING, DomainSaveRestoreFlags.PAUSED),),
    since="8.4.0",
)
def save_params(
    dom: Domain, params: Annotated[TypedParams, Max(limits.DOMAIN_SAVE_PARAMS)], flags: DomainSaveRestoreFlags
) -> None:
    """Write the guest's memory to a file as the parameters say."""


@call(54, "virDomainRestore", acl=("domain:start", "domain:write"), since="0.0.3")
def restore(conn: Connect, from_file: str) -> None:
    """Start a guest from such a file."""


@call(
    233,
    "virDomainRestoreFlags",
    acl=("domain:start", "domain:write"),
    rules=(exclusive(DomainSaveRestoreFlags.RUNNING, DomainSaveRestoreFlags.PAUSED),),
    since="0.9.4",
)
def restore_flags(conn: Connect, from_file: str, dxml: str | None, flags: DomainSaveRestoreFlags) -> None:
    """Start a guest from such a file, perhaps with another description."""


@call(
    441,
    "virDomainRestoreParams",
    acl=("domain:start", "domain:write"),
    rules=(exclusive(DomainSaveRestoreFlags.RUNNING, DomainSaveRestoreFlags.PAUSED),),
    since="8.4.0",
)
def restore_params(
    conn: Connect, params: Annotated[TypedParams, Max(limits.DOMAIN_SAVE_PARAMS)], flags: DomainSaveRestoreFlags
) -> None:
    """Start a guest from such a file as the parameters say."""


@call(235, "virDomainSaveImageGetXMLDesc", acl="domain:write", high=True, since="0.9.4")
def save_image_get_xml_desc(conn: Connect, file: str, flags: DomainSaveImageXMLFlags) -> str:
    """Get the description inside such a file."""


@call(
    236,
    "virDomainSaveImageDefineXML",
    acl=("domain:write", "domain:hibernate"),
    high=True,
    rules=(exclusive(DomainSaveRestoreFlags.RUNNING, DomainSaveRestoreFlags.PAUSED),),
    since="0.9.4",
)
def save_image_define_xml(conn: Connect, file: str, dxml: str, flags: DomainSaveRestoreFlags) -> None:
    """Change the description inside such a file."""


@call(
    182,
    "virDomainManagedSave",
    acl="domain:hibernate",
    rules=(exclusive(DomainSaveRestoreFlags.RUNNING, DomainSaveRestoreFlags.PAUSED),),
    since="0.8.0",
)
def managed_save(dom: Domain, flags: DomainSaveRestoreFlags) -> None:
    """Save the guest where its next start finds it, and stop it."""


@call(183, "virDomainHasManagedSaveImage", acl="domain:read", since="0.8.0")
def has_managed_save_image(dom: Domain, flags: NoFlags) -> bool:
    """Tell whether the next start will go on from a saved state."""


@call(184, "virDomainManagedSaveRemove", acl="domain:hibernate", job=Job.MODIFY, since="0.8.0")
def managed_save_remove(dom: Domain, flags: NoFlags) -> None:
    """Forget the saved state, so that the next start boots."""


@call(
    388,
    "virDomainManagedSaveGetXMLDesc",
    acl=("domain:read", when("domain:read_secure", all_set=DomainSaveImageXMLFlags.SECURE)),
    since="3.7.0",
)
def managed_save_get_xml_desc(dom: Domain, flags: DomainSaveImageXMLFlags) -> str:
    """Get the description inside the managed saved state."""


@call(
    389,
    "virDomainManagedSaveDefineXML",
    acl=("domain:write", "domain:hibernate"),
    job=Job.MODIFY,
    rules=(exclusive(DomainSaveRestoreFlags.RUNNING, DomainSaveRestoreFlags.PAUSED),),
    since="3.7.0",
)
def managed_save_define_xml(dom: Domain, dxml: str | None, flags: DomainSaveRestoreFlags) -> None:
    """Change the description inside the managed saved state."""


@call(
    53,
    "virDomainCoreDump",
    acl="domain:core_dump",
    rules=(
        exclusive(DomainCoreDumpFlags.CRASH, DomainCoreDumpFlags.LIVE),
        exclusive(DomainCoreDumpFlags.CRASH, DomainCoreDumpFlags.RESET),
        exclusive(DomainCoreDumpFlags.LIVE, DomainCoreDumpFlags.RESET),
    ),
    since="0.1.9",
)
def core_dump(dom: Domain, to: str, flags: DomainCoreDumpFlags) -> None:
    """Write the guest's memory to a file for a debugger."""


@call(
    334,
    "virDomainCoreDumpWithFormat",
    acl="domain:core_dump",
    rules=(
        exclusive(DomainCoreDumpFlags.CRASH, DomainCoreDumpFlags.LIVE),
        exclusive(DomainCoreDumpFlags.CRASH, DomainCoreDumpFlags.RESET),
        exclusive(DomainCoreDumpFlags.LIVE, DomainCoreDumpFlags.RESET),
    ),
    since="1.2.3",
)
def core_dump_with_format(
    dom: Domain, to: str, dumpformat: Annotated[DomainCoreDumpFormat, Width.UINT], flags: DomainCoreDumpFlags
) -> None:
    """Write the guest's memory to a file in a chosen format."""
