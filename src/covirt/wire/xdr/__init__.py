# SPDX-License-Identifier: LGPL-2.1-or-later
"""XDR (RFC 4506): `types` describes layouts, `decode` and `encode` write functions for them, `plan` keeps both.

Begin with `plan`: `Plan(Struct("point", (Field("x", INT), Field("y", INT))))`.
"""
