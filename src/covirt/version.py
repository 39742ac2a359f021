# SPDX-License-Identifier: LGPL-2.1-or-later
"""The version of libvirt whose interface we have."""

LIBVIRT_VERSION = 11_003_000
"""As major * 1,000,000 + minor * 1,000 + release."""
