# SPDX-License-Identifier: LGPL-2.1-or-later
"""Processor models: which there are, what they consist of, and how hosts and guests compare.

`operations` is what drivers use; each family of architectures answers in a module of its own (x86 in several), from
the tables in `data/` that `tools/cpu_tables.py` writes. Nothing here looks at the machine: the data of a host's
processor come from `covirt.host`.
"""

from covirt.drivers.common.cpu.architecture import Architecture as Architecture
from covirt.drivers.common.cpu.architecture import Comparison as Comparison
from covirt.drivers.common.cpu.architecture import SupportedModels as SupportedModels
from covirt.drivers.common.cpu.operations import architecture as architecture
from covirt.drivers.common.cpu.operations import baseline as baseline
from covirt.drivers.common.cpu.operations import check_forbidden_features as check_forbidden_features
from covirt.drivers.common.cpu.operations import compare as compare
from covirt.drivers.common.cpu.operations import compare_unusable as compare_unusable
from covirt.drivers.common.cpu.operations import expand_features as expand_features
from covirt.drivers.common.cpu.operations import is_known_architecture as is_known_architecture
from covirt.drivers.common.cpu.operations import translate as translate
from covirt.drivers.common.cpu.operations import update as update
from covirt.drivers.common.cpu.operations import update_live as update_live
