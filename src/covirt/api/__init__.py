# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every call, event, flag and parameter name of the API, declared once.

Nothing here does anything: drivers answer the calls, clients make them, the wire carries them, and all of them read
these declarations. `call.py` and `event.py` tell how to declare, `handles.py` has the objects that calls are about;
the other modules are the themes, listed in `catalogue.py`. A driver author begins with `binding.py`.
"""
