# SPDX-License-Identifier: LGPL-2.1-or-later
"""What must hold before a change goes in: conformance corpus, then pytest with linters and types among the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run both; the corpus only reports, its floors are tests."""
    arguments = sys.argv[1:]
    if not arguments and corpus_directory().is_dir():
        subprocess.run([sys.executable, "-m", "covirt.testing.corpus"], cwd=ROOT, check=True)
    return subprocess.run([sys.executable, "-m", "pytest", *workers(), *arguments], cwd=ROOT).returncode


def corpus_directory() -> Path:
    """The conformance corpus: in `$COVIRT_SHARED`, or in `shared` beside the checkout."""
    return Path(os.environ.get("COVIRT_SHARED") or ROOT.parent / "shared") / "corpus"


def workers() -> list[str]:
    """As many pytest processes as processors; tests of one group, as the live ones, stay in one process."""
    return ["-n", str(min(os.cpu_count() or 1, 8)), "--dist", "loadgroup"]


if __name__ == "__main__":
    sys.exit(main())
