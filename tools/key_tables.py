# SPDX-License-Identifier: LGPL-2.1-or-later
"""Write the table of `covirt.keycodes` from the keycode map database: `python tools/key_tables.py keymaps.csv`.

The database is https://gitlab.com/keycodemap/keycodemapdb, file data/keymaps.csv. It has several rows for some keys;
the last one that tells a code or a name counts.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "src/covirt/keycodes.json"
NAMES = {"linux_name": 0, "os_x_name": 2, "win32_name": 8}
CODES = {"os_x": 3, "atset1": 4, "atset2": 5, "atset3": 6, "usb": 7, "win32": 9}


def main() -> None:
    """One line per key, by its Linux number."""
    keys: dict[int, dict[str, int | str]] = {}
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        for row in list(csv.reader(file))[1:]:
            key = keys.setdefault(int(row[1], 0), {"linux": int(row[1], 0)})
            key |= {name: row[column] for name, column in NAMES.items() if row[column]}
            key |= {name: int(row[column], 0) for name, column in CODES.items() if row[column]}
    lines = ",\n".join(" " + json.dumps(keys[number]) for number in sorted(keys))
    TABLE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
