# SPDX-License-Identifier: LGPL-2.1-or-later
"""Recorded sessions of the shell: its words, options and output, against the test driver."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from covirt.testing.corpus.manifest import Case

PLACES = {
    "<testnode.xml>": "support/examples/xml/test/testnode.xml",
    "<virshtestdata>": "virsh/virshtestdata",
}


async def run(case: Case) -> object:
    """Run the shell as a program of its own and give what it printed."""
    _program, *words = case.options["argv"]
    with ExitStack() as stack:
        replacements = {name: str(case.root / place) for name, place in PLACES.items()}
        if case.has("script"):
            replacements["<script>"] = case.text("script")
        if "pipe" in case.options:
            replacements["<pipe>"] = stack.enter_context(document_behind_blanks(case))
        arguments = [replaced(word, replacements) for word in words]
        environment = {name: replaced(value, replacements) for name, value in case.options.get("env", {}).items()}
        status, printed = await shell(arguments, environment, case.root / "virsh")
    if cut := case.options.get("drop_text_from"):
        printed = re.sub(re.escape(cut) + "[^\n]*", "", printed)
    return printed if status == 0 else f"{printed}\n## Exit code: {status}\n"


def replaced(text: str, replacements: dict[str, str]) -> str:
    """The text with its placeholders filled in."""
    for name, value in replacements.items():
        text = text.replace(name, value)
    return text


async def shell(arguments: list[str], environment: dict[str, str], directory: Path) -> tuple[int, str]:
    """Exit status and output, both streams in one."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "covirt.cli.main", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **environment},
        cwd=directory,
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


@contextmanager
def document_behind_blanks(case: Case) -> Iterator[str]:
    """A file with the document of the case behind so many blanks that no pipe holds them at once."""
    count = int(str(case.options["pipe"]).split()[0])
    with tempfile.NamedTemporaryFile("w", prefix="libvirt_virshtest") as file:
        file.write(" " * count + str(case.inline["document"]))
        file.flush()
        yield file.name
