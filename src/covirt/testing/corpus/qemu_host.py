# SPDX-License-Identifier: LGPL-2.1-or-later
"""The simulated host of the QEMU suites: emulator, settings, PCI bus, files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from covirt.drivers.qemu.capabilities import EmulatorCapabilities, from_xml
from covirt.drivers.qemu.capabilities.domain_caps import HostSupport
from covirt.drivers.qemu.capabilities.emulator import GicVersion
from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.defaults.completion import QemuCompletion
from covirt.drivers.qemu.document import Reader, completing
from covirt.drivers.qemu.firmware.choose import USUAL_PAIRS, FirmwareChoice
from covirt.drivers.qemu.firmware.description import Firmware
from covirt.drivers.qemu.firmware.search import description_files, directories, read_descriptions
from covirt.drivers.qemu.settings import QemuSettings
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.roots import Roots
from covirt.testing.corpus.environment import PROCESS_ENVIRONMENT, Environment, random_bytes
from covirt.testing.corpus.fake_pci import FakePci
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.qemu_settings import settings_of
from covirt.xml import Context

_GIC = {
    "v2": (GicVersion(version=2, kernel=True, emulated=True),),
    "v3": (GicVersion(version=3, kernel=True, emulated=True),),
    "both": (GicVersion(version=2, kernel=True, emulated=True), GicVersion(version=3, kernel=True, emulated=True)),
}


class QemuHost:
    """The host as one case describes it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.environment = Environment(case.root)
        self.caps = self._capabilities()
        self.settings = settings_of(QemuSettings(), case.options.get("driver_config", {}))
        self.pci = FakePci(self.environment)
        channels = Path(self.environment.qemu_settings["channelTargetDir"])
        self.roots = replace(Roots.system().qemu, channel_target=channels)
        new = "abi_update" in case.options.get("parse_flags", ())
        self._context = Context.ABI_UPDATE if new else Context.NONE
        self._data = case.root / "qemuxmlconf" / "qemuxmlconfdata"

    def _capabilities(self) -> EmulatorCapabilities:
        options = self.case.options
        told = options["caps"]
        caps = from_xml((self.case.root / told["file"]).read_text(encoding="utf-8"))
        caps = replace(caps, binary=f"/usr/bin/qemu-system-{told['arch']}")
        if (gic := options.get("gic", "none")) != "none":
            # "none" adds nothing to what the file says.
            caps = replace(caps, gic=_GIC[gic])
        caps = caps.changed(add=frozenset(options.get("caps_add", ())), remove=frozenset(options.get("caps_del", ())))
        return caps.without_machine_aliases() if told.get("strip_machine_aliases") else caps

    def _firmware(self) -> list[Firmware]:
        redirections = self.environment.redirections("qemuxmlconf")
        system = directories(privileged=True, config_home=Path("/home/user/.config"))
        return read_descriptions(
            description_files([self.environment.replace_paths(str(p), redirections) for p in system])
        )

    def define(self, context: Context = Context.INACTIVE) -> DomainDefinition:
        """Read, complete and check the case's document, as a new definition or as that of a running guest."""
        self._context |= context
        reader = Reader(self._completion(), completing(self._context, random_bytes, "none"))
        missing = self.case.options.get("missing_input")
        return reader.define_file(self.case.path("xml") if missing is None else self._data / missing)

    def _completion(self) -> QemuCompletion:
        return QemuCompletion(self._circumstances(), self.pci, FirmwareChoice(self._firmware(), USUAL_PAIRS))

    def choose_firmware_again(self, guest: DomainDefinition) -> None:
        """As a start does: when there is none any more, it tells."""
        FirmwareChoice(self._firmware(), USUAL_PAIRS).choose(guest, self._circumstances())

    def _circumstances(self) -> Circumstances:
        options = self.case.options
        return Circumstances(
            caps=self.caps,
            settings=self.settings,
            roots=self.roots,
            host_arch=options.get("host_arch", "x86_64"),
            context=self._context,
            abi_update=bool(self._context & Context.ABI_UPDATE),
            host=self._support(),
            environment={**PROCESS_ENVIRONMENT, **options.get("env", {})},
        )

    def _support(self) -> HostSupport:
        """The fake host's address size and programs: swtpm with both versions of TPMs unless told, and qemu-rdp."""
        told = self.case.options.get("env", {}).get("VIR_TEST_MOCK_FAKE_TPM_VERSION")
        versions = frozenset({"1.2", "2.0"}) if told is None else frozenset({told})
        arch = self.case.options.get("host_arch", "x86_64")
        bits = 0 if arch == "s390x" else 64
        return HostSupport(arch=arch, address_bits=bits, tpm_versions=versions, rdp=True)

    def stored(self) -> str:
        """The document as it is kept."""
        return self.define().format(Context.SECURE)
