# SPDX-License-Identifier: LGPL-2.1-or-later
"""The files in which a kernel would describe an invented machine."""

from __future__ import annotations

from pathlib import Path

MODEL = "Covirt Virtual Processor"


def write_machine(directory: Path, *, cpus: int, memory: int) -> tuple[Path, Path]:
    """Write the files of a machine with one node; gives its /sys/devices/system and /proc."""
    system, proc = directory / "system", directory / "proc"
    everyone = f"0-{cpus - 1}" if cpus > 1 else "0"
    files = {
        system / "cpu/present": everyone,
        system / "cpu/online": everyone,
        system / "node/node0/cpulist": everyone,
        system / "node/node0/distance": "10",
        system / "node/node0/meminfo": _meminfo(memory, "Node 0 "),
        proc / "meminfo": _meminfo(memory) + "Buffers: 0 kB\nCached: 0 kB\n",
        proc / "cpuinfo": "\n".join(_cpuinfo(cpu) for cpu in range(cpus)),
        proc / "stat": "".join(f"{name} 100 0 50 1000 5 0 0 0 0 0\n" for name in ["cpu", *_names(cpus)]),
        proc / "mounts": "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n",
        proc / "self/cgroup": "0::/\n",
        proc / "cgroups": "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t0\t1\t1\nmemory\t0\t1\t1\n",
    }
    for cpu in range(cpus):
        topology = system / f"cpu/cpu{cpu}/topology"
        files |= {
            topology / "physical_package_id": "0",
            topology / "core_id": str(cpu),
            topology / "thread_siblings_list": str(cpu),
            system / f"node/node0/cpu{cpu}/online": "1",
        }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if text.endswith("\n") else f"{text}\n")
    return system, proc


def _meminfo(memory: int, prefix: str = "") -> str:
    return f"{prefix}MemTotal: {memory} kB\n{prefix}MemFree: {memory // 2} kB\n"


def _cpuinfo(cpu: int) -> str:
    return (
        f"processor\t: {cpu}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 61\nmodel name\t: {MODEL}\n"
        f"stepping\t: 2\ncpu MHz\t\t: 2000.000\nflags\t\t: fpu vmx\naddress sizes\t: 40 bits physical\n"
    )


def _names(cpus: int) -> list[str]:
    return [f"cpu{cpu}" for cpu in range(cpus)]
