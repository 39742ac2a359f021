# SPDX-License-Identifier: LGPL-2.1-or-later
"""What keeps a daemon alive: tasks, processes, jobs, undo, durable files, events, settings, logs, directories.

Nothing here knows a hypervisor, a document or a call of the API. Each module stands alone, so that a small helper
process can import one of them without the others. Begin with `process` and `jobs`.
"""
