# SPDX-License-Identifier: LGPL-2.1-or-later
"""Write all text that is derived from declarations, or with `--check` say what is stale.

The results are kept in the tree, so that editors, search and type checkers see them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from generators import face, objects, reference, support

ROOT = Path(__file__).resolve().parent.parent
GENERATORS = (objects, face, reference, support)


def main() -> int:
    """Generate or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if something is stale")
    check = parser.parse_args().check
    wanted = {ROOT / path: text for generator in GENERATORS for path, text in generator.generate().items()}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != formatted(path, text)]
    for path in stale:
        print(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(formatted(path, wanted[path]))
    left_over = [path for path in (ROOT / reference.FOLDER).glob("**/*.md") if path not in wanted]
    for path in left_over:
        print(f"left over: {path.relative_to(ROOT)}")
        if not check:
            path.unlink()
    return 1 if check and (stale or left_over) else 0


def formatted(path: Path, text: str) -> str:
    """The text as our formatter would have it."""
    if path.suffix != ".py":
        return text
    for command in (["check", "--select=I", "--fix", "--exit-zero"], ["format"]):
        argv = [sys.executable, "-m", "ruff", *command, "--quiet", "--stdin-filename", str(path), "-"]
        text = subprocess.run(argv, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return text


if __name__ == "__main__":
    sys.exit(main())
