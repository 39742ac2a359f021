# SPDX-License-Identifier: LGPL-2.1-or-later
"""What one can ask a QEMU or tell it to do: a function for each command, by theme, with typed answers.

The first parameter of each is anything that executes QMP: a `Monitor`, or a recording. What has no function here, or
needs none, is executed by its name.
"""
