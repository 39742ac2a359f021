# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks documents without a daemon: everything that is wrong with them at once, each with its place and a hint.

`lint` takes a text; `domain` goes beyond the text to what completing and checking a guest finds; `emulators` knows what
QEMU on this host can do.
"""

from covirt.lint.documents import lint as lint
from covirt.lint.emulators import Emulators as Emulators
from covirt.lint.emulators import qemu_of_this_host as qemu_of_this_host
from covirt.lint.findings import Finding as Finding
from covirt.lint.findings import Severity as Severity
