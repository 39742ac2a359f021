# SPDX-License-Identifier: LGPL-2.1-or-later
"""Small guests to start in tests and in the quick start.

`rom` is a whole guest in a 64 KiB firmware image that is up in a twentieth of a second; `linux` is Debian's cloud
kernel with a busybox shell. Both are made from source and packages here, without root, and kept in `cache`.
"""
