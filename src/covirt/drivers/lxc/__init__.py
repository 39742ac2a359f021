# SPDX-License-Identifier: LGPL-2.1-or-later
"""The driver of Linux containers.

`controller/` is the helper process that each container has, `nursery.py` is where it comes from, `native.py` reads
lxc-tools' configurations, `driver.py` is where to begin.
"""
