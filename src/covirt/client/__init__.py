# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client: typed objects whose methods are the calls of the API, whatever carries them.

`objects_generated.py` has the classes that people use; `objects.py` is what they stand on; `channel.py` says what
carries calls: `embedded.py` to drivers inside this process, others to a daemon. Begin with `open.py`.
"""
