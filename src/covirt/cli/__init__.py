# SPDX-License-Identifier: LGPL-2.1-or-later
"""The shell `covirt`: virsh's commands, options and output, and what goes beyond.

A command is declared once, as a typed function in `commands/`; parsing, help and completion follow from its signature.
Begin with `option` and `command` (the vocabulary), then `parse` and `shell`.
"""
