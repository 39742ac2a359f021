# SPDX-License-Identifier: LGPL-2.1-or-later
"""The conformance corpus and its runner: recorded inputs, the results users rely on, and how close covirt comes.

The frame (`manifest`, `runner`, `compare`, `report`) knows no suite; `suites` has one module per family of suites, and
`environment` is the simulated machine that the corpus was recorded on. Begin with `python -m covirt.testing.corpus`.
"""
