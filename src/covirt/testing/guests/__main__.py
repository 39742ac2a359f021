# SPDX-License-Identifier: LGPL-2.1-or-later
"""`python -m covirt.testing.guests rom|linux`: make a guest and print where its files are."""

from __future__ import annotations

import argparse

from covirt.testing.guests.linux import linux_guest
from covirt.testing.guests.rom import rom_guest


def main() -> None:
    """Make the guest that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m covirt.testing.guests", description=__doc__)
    parser.add_argument("guest", choices=["rom", "linux"])
    if parser.parse_args().guest == "rom":
        print(f"loader={rom_guest()}")
    else:
        guest = linux_guest()
        print(f"kernel={guest.kernel}\ninitrd={guest.initramfs}\ncmdline={guest.command_line}")


if __name__ == "__main__":
    main()
