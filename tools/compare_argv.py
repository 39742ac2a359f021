# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds QEMU's command lines of covirt against those of an installed libvirt, option by option, on this machine's QEMU.

    python tools/compare_argv.py [FILE...]       # default: examples/devices/*.xml; needs root, libvirtd and virsh

What differs is printed side by side; what a newer libvirt does on purpose otherwise is explained (`EXPLANATIONS`), and
exits 0 when nothing unexplained is left.
"""

from __future__ import annotations

import difflib
import json
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from covirt.testing.private_libvirtd import installed, private_libvirtd

LIBRARY = "/var/lib/libvirt/qemu"
ROOT = Path(__file__).resolve().parent.parent

EXPLANATIONS: dict[str, str] = {
    r"^-m ": "libvirt 11 tells the memory in KiB, and with its name",
    r"^-smp ": "libvirt 11 tells clusters when this QEMU knows them",
    r"^-global ICH9-LPC.noreboot": "libvirt 11 switches the watchdog of the chipset on or off",
    r"channel0,path=": "libvirt 11 keeps sockets of channels among those of the run, not in the library directory",
    r"id=chrtpm": "libvirt 9 writes a placeholder for the TPM where nothing is started",
}
"""A regular expression that finds a differing option, and why libvirt 11.3 has it so and libvirt 9.0 otherwise."""


def main() -> int:
    """Compare all files; the exit status is 1 when something is not explained."""
    if not installed():
        print("libvirtd is not installed, or namespaces cannot be had", file=sys.stderr)
        return 2
    files = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "examples" / "devices").glob("*.xml"))
    unexplained = 0
    with private_libvirtd() as run, tempfile.TemporaryDirectory() as root:
        theirs_uri = f"qemu+unix:///system?socket={run}/libvirt-sock"
        ours_uri = f"qemu:///embed?root={root}"
        for file in files:
            theirs = options(native(["virsh", "-c", theirs_uri], file))
            ours = options(
                native([str(Path(sys.executable).with_name("covirt")), "-c", ours_uri], file).replace(
                    f"{root}/lib/qemu", LIBRARY
                )
            )
            unexplained += show(file.name, theirs, ours)
    return 1 if unexplained else 0


def native(shell: list[str], file: Path) -> str:
    """The command line that a shell tells for a document."""
    argv = [*shell, "domxml-to-native", "qemu-argv", "--xml", str(file)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{shlex.join(argv)}: {done.stderr}")
    return done.stdout


def options(command: str) -> list[str]:
    """The options with their values, JSON with sorted keys, numbers of guests and times taken out."""
    words = shlex.split(command)
    lines: list[str] = []
    for word in words:
        if word.startswith("-") or not lines or not lines[-1].startswith("-"):
            lines.append(word)
        else:
            lines[-1] += " " + _plain(word)
    return [line for line in lines if not re.match(r"[A-Z_]+=", line)]


def _plain(value: str) -> str:
    value = re.sub(r"(domain-)?(-?\d+)-(?=[a-z]*-devices)", "domain-N-", value)
    value = re.sub(r'"fd":"\d+"', '"fd":"N"', value)
    try:
        return json.dumps(json.loads(value), sort_keys=True)
    except ValueError:
        return value


def show(name: str, theirs: list[str], ours: list[str]) -> int:
    """Print the differences side by side; returns how many are not explained."""
    unexplained = same = 0
    print(f"== {name}")
    for tag, t0, t1, o0, o1 in difflib.SequenceMatcher(a=theirs, b=ours, autojunk=False).get_opcodes():
        if tag == "equal":
            same += t1 - t0
            continue
        differing = theirs[t0:t1] + ours[o0:o1]
        why = {text for line in differing for text in [explanation(line)]}
        for line in theirs[t0:t1]:
            print(f"  libvirt  {line}")
        for line in ours[o0:o1]:
            print(f"  covirt   {line}")
        for text in sorted(text or "NOT EXPLAINED" for text in why):
            print(f"           ({text})")
        unexplained += None in why
    print(f"   {same} options agree, {unexplained} differences are not explained")
    return unexplained


def explanation(line: str) -> str | None:
    """Why an option differs, if it is known."""
    return next((why for pattern, why in EXPLANATIONS.items() if re.search(pattern, line)), None)


if __name__ == "__main__":
    sys.exit(main())
