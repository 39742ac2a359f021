# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rates of the wire, side by side in one run: `python bench/rpc.py`.

The same C client (libvirt's Python module, of /usr/bin/python3) asks covirtd and a real libvirtd by turns; then our
client and that one ask the same libvirtd. Both daemons serve the test driver, or with `--scripted` ours a stand-in.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from covirt.client.connection import Options, open_remote
from covirt.client.objects_generated import Connection
from covirt.runtime.loop import run
from covirt.testing.private_libvirtd import private_libvirtd
from covirt.uri import Uri

PYTHON = "/usr/bin/python3"
ROUNDS = 5

C_CLIENT = r"""
import json, multiprocessing, sys, time, libvirt
uri, what, count = sys.argv[1], sys.argv[2], int(sys.argv[3])

def sequential(count):
    conn = libvirt.open(uri)
    dom = conn.listAllDomains()[0]
    start = time.perf_counter()
    for _ in range(count):
        dom.isActive()
    return count / (time.perf_counter() - start)

def listing(count):
    conn = libvirt.open(uri)
    start = time.perf_counter()
    for _ in range(count):
        conn.listAllDomains()
    return count / (time.perf_counter() - start)

def list_and_info(count):
    conn = libvirt.open(uri)
    start = time.perf_counter()
    for _ in range(count):
        for dom in conn.listAllDomains():
            dom.info()
    return count / (time.perf_counter() - start)

def eight(count):
    with multiprocessing.Pool(8) as pool:
        start = time.perf_counter()
        pool.map(sequential, [count] * 8)
        return 8 * count / (time.perf_counter() - start)

print({"sequential": sequential, "listing": listing, "list_and_info": list_and_info, "eight": eight}[what](count))
"""


def by_c_client(uri: str, what: str, count: int) -> float:
    """A rate as libvirt's own client finds it."""
    found = subprocess.run([PYTHON, "-c", C_CLIENT, uri, what, str(count)], check=True, capture_output=True, text=True)
    return float(found.stdout)


@contextmanager
def covirtd(module: str) -> Iterator[Path]:
    """Run covirtd and give the directory of its sockets."""
    with tempfile.TemporaryDirectory(prefix="covirtd-") as name:
        root = Path(name)
        config = root / "etc" / "libvirt"
        config.mkdir(parents=True)
        (config / "libvirtd.conf").write_text('auth_unix_rw = "none"\nauth_unix_ro = "none"\n')
        code = f"{module}; import sys; from covirt.daemon.__main__ import main; sys.exit(main(['--root', {name!r}]))"
        process = subprocess.Popen([sys.executable, "-c", code])
        sock = root / "run" / "libvirt" / "libvirt-sock"
        while not sock.exists():
            if process.poll() is not None:
                raise RuntimeError("covirtd does not start")
            time.sleep(0.05)
        try:
            yield sock
        finally:
            process.terminate()
            process.wait()


def compare(ours: str, theirs: str, what: str, count: int) -> dict[str, float]:
    """The best of some rounds by turns, and their ratio."""
    rates: dict[str, list[float]] = {"covirtd": [], "libvirtd": []}
    for _ in range(ROUNDS):
        rates["covirtd"].append(by_c_client(ours, what, count))
        rates["libvirtd"].append(by_c_client(theirs, what, count))
    best = {name: max(found) for name, found in rates.items()}
    return {**best, "ratio": best["covirtd"] / best["libvirtd"]}


async def by_our_client(uri: str, what: str, count: int) -> float:
    """A rate as our client finds it."""
    channel = await open_remote(Uri.parse(uri), Options(keepalive=None))
    conn = Connection(channel)
    doms = await conn.list_all_domains()
    start = time.perf_counter()
    for _ in range(count):
        if what == "sequential":
            await doms[0].is_active()
        else:
            await asyncio.gather(*(dom.info() for dom in await conn.list_all_domains()))
    taken = time.perf_counter() - start
    await channel.close()
    return count / taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--domains", type=int, default=1000)
    parser.add_argument("--scripted", action="store_true", help="the scripted driver stands in for the test driver")
    options = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name, private_libvirtd() as directory:
        node = Path(name) / "node.xml"
        domain = "<domain type='test'><name>{}</name><memory>1024</memory><os><type>hvm</type></os></domain>"
        node.write_text(f"<node>{''.join(domain.format(f'guest{at}') for at in range(options.domains))}</node>")
        theirs = f"test+unix://{node}?socket={directory / 'libvirt-sock'}"
        module = "from covirt.testing import scripted_driver; scripted_driver.install()" if options.scripted else "pass"
        with covirtd(module) as sock:
            path = "/default" if options.scripted else str(node)
            ours = f"test+unix://{path}?socket={sock}" + (f"&guests={options.domains}" if options.scripted else "")
            for what, count in (("sequential", 5000), ("listing", 30)):
                found[f"daemons, {what}"] = compare(ours, theirs, what, count)
            shared = [f"test+unix:///default?socket={path}" for path in (sock, directory / "libvirt-sock")]
            found["daemons, eight"] = compare(*shared, "eight", 2000)
        for what, their_what, count in (("sequential", "sequential", 5000), ("list + info", "list_and_info", 3)):
            mine = max(run(by_our_client(theirs, what, count)) for _ in range(ROUNDS))
            other = max(by_c_client(theirs, their_what, count) for _ in range(ROUNDS))
            found[f"clients, {what}"] = {"covirt": mine, "libvirt-python": other, "ratio": mine / other}
    for name_, rates in found.items():
        print(f"{name_}: " + ", ".join(f"{key} {value:.2f}" for key, value in rates.items()))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
