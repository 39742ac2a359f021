# SPDX-License-Identifier: LGPL-2.1-or-later
"""The processors of a machine, from copies of its files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from covirt.host.cpus import ALL_CPUS, Cpus
from covirt.testing.corpus.compare import CannotRun
from covirt.testing.corpus.manifest import Case

THREADS_PER_SUBCORE = 8
"""What KVM on the simulated POWER machine answers."""


def run(case: Case) -> object:
    """Carry out one case."""
    with tempfile.TemporaryDirectory() as directory:
        proc = Path(directory)
        for role in ("cpuinfo", "stat"):
            if case.has(role):
                (proc / role).symlink_to(case.path(role))
        arch = str(case.options.get("arch", "x86_64"))
        system = case.path("sysfs") if case.has("sysfs") else proc
        subcore = THREADS_PER_SUBCORE if arch.startswith("ppc64") else 0
        cpus = Cpus(system, proc, arch, threads_per_subcore=subcore)
        match case.kind:
            case "host-cpu":
                return _summary(cpus)
            case "host-cpu-signature":
                return cpus.signature()
            case "cpu-stats":
                return _times(cpus, int(case.options["ncpus"]), int(case.options["clock_ticks"]))
    raise CannotRun(f"{case.kind} is not there")


def _summary(cpus: Cpus) -> str:
    shape = cpus.summary()
    most = shape.nodes * shape.sockets * shape.cores * shape.threads
    return (
        f"CPUs: {shape.cpus}/{most}, MHz: {shape.mhz}, Nodes: {shape.nodes}, "
        f"Sockets: {shape.sockets}, Cores: {shape.cores}, Threads: {shape.threads}\n"
    )


def _times(cpus: Cpus, count: int, ticks: int) -> str:
    tick = 1_000_000_000 // ticks
    parts = []
    for cpu in [ALL_CPUS, *range(count)]:
        times = cpus.times(cpu)
        name = "cpu" if cpu == ALL_CPUS else f"cpu{cpu}"
        values = {"kernel": times.kernel, "user": times.user, "idle": times.idle, "iowait": times.iowait}
        parts.append(f"{name}:\n" + "".join(f"{key}: {value // tick}\n" for key, value in values.items()) + "\n")
    return "".join(parts)
